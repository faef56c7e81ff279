export { ChatError, type ChatErrorOptions } from './chat-error.js';
export { type Clock, systemClock } from './clock.js';
export { ErrorCode, isRetryable } from './error-code.js';
export {
  type AppId,
  type Branded,
  type ConnectionId,
  type ConversationId,
  c2cConversationId,
  type GroupId,
  groupConversationId,
  isFirstOfPair,
  isGroupId,
  isTopicId,
  isUserId,
  LIVE_ROOMS_ID,
  membersGroupOf,
  type NodeId,
  type Seq,
  SYSTEM_USER_ID,
  TOPIC_MARK,
  toAppId,
  toGroupId,
  toUserId,
  USER_ID_BYTES_MAX,
  type UserId,
} from './ids.js';
export { KeyedTurns, type KeyedTurnsOptions } from './keyed-turns.js';
export {
  ACCOUNTS_PER_BATCH_MAX,
  APPEND_DEADLINE_MS,
  DEDUP_WINDOW_S,
  FRAME_BYTES_MAX,
  HOLE_PENDING_MS,
  MESSAGE_BYTES_MAX,
  MESSAGES_PER_BUCKET,
  PAGE_CONVERSATIONS_MAX,
  PAGE_MESSAGES_MAX,
  READ_YOUR_WRITE_WAIT_MS,
  REST_BODY_BYTES_MAX,
  REST_DEDUP_WINDOW_S,
  TARGETS_PER_BATCH_MAX,
} from './limits.js';
export { mapBounded } from './map-bounded.js';
