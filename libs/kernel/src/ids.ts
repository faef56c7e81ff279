// Branded identifiers and the one place where each is made from untrusted text.
import { ChatError } from './chat-error.js';
import { ErrorCode } from './error-code.js';

declare const brand: unique symbol;
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** SDKAppID: the tenant. Positive 32-bit integer. */
export type AppId = Branded<number, 'AppId'>;
/** UserID: 1-32 bytes of printable ASCII, case-sensitive, unique within its app. */
export type UserId = Branded<string, 'UserId'>;
/** GroupID: 1-48 bytes of printable ASCII, unique within its app; a topic of a community up to 96. */
export type GroupId = Branded<string, 'GroupId'>;
/** One conversation of one app, the same for all its members. See {@link c2cConversationId}. */
export type ConversationId = Branded<string, 'ConversationId'>;
/** One process of a service. */
export type NodeId = Branded<string, 'NodeId'>;
/** One socket of one client, unique over time. */
export type ConnectionId = Branded<string, 'ConnectionId'>;
/** Number of a message in its conversation: rising, never reused, 1 at first. */
export type Seq = Branded<bigint, 'Seq'>;

export const USER_ID_BYTES_MAX = 32;
const PRINTABLE_ASCII = /^[\x20-\x7e]{1,32}$/;

export const isUserId = (value: unknown): value is UserId =>
  typeof value === 'string' && PRINTABLE_ASCII.test(value);

/** @throws ChatError with `code` when the text is no UserID. */
export function toUserId(value: unknown, code: ErrorCode = ErrorCode.C2C_ACCOUNT_INVALID): UserId {
  if (isUserId(value)) return value;
  throw new ChatError(code, 'a UserID has 1 to 32 bytes of printable ASCII');
}

/** @throws ChatError 70020 when the number cannot be an SDKAppID. */
export function toAppId(value: number): AppId {
  if (Number.isInteger(value) && value > 0 && value <= 0xffff_ffff) return value as AppId;
  throw new ChatError(ErrorCode.APP_NOT_FOUND, 'sdkappid is a positive 32-bit integer');
}

const PLAIN = /^[A-Za-z0-9_.@#-]+$/;
const escapePart = (part: string): string => (PLAIN.test(part) ? part : encodeURIComponent(part));

/** The conversation of two users: the same id whoever of them asks. */
export function c2cConversationId(a: UserId, b: UserId): ConversationId {
  const [first, second] = a <= b ? [a, b] : [b, a];
  return `c2c:${escapePart(first)}:${escapePart(second)}` as ConversationId;
}

const GROUP_ID = /^[\x20-\x7e]{1,96}$/;

/** Whether the text can be the id of a group or a topic; which of both it may be is the group service's to say. */
export const isGroupId = (value: unknown): value is GroupId =>
  typeof value === 'string' && GROUP_ID.test(value);

/** @throws ChatError with `code` when the text is no GroupID. */
export function toGroupId(value: unknown, code: ErrorCode = ErrorCode.GROUP_ID_INVALID): GroupId {
  if (isGroupId(value)) return value;
  throw new ChatError(code, 'a GroupID has 1 to 96 bytes of printable ASCII');
}

/** What stands between a community's id and the rest of a topic's; no group has it in its id. */
export const TOPIC_MARK = '@TOPIC#_';

/** The group whose members are those of the conversation: the community of a topic, else the group itself. */
export function membersGroupOf(groupId: GroupId): GroupId {
  const at = groupId.indexOf(TOPIC_MARK);
  return at === -1 ? groupId : (groupId.slice(0, at) as GroupId);
}

/** Whether it is the id of a topic. */
export const isTopicId = (groupId: GroupId): boolean => groupId.includes(TOPIC_MARK);

/** The conversation of a group, or of a topic of a community. */
export const groupConversationId = (groupId: GroupId): ConversationId =>
  `group:${escapePart(groupId)}` as ConversationId;

/** Who speaks for the platform itself: a group's system notices come from it. No user can have this id. */
export const SYSTEM_USER_ID = '@TIM#SYSTEM' as UserId;

/**
 * The room of everybody who is in a live group of the app, and the receiver of what is said there. No group can have this
 * id, for it is not printable; it is ASCII, as all ids are, for encoders count a byte per character.
 */
export const LIVE_ROOMS_ID = '\u0001live' as GroupId;

/** Whether `user` is the pair's first user in byte order; see Message.count_from_first. */
export const isFirstOfPair = (user: UserId, peer: UserId): boolean => user <= peer;
