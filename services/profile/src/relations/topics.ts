// What the part publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Every change, once or more: parley.relation.v1.RelationChange. */
export const relationChangesTopic: Topic = {
  name: 'relation-changes',
  partitions: 8,
  retentionMs: 7 * DAY_MS,
};

/** Pairs that may be about to change: parley.relation.v1.PairNotice, keyed by pair. */
export const relationIntentsTopic: Topic = {
  name: 'relation-intents',
  partitions: 8,
  retentionMs: 7 * DAY_MS,
};

export const RELATION_DEVICES_GROUP = 'relation-devices';
export const RELATION_SETTLING_GROUP = 'relation-settling';
export const RELATION_DELETED_ACCOUNTS_GROUP = 'relation-deleted-accounts';
