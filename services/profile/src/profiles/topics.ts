// What the part publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Every change, once or more: parley.profile.v1.ProfileChange, keyed by `<appId>/<userId>`. */
export const profileChangesTopic: Topic = { name: 'profile-changes', partitions: 8, retentionMs: 7 * DAY_MS };

/** One consumer group for each thing that follows. */
export const DEVICES_GROUP = 'profile-devices';
export const DELETED_ACCOUNTS_GROUP = 'profile-deleted-accounts';
