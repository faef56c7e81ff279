// From a message of the wire to a message of the API.
import type { messagev1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import type { Message, MessageRecord } from '../model/message.js';
import { createBlankMessage } from './blank-message.js';
import type { ConversationAddress } from './conversation-kind.js';
import { decodeBody, emptyElement } from './element-codec.js';
import { hasFlag, MessageFlag } from './message-flags.js';
import { fromWirePriority } from './priority.js';

/** `self` is the user who is logged in here. */
export function readMessage(
  wire: messagev1.Message,
  self: string,
  conversation: ConversationAddress,
): MessageRecord {
  const { from, to, flags, toAccounts } = wire;
  const clientTime = wire.clientTimeS || toSeconds(wire.timeMs);
  const blank = createBlankMessage({
    ID: wire.clientMessageId || `${from}-${clientTime}-${wire.random || wire.msgSeq}`,
    ...{ from, to, conversation, isOwn: from === self, clientTime },
    random: wire.random,
    elements: decodeBody(wire.body),
  });
  const seq = Number(wire.seq);
  const message: Message = {
    ...blank,
    time: toSeconds(wire.timeMs),
    status: 'success',
    sequence: conversation.kind.sequenceOf({ seq, msgSeq: wire.msgSeq }),
    priority: fromWirePriority(wire.priority),
    atUserList: wire.atAll ? [...wire.atAccounts, TYPES.MSG_AT_ALL] : wire.atAccounts,
    cloudCustomData: wire.cloudCustomData,
    nick: wire.fromNick,
    avatar: wire.fromFaceUrl,
    needReadReceipt: hasFlag(flags, MessageFlag.NEED_READ_RECEIPT),
    isSupportExtension: hasFlag(flags, MessageFlag.SUPPORT_EXTENSION),
    ...changesOf(wire),
  };
  const isCounted =
    toAccounts.length === 0 && (flags & (conversation.kind.uncountedFlags | MessageFlag.RECALLED)) === 0;
  return { message, seq, flags, isCounted, isSentHere: false, version: Number(wire.version) };
}

function changesOf({ flags, version, recalledBy, recallReason }: messagev1.Message): Partial<Message> {
  if (version === 0n) return {};
  if (!hasFlag(flags, MessageFlag.RECALLED)) return { isModified: true };
  const revokerInfo = { userID: recalledBy, nick: '', avatar: '' };
  const element = emptyElement(TYPES.MSG_CUSTOM);
  const empty = { type: element.type, payload: element.payload, elements: [element] };
  return { ...empty, isRevoked: true, revoker: recalledBy, revokerInfo, revokeReason: recallReason };
}

export const toSeconds = (timeMs: bigint): number => Math.floor(Number(timeMs) / 1000);

/** A message of somebody else that raises the unread count. */
export const countsAsUnread = ({ message, isCounted }: MessageRecord): boolean =>
  message.flow === 'in' && isCounted;

/** By sending it this user said that everything before it is read; tips and imports say nothing of that. */
export const marksAsRead = ({ message, flags }: MessageRecord): boolean =>
  message.flow === 'out' && (flags & (MessageFlag.SYSTEM | MessageFlag.IMPORTED)) === 0;
