// What the message service stores.
import { DEDUP_WINDOW_S } from '@parley/kernel';
import { defineTable } from '@parley/table-store';
import { CHANGES_KEPT_S, MENTIONS_KEPT_S } from './domain/limits.js';

/** History. One partition holds MESSAGES_PER_BUCKET numbers. */
export const messages = defineTable({
  name: 'messages',
  partition: { app_id: 'u32', conversation: 'text', bucket: 'u32' },
  clustering: { seq: 'u64' },
  columns: {
    // An encoded parley.message.v1.Message with its counts.
    message: 'bytes',
    // Offset of the log record that brought it.
    log_offset: 'u64',
    // First number of the unbroken run of imports that it belongs to; 0 when it is no import.
    import_run_first: 'u64',
  },
});

/** Which sends are messages: how a retry is recognised when coordination forgot it. */
export const messageIds = defineTable({
  name: 'message_ids',
  partition: { app_id: 'u32', conversation: 'text', dedup_key: 'text' },
  clustering: {},
  columns: { seq: 'u64', time_ms: 'u64', window_s: 'u32' },
  // An hour longer than the longest window: the writer may lag.
  ttlSeconds: DEDUP_WINDOW_S + 3_600,
});

/** The same for imports, which are recognised for ever. */
export const importIds = defineTable({
  name: 'import_ids',
  partition: { app_id: 'u32', conversation: 'text', dedup_key: 'text' },
  clustering: {},
  columns: { seq: 'u64', time_ms: 'u64', window_s: 'u32' },
});

/** Imported messages by their original time; all others are in the order of time already. */
export const importedByTime = defineTable({
  name: 'imported_by_time',
  partition: { app_id: 'u32', conversation: 'text' },
  clustering: { time_ms: 'u64', seq: 'u64' },
  columns: { log_offset: 'u64' },
});

/** The newest state of a conversation; the version is next_offset. */
export const conversationHeads = defineTable({
  name: 'conversation_heads',
  partition: { app_id: 'u32', conversation: 'text' },
  clustering: {},
  columns: {
    next_offset: 'u64',
    seq: 'u64',
    taken_seq: 'u64',
    count_from_first: 'u64',
    count_from_second: 'u64',
    last_seq_first: 'u64',
    last_seq_second: 'u64',
    last_time_ms: 'u64',
    imported_seq_max: 'u64',
    import_run_first: 'u64',
    late_count: 'u64',
    updated_at_ms: 'u64',
    change_seq: 'u64',
    cleared_seq: 'u64',
    // Numbers of recalled messages that count, 8 bytes each.
    recalled: 'bytes',
    // Groups only.
    read_by_all_seq: 'u64',
    mention_seq: 'u64',
  },
  isVersioned: true,
});

/** Messages to a group that mention somebody, or everybody. */
export const groupMentions = defineTable({
  name: 'group_mentions',
  partition: { app_id: 'u32', conversation: 'text' },
  clustering: { seq: 'u64' },
  columns: {
    from_id: 'text',
    at_all: 'bool',
    // UserIDs, parted by line feeds.
    at_users: 'text',
  },
  ttlSeconds: MENTIONS_KEPT_S,
});

/** Changes of a conversation, or of a user's view, for those who were away. */
export const changes = defineTable({
  name: 'changes',
  partition: { app_id: 'u32', conversation: 'text' },
  clustering: { change_seq: 'u64' },
  // An encoded parley.message.v1.MessageChange.
  columns: { change: 'bytes' },
  ttlSeconds: CHANGES_KEPT_S,
});

/** What became of changes: for who waits for it, for retries, and for the writer after a failed batch. */
export const changeOutcomes = defineTable({
  name: 'change_outcomes',
  partition: { app_id: 'u32', conversation: 'text', dedup_key: 'text' },
  clustering: {},
  columns: {
    // Offset of the record that was decided on.
    log_offset: 'u64',
    // parley.message.v1.ChangeOutcome
    outcome: 'u32',
    // 0: not applied.
    change_seq: 'u64',
  },
  ttlSeconds: DEDUP_WINDOW_S + 3_600,
});

/** Conversations of which a user has deleted something; the version is log_offset + 1. */
export const userSights = defineTable({
  name: 'user_sights',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { conversation: 'text' },
  columns: { cleared_seq: 'u64', hidden_first: 'u64', hidden_last: 'u64' },
  isVersioned: true,
});

/** Messages that a user does not see any longer. */
export const hiddenMessages = defineTable({
  name: 'hidden_messages',
  partition: { app_id: 'u32', user_id: 'text', conversation: 'text' },
  clustering: { seq: 'u64' },
  columns: { log_offset: 'u64' },
});

/**
 * A user's conversations with the user's own state. Of a pair: the version is read_seq + 1. Of a group: the row says
 * where and when the user came in, the version is `change`, and what was read since is in group_marks.
 */
export const userConversations = defineTable({
  name: 'user_conversations',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { conversation: 'text' },
  columns: {
    peer: 'text',
    // parley.message.v1.ConversationType
    type: 'u32',
    read_seq: 'u64',
    read_count: 'u64',
    read_late_count: 'u64',
    read_at_ms: 'u64',
    read_message_time_ms: 'u64',
    // Groups only, as what follows.
    is_open: 'bool',
    visible_from_seq: 'u64',
    as_of_seq: 'u64',
    change: 'u64',
    changed_at_ms: 'u64',
  },
  isVersioned: true,
});

/**
 * How far members have read in groups: what they marked, and what they sent last, in a row each, for they have
 * different writers. See domain/group-mark.ts; the version of the former is made there, of the latter it is read_seq + 1.
 */
export const groupMarks = defineTable({
  name: 'group_marks',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { conversation: 'text', kind: 'u32' },
  columns: {
    opening: 'u64',
    generation: 'u64',
    as_of_seq: 'u64',
    read_seq: 'u64',
    read_count: 'u64',
    read_late_count: 'u64',
    read_at_ms: 'u64',
    read_message_time_ms: 'u64',
  },
  isVersioned: true,
});

/** What a user wants of conversations with others; of groups it stands with the membership. */
export const receiveOptions = defineTable({
  name: 'receive_options',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { peer: 'text' },
  // parley.group.v1.ReceiveOption
  columns: { option: 'u32', set_ms: 'u64' },
});

/** Who has read messages that ask for it. */
export const receipts = defineTable({
  name: 'receipts',
  partition: { app_id: 'u32', conversation: 'text', seq: 'u64' },
  clustering: { user_id: 'text' },
  columns: { read_at_ms: 'u64' },
});

/** Pairs of key and value on messages. */
export const messageExtensions = defineTable({
  name: 'message_extensions',
  partition: { app_id: 'u32', conversation: 'text', seq: 'u64' },
  clustering: {},
  // An encoded parley.message.v1.ExtensionSet; `revision` rises with every write.
  columns: { revision: 'u64', extensions: 'bytes' },
  isConditional: true,
});

/** Numbers up to `floor` were handed to some coordination; a new one goes on above it. */
export const seqFloors = defineTable({
  name: 'seq_floors',
  partition: { app_id: 'u32', conversation: 'text' },
  clustering: {},
  columns: { floor: 'u64' },
  isConditional: true,
});

export const MESSAGE_TABLES = [
  messages,
  messageIds,
  importIds,
  importedByTime,
  conversationHeads,
  userConversations,
  groupMarks,
  groupMentions,
  receiveOptions,
  seqFloors,
  changes,
  changeOutcomes,
  userSights,
  hiddenMessages,
  receipts,
  messageExtensions,
];
