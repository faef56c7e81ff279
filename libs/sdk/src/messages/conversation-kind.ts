// What differs between a conversation with a user, one in a group, and the notices of the
// platform: all of it stands here.
import { messagev1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';

const { ConversationType, MessageFlag } = messagev1;

export type ConversationTypeName =
  | typeof TYPES.CONV_C2C
  | typeof TYPES.CONV_GROUP
  | typeof TYPES.CONV_TOPIC
  | typeof TYPES.CONV_SYSTEM;

/** The peer that notices of the platform come from. */
export const SYSTEM_PEER = TYPES.CONV_SYSTEM;

export interface ConversationKind {
  readonly type: ConversationTypeName;
  readonly wire: messagev1.ConversationType;
  /** `Conversation.conversationID`. */
  idOf(peer: string): string;
  /** The conversation's other end in this message, as `self` sees it. */
  peerOf(message: Pick<messagev1.Message, 'from' | 'to'>, self: string): string;
  /** `Message.sequence`; in groups it is the number in the conversation. */
  sequenceOf(numbers: { readonly seq: number; readonly msgSeq: number }): number;
  /** Flags of messages that raise no unread count. */
  readonly uncountedFlags: number;
  /** An own message says that its sender has read what came before it. */
  readonly sendingIsReading: boolean;
  /** A conversation that this device never heard of begins now. A group does not: the server knows since when the user is in it. */
  readonly beginsWhenHeardOf: boolean;
  /** In the lists of conversations, and in the sum of unread messages. Others begin with the first message heard of. */
  readonly isListed: boolean;
}

const msgSeqOrSeq = ({ seq, msgSeq }: { seq: number; msgSeq: number }): number =>
  msgSeq || seq % 0x1_0000_0000;

export const C2C: ConversationKind = {
  type: TYPES.CONV_C2C,
  wire: ConversationType.C2C,
  idOf: (peer) => `${TYPES.CONV_C2C}${peer}`,
  peerOf: ({ from, to }, self) => (from === self ? to : from),
  sequenceOf: msgSeqOrSeq,
  uncountedFlags: MessageFlag.NO_UNREAD,
  sendingIsReading: false,
  beginsWhenHeardOf: true,
  isListed: true,
};

export const GROUP: ConversationKind = {
  type: TYPES.CONV_GROUP,
  wire: ConversationType.GROUP,
  idOf: (peer) => `${TYPES.CONV_GROUP}${peer}`,
  peerOf: ({ to }) => to,
  sequenceOf: (numbers) => numbers.seq || msgSeqOrSeq(numbers),
  uncountedFlags: MessageFlag.NO_UNREAD | MessageFlag.SYSTEM,
  sendingIsReading: true,
  beginsWhenHeardOf: false,
  isListed: true,
};

/** A conversation inside a community: a group's in all but where it is listed. */
export const TOPIC: ConversationKind = { ...GROUP, type: TYPES.CONV_TOPIC, isListed: false };

/** What a topic's id has between its community's and its own; no group's has it. A test holds it against the kernel's. */
export const TOPIC_MARK = '@TOPIC#_';

export const isTopicID = (groupID: string): boolean => groupID.includes(TOPIC_MARK);

/** The group whose members are those of the group or topic: of a topic its community. */
export const communityOf = (groupID: string): string => groupID.split(TOPIC_MARK, 1)[0] ?? groupID;

const SYSTEM: ConversationKind = {
  ...C2C,
  type: TYPES.CONV_SYSTEM,
  idOf: () => TYPES.CONV_SYSTEM,
};

/** The receiver of what is said in all live groups at once; no group has this id. A test holds it against the kernel's own. */
export const LIVE_ROOMS_ID = '\u0001live';

/** Names one conversation of a user. */
export interface ConversationAddress {
  readonly kind: ConversationKind;
  /** A user, or a group. */
  readonly peer: string;
  readonly id: string;
}

export const addressOf = (kind: ConversationKind, peer: string): ConversationAddress => ({
  kind,
  peer,
  id: kind.idOf(peer),
});

export const c2cWith = (peer: string): ConversationAddress =>
  addressOf(peer === SYSTEM_PEER ? SYSTEM : C2C, peer);

/** Or in a topic. */
export const inGroup = (groupID: string): ConversationAddress =>
  addressOf(isTopicID(groupID) ? TOPIC : GROUP, groupID);

/** Of a conversation as the wire names it; undefined for types that this version does not know. */
export function addressOnWire(
  type: messagev1.ConversationType,
  peer: string,
): ConversationAddress | undefined {
  if (type === GROUP.wire) return inGroup(peer);
  return type === C2C.wire || type === ConversationType.UNSPECIFIED ? c2cWith(peer) : undefined;
}

/** Undefined for a message of a type that this version does not know. */
export function addressOfMessage(message: messagev1.Message, self: string): ConversationAddress | undefined {
  const kind = message.type === GROUP.wire ? GROUP : C2C;
  return addressOnWire(message.type, kind.peerOf(message, self));
}

/** Undefined for what is no conversationID. */
export function parseConversationID(conversationID: unknown): ConversationAddress | undefined {
  if (typeof conversationID !== 'string') return undefined;
  if (conversationID === SYSTEM_PEER) return c2cWith(SYSTEM_PEER);
  const peerOf = ({ type }: ConversationKind) =>
    conversationID.startsWith(type) ? conversationID.slice(type.length) : '';
  const [groupID, userID] = [peerOf(GROUP), peerOf(C2C)];
  if (groupID !== '') return inGroup(groupID);
  return userID === '' ? undefined : addressOf(C2C, userID);
}
