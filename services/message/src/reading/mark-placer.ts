// Where a mark goes: by number, by time, or by how much is to be left unread.
import type { Clock } from '@parley/kernel';
import type { Conversation, GroupConversation } from '../domain/conversation.js';
import type { ConversationHead, Counts } from '../domain/conversation-head.js';
import type { PlacedMark } from '../domain/group-mark.js';
import { NOTHING_READ, type ReadMark } from '../domain/unread.js';
import type { MessageStore } from '../stores/message-store.js';
import type { TimeOrder } from './time-order.js';

/** What a reader says of how far it has read. */
export interface ReadUpTo {
  /** Inclusive; 0n with untilTimeS 0: up to the head. */
  readonly readSeq: bigint;
  readonly untilTimeS: number;
}

export class MarkPlacer {
  constructor(
    private readonly messages: MessageStore,
    private readonly order: TimeOrder,
    private readonly clock: Clock,
  ) {}

  /** Never beyond the head. */
  async target(conversation: Conversation, head: ConversationHead, upTo: ReadUpTo): Promise<bigint> {
    if (upTo.untilTimeS !== 0) {
      return this.order.newestSeqUpTo(conversation, head, upTo.untilTimeS * 1_000 + 999);
    }
    return upTo.readSeq === 0n || upTo.readSeq > head.seq ? head.seq : upTo.readSeq;
  }

  /** `countOf`: what the reader's unread messages are counted by. */
  async at(
    conversation: Conversation,
    head: ConversationHead,
    place: { readonly readSeq: bigint; readonly countOf: (counts: Counts) => bigint },
  ): Promise<ReadMark> {
    const row = await this.messages.newestUpTo(conversation, place.readSeq);
    return {
      readSeq: place.readSeq,
      readCount: row === undefined ? 0n : place.countOf(row.facts),
      readLateCount: head.lateCount,
      readAtMs: this.clock.now(),
      readMessageTimeMs: row?.facts.timeMs ?? 0,
    };
  }

  /** Where whoever came in at the time stands: behind everything that was said until then. */
  async asOf(conversation: Conversation, head: ConversationHead, timeMs: number): Promise<PlacedMark> {
    const readSeq = await this.order.newestSeqUpTo(conversation, head, timeMs);
    if (readSeq === 0n) return { mark: NOTHING_READ, asOfSeq: 0n };
    const countOf = (counts: Counts): bigint => counts.countFromFirst;
    const mark = await this.at(conversation, head, { readSeq, countOf });
    return { mark: { ...mark, readAtMs: timeMs }, asOfSeq: readSeq };
  }

  /** In a group: as far up as it can be with so many unread messages above it, at most all. */
  async leaving(conversation: GroupConversation, head: ConversationHead, unread: number): Promise<ReadMark> {
    const countOf = (counts: Counts): bigint => counts.countFromFirst;
    const readCount = head.countFromFirst - BigInt(unread);
    if (unread === 0) return this.at(conversation, head, { readSeq: head.seq, countOf });
    if (readCount <= 0n)
      return { ...NOTHING_READ, readLateCount: head.lateCount, readAtMs: this.clock.now() };
    const readSeq = await this.#newestWithCount(conversation, head, readCount);
    return this.at(conversation, head, { readSeq, countOf });
  }

  /** The highest number up to which no more than `count` messages are counted. */
  async #newestWithCount(
    conversation: GroupConversation,
    head: ConversationHead,
    count: bigint,
  ): Promise<bigint> {
    let [low, above] = [0n, head.seq + 1n];
    while (above - low > 1n) {
      const middle = (low + above) / 2n;
      const row = await this.messages.newestUpTo(conversation, middle);
      if (row === undefined || row.facts.countFromFirst <= count) low = middle;
      else above = middle;
    }
    return low;
  }
}
