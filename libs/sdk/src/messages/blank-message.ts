// A message with every field of the API at its resting value.
import { TYPES } from '../constants/types.js';
import type { Message, MessageElement, MessagePayload } from '../model/message.js';

export interface MessageIdentity {
  readonly ID: string;
  readonly from: string;
  readonly to: string;
  /** The other user. */
  readonly peer: string;
  readonly isOwn: boolean;
  readonly clientTime: number;
  readonly random: number;
  readonly elements: MessageElement[];
}

const NO_PAYLOAD = {} as MessagePayload;

export function createBlankMessage(identity: MessageIdentity): Message {
  const { ID, from, to, peer, isOwn, clientTime, random, elements } = identity;
  return {
    ID,
    type: elements[0]?.type ?? TYPES.MSG_CUSTOM,
    payload: elements[0]?.payload ?? NO_PAYLOAD,
    elements,
    conversationID: c2cConversationID(peer),
    conversationType: TYPES.CONV_C2C,
    to,
    from,
    flow: isOwn ? 'out' : 'in',
    time: clientTime,
    clientTime,
    status: 'unSend',
    sequence: 0,
    random,
    priority: TYPES.MSG_PRIORITY_NORMAL,
    nick: '',
    avatar: '',
    nameCard: '',
    isRead: isOwn,
    isPeerRead: false,
    isRevoked: false,
    isDeleted: false,
    isModified: false,
    atUserList: [],
    cloudCustomData: '',
    needReadReceipt: false,
    readReceiptInfo: {},
    isBroadcastMessage: false,
    isSupportExtension: false,
    revoker: '',
    revokerInfo: { userID: '', nick: '', avatar: '' },
    revokeReason: '',
    hasRiskContent: false,
  };
}

export const c2cConversationID = (peer: string): string => `${TYPES.CONV_C2C}${peer}`;

/** The peer of a C2C conversation id; undefined for any other id. */
export const peerOfConversationID = (conversationID: string): string | undefined =>
  conversationID.startsWith(TYPES.CONV_C2C) && conversationID.length > TYPES.CONV_C2C.length
    ? conversationID.slice(TYPES.CONV_C2C.length)
    : undefined;
