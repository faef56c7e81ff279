// A message with every field of the API at its resting value.
import { TYPES } from '../constants/types.js';
import type { Message, MessageElement, MessagePayload } from '../model/message.js';
import type { ConversationAddress } from './conversation-kind.js';

export interface MessageIdentity {
  readonly ID: string;
  readonly from: string;
  readonly to: string;
  readonly conversation: ConversationAddress;
  readonly isOwn: boolean;
  readonly clientTime: number;
  readonly random: number;
  readonly elements: MessageElement[];
}

const NO_PAYLOAD = {} as MessagePayload;

export function createBlankMessage(identity: MessageIdentity): Message {
  const { ID, from, to, conversation, isOwn, clientTime, random, elements } = identity;
  return {
    ID,
    type: elements[0]?.type ?? TYPES.MSG_CUSTOM,
    payload: elements[0]?.payload ?? NO_PAYLOAD,
    elements,
    conversationID: conversation.id,
    conversationType: conversation.kind.type,
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
