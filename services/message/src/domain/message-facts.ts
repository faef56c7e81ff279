// What the rules need to know of a message; the rest stays opaque bytes.
import type { UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { Side } from './conversation.js';

export const MessageFlag = messagev1.MessageFlag;

export interface MessageFacts {
  readonly seq: bigint;
  readonly from: UserId;
  readonly to: UserId;
  readonly timeMs: number;
  readonly msgSeq: number;
  readonly random: number;
  readonly flags: number;
  readonly numberedAtMs: number;
  /** 0 before the history writer has counted. */
  readonly countFromFirst: bigint;
  readonly countFromSecond: bigint;
}

/** A message as it is stored: the facts and the encoded parley.message.v1.Message that holds them. */
export interface StoredMessage {
  readonly facts: MessageFacts;
  readonly bytes: Uint8Array;
}

export const hasFlag = (flags: number, flag: messagev1.MessageFlag): boolean => (flags & flag) !== 0;

/** Whether the message counts as unread for whoever did not send it. */
export const isCounted = (facts: MessageFacts): boolean =>
  !hasFlag(facts.flags, MessageFlag.NO_UNREAD) && facts.from !== facts.to;

export const isVisibleTo = (facts: MessageFacts, user: UserId): boolean =>
  facts.from !== user || !hasFlag(facts.flags, MessageFlag.HIDDEN_FROM_SENDER);

export const isImported = (facts: MessageFacts): boolean => hasFlag(facts.flags, MessageFlag.IMPORTED);

export const senderSide = (facts: MessageFacts): Side => (facts.from <= facts.to ? 'first' : 'second');

/** Who gets it pushed: the receiver, and the sender's devices unless the message says otherwise. */
export function pushReceivers(facts: Pick<MessageFacts, 'from' | 'to' | 'flags'>): UserId[] {
  const sparesSender = MessageFlag.HIDDEN_FROM_SENDER | MessageFlag.NOT_TO_SENDER_DEVICES;
  return facts.from === facts.to || (facts.flags & sparesSender) !== 0 ? [facts.to] : [facts.to, facts.from];
}
