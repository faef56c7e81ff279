// What the part publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Every change, once or more: parley.follow.v1.FollowChange, keyed by `<appId>/<userId>` of who follows. */
export const followChangesTopic: Topic = { name: 'follow-changes', partitions: 8, retentionMs: 7 * DAY_MS };

/** One consumer group for each thing that follows. */
export const DEVICES_GROUP = 'follow-devices';
export const DELETED_ACCOUNTS_GROUP = 'follow-deleted-accounts';
