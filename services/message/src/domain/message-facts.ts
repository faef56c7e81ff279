// What the rules need to know of a message; the rest stays opaque bytes.
import type { UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { Peer, Side } from './conversation.js';

export const MessageFlag = messagev1.MessageFlag;

const { GROUP } = messagev1.ConversationType;

export interface MessageFacts {
  readonly seq: bigint;
  readonly from: UserId;
  readonly to: Peer;
  readonly type: messagev1.ConversationType;
  readonly timeMs: number;
  readonly msgSeq: number;
  readonly random: number;
  readonly flags: number;
  readonly numberedAtMs: number;
  /** 0 before the history writer has counted. */
  readonly countFromFirst: bigint;
  readonly countFromSecond: bigint;
  /** Whom alone, beside the sender, a message to a group is for; empty: everybody in the conversation. */
  readonly toAccounts: readonly string[];
  /** Whether a message to a group mentions somebody, or everybody. */
  readonly hasMentions: boolean;
  /** Bytes behind the counts in the encoded message: the fields that only groups have. */
  readonly groupFieldBytes: number;
  /** Number of the change that gave it its present content; 0n: it is as it was sent. */
  readonly version: bigint;
}

/** A message as it is stored: the facts and the encoded parley.message.v1.Message that holds them. */
export interface StoredMessage {
  readonly facts: MessageFacts;
  readonly bytes: Uint8Array;
}

export const hasFlag = (flags: number, flag: messagev1.MessageFlag): boolean => (flags & flag) !== 0;

export const isToGroup = (facts: Pick<MessageFacts, 'type'>): boolean => facts.type === GROUP;

export const isTargeted = (facts: Pick<MessageFacts, 'toAccounts'>): boolean => facts.toAccounts.length > 0;

/** Brought into a group: it counts, so that a member may be given unread messages, and is read until then. */
export const isReadByAll = (facts: Pick<MessageFacts, 'type' | 'flags'>): boolean =>
  isToGroup(facts) && (facts.flags & READ_BY_ALL) === READ_BY_ALL;

const READ_BY_ALL = MessageFlag.IMPORTED | MessageFlag.NO_UNREAD;

export const isMention = (facts: Pick<MessageFacts, 'hasMentions' | 'flags'>): boolean =>
  facts.hasMentions && (facts.flags & (MessageFlag.RECALLED | MessageFlag.SYSTEM)) === 0;

/** Whether the message counts as unread for whoever did not send it. */
export const isCounted = (facts: MessageFacts): boolean =>
  isToGroup(facts)
    ? !isTargeted(facts) &&
      ((facts.flags & (MessageFlag.NO_UNREAD | MessageFlag.SYSTEM)) === 0 || isReadByAll(facts))
    : !hasFlag(facts.flags, MessageFlag.NO_UNREAD) && facts.from !== facts.to;

export const isVisibleTo = (facts: MessageFacts, user: UserId): boolean =>
  facts.from === user
    ? !hasFlag(facts.flags, MessageFlag.HIDDEN_FROM_SENDER)
    : !isTargeted(facts) || facts.toAccounts.includes(user);

export const isImported = (facts: MessageFacts): boolean => hasFlag(facts.flags, MessageFlag.IMPORTED);

/** Whether sending it says that its sender has read what came before; tips and imports say nothing of that. */
export const isReadingBySending = (facts: MessageFacts): boolean =>
  isToGroup(facts) && (facts.flags & (MessageFlag.SYSTEM | MessageFlag.IMPORTED)) === 0;

/** Which of the two counts a message raises; a group has only the first. */
export const senderSide = (facts: MessageFacts): Side =>
  isToGroup(facts) || facts.from <= facts.to ? 'first' : 'second';
