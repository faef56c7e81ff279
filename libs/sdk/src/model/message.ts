// Messages as an app sees them. Fields and their meanings are those of the compatible
// API; what is ours is marked so.
import type { TYPES } from '../constants/types.js';
import type { GroupSystemNoticePayload, GroupTipPayload } from './notice.js';

export interface TextPayload {
  text: string;
}

export interface FacePayload {
  index: number;
  data: string;
}

export interface LocationPayload {
  description: string;
  latitude: number;
  longitude: number;
}

export interface CustomPayload {
  data: string;
  description: string;
  extension: string;
}

/**
 * What a message holds. Which of these fields are there follows from `Message.type`;
 * the compatible API gives one loose payload type, and code written for it reads
 * `payload.text` without asking. Elements that this version does not know keep the
 * fields of the wire.
 */
export type MessagePayload = TextPayload &
  FacePayload &
  LocationPayload &
  CustomPayload &
  GroupTipPayload &
  GroupSystemNoticePayload;

/** One element of a message; ours. */
export interface MessageElement {
  type: TYPES;
  payload: MessagePayload;
}

export type MessageFlow = 'in' | 'out';
export type MessageStatus = 'unSend' | 'success' | 'fail';

export interface UserInfo {
  userID: string;
  nick: string;
  avatar: string;
}

export interface Message {
  /** `<from>-<client time, s>-<random>`; the name of the message on every device. */
  ID: string;
  /** Type of the first element. */
  type: TYPES;
  /** Content of the first element. */
  payload: MessagePayload;
  /** Every element in order, the first included; ours. */
  elements: MessageElement[];
  conversationID: string;
  conversationType: TYPES;
  to: string;
  from: string;
  flow: MessageFlow;
  /** Server time, s; the client's own until the message is sent. */
  time: number;
  /** Time of the sending client, s. */
  clientTime: number;
  status: MessageStatus;
  /** MsgSeq of the compatible borders: first part of the MsgKey. */
  sequence: number;
  /** MsgRandom of the compatible borders: second part of the MsgKey. */
  random: number;
  priority: TYPES;
  nick: string;
  avatar: string;
  nameCard: string;
  /** This user read it; true for own messages. */
  isRead: boolean;
  /** The peer read it. */
  isPeerRead: boolean;
  isRevoked: boolean;
  isDeleted: boolean;
  isModified: boolean;
  atUserList: string[];
  cloudCustomData: string;
  needReadReceipt: boolean;
  readReceiptInfo: { readCount?: number; unreadCount?: number; isPeerRead?: boolean };
  isBroadcastMessage: boolean;
  isSupportExtension: boolean;
  revoker: string;
  revokerInfo: UserInfo;
  revokeReason: string;
  hasRiskContent: boolean;
  /** Members whom alone a message to a group is for; empty: all. Known to its sender only; ours. */
  receiverList?: string[];
}

/** A message with what the SDK knows of it beyond its public fields. */
export interface MessageRecord {
  readonly message: Message;
  /** Number in the conversation; 0 while it has none. */
  seq: number;
  /** Bits of parley.message.v1.MessageFlag. */
  flags: number;
  /** Raises the unread count of whoever did not send it. */
  isCounted: boolean;
  /** Sent by this instance: not reported as received. */
  isSentHere: boolean;
  /** Number of the change that gave it its content; 0: it is as it was sent. */
  version: number;
  /** The app changed it and the server did not take that: the next content that is read stands. */
  isTouched?: boolean;
}
