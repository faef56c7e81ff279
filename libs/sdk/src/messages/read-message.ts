// From a message of the wire to a message of the API.
import { messagev1 } from '@parley/proto';
import type { Message, MessageRecord } from '../model/message.js';
import { createBlankMessage } from './blank-message.js';
import { decodeBody } from './element-codec.js';

export const MessageFlag = messagev1.MessageFlag;

export const hasFlag = (flags: number, flag: messagev1.MessageFlag): boolean => (flags & flag) !== 0;

/** The user whom `self` talks to in this message. */
export const peerOf = (wire: messagev1.Message, self: string): string =>
  wire.from === self ? wire.to : wire.from;

/** `self` is the user who is logged in here. */
export function readMessage(wire: messagev1.Message, self: string): MessageRecord {
  const clientTime = wire.clientTimeS || toSeconds(wire.timeMs);
  const blank = createBlankMessage({
    ID: wire.clientMessageId || `${wire.from}-${clientTime}-${wire.random}`,
    from: wire.from,
    to: wire.to,
    peer: peerOf(wire, self),
    isOwn: wire.from === self,
    clientTime,
    random: wire.random,
    elements: decodeBody(wire.body),
  });
  const seq = Number(wire.seq);
  const message: Message = {
    ...blank,
    time: toSeconds(wire.timeMs),
    status: 'success',
    sequence: wire.msgSeq || seq % 0x1_0000_0000,
    cloudCustomData: wire.cloudCustomData,
    needReadReceipt: hasFlag(wire.flags, MessageFlag.NEED_READ_RECEIPT),
    isSupportExtension: hasFlag(wire.flags, MessageFlag.SUPPORT_EXTENSION),
  };
  return { message, seq, flags: wire.flags, isSentHere: false };
}

export const toSeconds = (timeMs: bigint): number => Math.floor(Number(timeMs) / 1000);

/** A message of somebody else that raises the unread count. */
export const countsAsUnread = ({ message, flags }: MessageRecord): boolean =>
  message.flow === 'in' && !hasFlag(flags, MessageFlag.NO_UNREAD);
