// What the message service publishes.
import type { Topic } from '@parley/event-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Every message, once or more: parley.message.v1.MessageRecord, keyed by `<appId>/<conversationId>`.
 * Copies share their number; a record appended HOLE_PENDING_MS after its numbering is none.
 * The number of partitions stands for ever: eight processes may write history at once, and in a single one
 * batches are not too small (docs/adr/0006-hot-path.md).
 */
export const messagesTopic: Topic = { name: 'messages', partitions: 8, retentionMs: 7 * DAY_MS };

/** Consumer group of the history writer: what it has committed can be read from the tables. */
export const HISTORY_GROUP = 'history';
export const DELIVERY_REPAIR_GROUP = 'delivery-repair';
