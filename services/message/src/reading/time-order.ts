// A conversation in the order of message time, from new to old. Numbers rise with the time of
// numbering, so messages are found by binary search; imports, whose time may be any,
// come from their own index and are merged in.

import type { Conversation } from '../domain/conversation.js';
import type { ConversationHead } from '../domain/conversation-head.js';
import { CLOCK_SKEW_MS_MAX, NUMBERING_MS_MAX } from '../domain/limits.js';
import type { ImportedStore } from '../stores/imported-store.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';

const ROWS_PER_READ = 100;
/** How far the times of numbering may be out of the order of numbers. */
const DISORDER_MS = NUMBERING_MS_MAX + CLOCK_SKEW_MS_MAX;

export interface TimeRange {
  /** Both inclusive. */
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
}

export class TimeOrder {
  constructor(
    private readonly messages: MessageStore,
    private readonly imported: ImportedStore,
  ) {}

  /** Every message with a time in the range, by time and then number, descending. */
  async *descending(
    conversation: Conversation,
    head: ConversationHead,
    range: TimeRange,
  ): AsyncGenerator<MessageRow> {
    const live = this.#live(conversation, head, range);
    const imports = this.#imports(conversation, head, range);
    let [nextLive, nextImport] = [await live.next(), await imports.next()];
    while (!nextLive.done || !nextImport.done) {
      if (!nextLive.done && (nextImport.done || isNewer(nextLive.value, nextImport.value))) {
        yield nextLive.value;
        nextLive = await live.next();
      } else if (!nextImport.done) {
        yield nextImport.value;
        nextImport = await imports.next();
      }
    }
  }

  /** The highest number among the messages that are not newer than the time; 0n: none. */
  async newestSeqUpTo(conversation: Conversation, head: ConversationHead, timeMs: number): Promise<bigint> {
    const range = { minTimeMs: 0, maxTimeMs: timeMs };
    const newest = [
      await this.#live(conversation, head, range).next(),
      await this.#imports(conversation, head, range).next(),
    ];
    let highest = 0n;
    for (const one of newest) if (!one.done && one.value.facts.seq > highest) highest = one.value.facts.seq;
    return highest;
  }

  async *#live(
    conversation: Conversation,
    head: ConversationHead,
    range: TimeRange,
  ): AsyncGenerator<MessageRow, undefined> {
    let belowSeq = await this.#belowAllNewer(conversation, head, range.maxTimeMs);
    for (let isExhausted = false; !isExhausted; ) {
      const page = await this.messages.scanDown(conversation, belowSeq, ROWS_PER_READ);
      isExhausted = page.isExhausted;
      for (const row of page.rows) {
        // Within a run of imports that began below: already passed over.
        if (row.facts.seq >= belowSeq) continue;
        belowSeq = row.importRunFirst === 0n ? row.facts.seq : row.importRunFirst;
        if (row.importRunFirst !== 0n) continue;
        if (row.facts.numberedAtMs < range.minTimeMs - DISORDER_MS) return;
        if (row.facts.timeMs >= range.minTimeMs && row.facts.timeMs <= range.maxTimeMs) yield row;
      }
    }
  }

  /** A number at and above which every message was numbered after `timeMs`. */
  async #belowAllNewer(conversation: Conversation, head: ConversationHead, timeMs: number): Promise<bigint> {
    const isNewer = (row: MessageRow): boolean => row.facts.numberedAtMs > timeMs + DISORDER_MS;
    const newest = await this.messages.newestUpTo(conversation, head.seq);
    if (newest === undefined || !isNewer(newest)) return head.seq + 1n;
    let [low, below] = [0n, newest.facts.seq];
    while (below - low > 1n) {
      const middle = (low + below) / 2n;
      const row = await this.messages.newestUpTo(conversation, middle);
      if (row !== undefined && row.facts.seq > low && isNewer(row)) below = row.facts.seq;
      else low = middle;
    }
    return below;
  }

  async *#imports(
    conversation: Conversation,
    head: ConversationHead,
    range: TimeRange,
  ): AsyncGenerator<MessageRow, undefined> {
    if (head.importedSeqMax === 0n) return;
    let cursor: string | undefined;
    do {
      const page = await this.imported.scanDown(conversation, range, { limit: ROWS_PER_READ, cursor });
      const rows = await this.messages.getMany(page.refs.map(({ seq }) => ({ conversation, seq })));
      for (const row of rows) if (row !== undefined) yield row;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

const isNewer = (a: MessageRow, b: MessageRow): boolean =>
  a.facts.timeMs > b.facts.timeMs || (a.facts.timeMs === b.facts.timeMs && a.facts.seq > b.facts.seq);
