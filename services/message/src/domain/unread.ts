// Unread = what the peer sent in all − what the peer had sent at the reader's mark. In a group all messages
// are counted by one number, and sending is reading: a member's mark stands at least at its last message.

import type { UserId } from '@parley/kernel';
import type { Conversation } from './conversation.js';
import { sideOf } from './conversation.js';
import type { ConversationHead, Counts } from './conversation-head.js';

/** How far a user has read. */
export interface ReadMark {
  readonly readSeq: bigint;
  /** Count of the peer's messages at readSeq, as it was when head.lateCount stood at `readLateCount`. */
  readonly readCount: bigint;
  readonly readLateCount: bigint;
  readonly readAtMs: number;
  readonly readMessageTimeMs: number;
}

export const NOTHING_READ: ReadMark = {
  readSeq: 0n,
  readCount: 0n,
  readLateCount: 0n,
  readAtMs: 0,
  readMessageTimeMs: 0,
};

/** The count that `reader`'s unread messages are counted by: of those the peer sent; of a group's, all. */
export function peerCount(counts: Counts, conversation: Conversation, reader: UserId): bigint {
  if (conversation.kind === 'group') return counts.countFromFirst;
  return sideOf(conversation, reader) === 'first' ? counts.countFromSecond : counts.countFromFirst;
}

/** Undefined: a late message may lie below the mark, so its count must be read anew from the message there. */
export function unreadAt(head: ConversationHead, mark: ReadMark, ofPeer: bigint): bigint | undefined {
  if (mark.readSeq >= head.seq) return 0n;
  if (mark.readSeq === 0n) return ofPeer;
  if (mark.readLateCount !== head.lateCount) return undefined;
  return atLeastZero(ofPeer - mark.readCount);
}

/** What lies below is not unread, whatever was read. Its count is read from the message there, as after a late message. */
export const raised = (mark: ReadMark, seq: bigint): ReadMark =>
  seq <= mark.readSeq ? mark : { ...mark, readSeq: seq, readLateCount: COUNT_UNKNOWN };

const COUNT_UNKNOWN = -1n;

export const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);
