// What the group service publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Every change, once or more: parley.group.v1.GroupChange, keyed by `<appId>/<groupId>`. */
export const groupChangesTopic: Topic = { name: 'group-changes', partitions: 8, retentionMs: 7 * DAY_MS };

/** One consumer group for each thing that follows from a change, so that none waits for another. */
export const ROOMS_GROUP = 'group-rooms';
export const TIPS_GROUP = 'group-tips';
export const NOTICES_GROUP = 'group-notices';
export const EVENTS_GROUP = 'group-events';
/** What follows from what happens to accounts. */
export const ACCOUNTS_GROUP = 'group-accounts';
