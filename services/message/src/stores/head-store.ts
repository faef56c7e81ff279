// Rows of conversation heads.
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import type { ConversationHead } from '../domain/conversation-head.js';
import { decodeRecalled, encodeRecalled } from '../encoding/recalled-encoding.js';
import { conversationHeads } from '../tables.js';
import type { ConversationRef } from './message-store.js';

const HEADS_PER_READ = 1_000;

const rowKey = (conversation: ConversationRef) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
});

export class HeadStore {
  readonly #flights = new Map<string, Promise<ConversationHead | undefined>>();

  constructor(private readonly tables: TableStore) {}

  /**
   * Reads at once of one conversation share one read. `freshness` says what the reader must see: reads
   * share only when it is equal, so nobody joins a read that began before the write it waited for.
   */
  get(conversation: ConversationRef, freshness: bigint): Promise<ConversationHead | undefined> {
    const key = `${conversation.appId}/${conversation.id}@${freshness}`;
    const running = this.#flights.get(key);
    if (running !== undefined) return running;
    const flight = this.tables
      .get(conversationHeads, rowKey(conversation))
      .then((row) => row && toHead(row))
      .finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** In the order asked; any number. */
  async getMany(conversations: readonly ConversationRef[]): Promise<(ConversationHead | undefined)[]> {
    const heads: (ConversationHead | undefined)[] = [];
    for (let at = 0; at < conversations.length; at += HEADS_PER_READ) {
      const keys = conversations.slice(at, at + HEADS_PER_READ).map(rowKey);
      for (const row of await this.tables.getMany(conversationHeads, keys)) heads.push(row && toHead(row));
    }
    return heads;
  }
}

export function putHead(
  conversation: ConversationRef,
  head: ConversationHead,
): Write<typeof conversationHeads> {
  return put(
    conversationHeads,
    {
      ...rowKey(conversation),
      next_offset: head.nextOffset,
      seq: head.seq,
      taken_seq: head.takenSeq,
      count_from_first: head.countFromFirst,
      count_from_second: head.countFromSecond,
      last_seq_first: head.lastSeqFirst,
      last_seq_second: head.lastSeqSecond,
      last_time_ms: BigInt(head.lastTimeMs),
      imported_seq_max: head.importedSeqMax,
      import_run_first: head.importRunFirst,
      late_count: head.lateCount,
      updated_at_ms: BigInt(head.updatedAtMs),
      change_seq: head.changeSeq,
      cleared_seq: head.clearedSeq,
      recalled: encodeRecalled(head.recalled),
      read_by_all_seq: head.readByAllSeq,
      mention_seq: head.mentionSeq,
    },
    head.nextOffset,
  );
}

const toHead = (row: Row<typeof conversationHeads>): ConversationHead => ({
  nextOffset: row.next_offset,
  seq: row.seq,
  takenSeq: row.taken_seq,
  countFromFirst: row.count_from_first,
  countFromSecond: row.count_from_second,
  lastSeqFirst: row.last_seq_first,
  lastSeqSecond: row.last_seq_second,
  lastTimeMs: Number(row.last_time_ms),
  importedSeqMax: row.imported_seq_max,
  importRunFirst: row.import_run_first,
  lateCount: row.late_count,
  updatedAtMs: Number(row.updated_at_ms),
  changeSeq: row.change_seq,
  clearedSeq: row.cleared_seq,
  recalled: decodeRecalled(row.recalled),
  readByAllSeq: row.read_by_all_seq,
  mentionSeq: row.mention_seq,
});
