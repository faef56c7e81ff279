// Rows of history: bytes ⇄ messages, and numbers ⇄ buckets.
import { type AppId, type ConversationId, MESSAGES_PER_BUCKET } from '@parley/kernel';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import type { StoredMessage } from '../domain/message-facts.js';
import { readFacts } from '../encoding/message-encoding.js';
import { messages } from '../tables.js';

/** Names a conversation in every table. */
export interface ConversationRef {
  readonly appId: AppId;
  readonly id: ConversationId;
}

export interface MessageRow extends StoredMessage {
  readonly logOffset: bigint;
  /** 0n when it is no import. */
  readonly importRunFirst: bigint;
}

export interface MessageRef {
  readonly conversation: ConversationRef;
  readonly seq: bigint;
}

export interface RowPage {
  readonly rows: MessageRow[];
  /** No rows beyond these in the direction and range of the scan. */
  readonly isExhausted: boolean;
}

const bucketOf = (seq: bigint): bigint => seq / MESSAGES_PER_BUCKET;

const rowKey = (conversation: ConversationRef, seq: bigint) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
  bucket: Number(bucketOf(seq)),
  seq,
});

const partition = (conversation: ConversationRef, bucket: bigint) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
  bucket: Number(bucket),
});

export class MessageStore {
  constructor(private readonly tables: TableStore) {}

  /** In the order asked; at most 1,000. */
  async getMany(refs: readonly MessageRef[]): Promise<(MessageRow | undefined)[]> {
    if (refs.length === 0) return [];
    const rows = await this.tables.getMany(
      messages,
      refs.map((ref) => rowKey(ref.conversation, ref.seq)),
    );
    return rows.map((row) => row && toMessageRow(row));
  }

  /**
   * Up to `limit` rows below `belowSeq` (exclusive), from high numbers to low.
   * `belowSeq` must not be far above the head: every bucket on the way costs a read.
   */
  async scanDown(conversation: ConversationRef, belowSeq: bigint, limit: number): Promise<RowPage> {
    const rows: MessageRow[] = [];
    if (belowSeq <= 1n) return { rows, isExhausted: true };
    for (let bucket = bucketOf(belowSeq - 1n); bucket >= 0n; bucket--) {
      const page = await this.tables.scan(messages, partition(conversation, bucket), {
        to: { seq: belowSeq },
        isToExclusive: true,
        isReverse: true,
        limit: limit - rows.length,
      });
      for (const row of page.rows) rows.push(toMessageRow(row));
      if (rows.length >= limit) return { rows, isExhausted: false };
    }
    return { rows, isExhausted: true };
  }

  /** Up to `limit` rows above `afterSeq` (exclusive) and not above `lastSeq`, from low numbers to high. */
  async scanUp(
    conversation: ConversationRef,
    range: { readonly afterSeq: bigint; readonly lastSeq: bigint },
    limit: number,
  ): Promise<RowPage> {
    const rows: MessageRow[] = [];
    for (let bucket = bucketOf(range.afterSeq + 1n); bucket <= bucketOf(range.lastSeq); bucket++) {
      const page = await this.tables.scan(messages, partition(conversation, bucket), {
        from: { seq: range.afterSeq },
        isFromExclusive: true,
        to: { seq: range.lastSeq },
        limit: limit - rows.length,
      });
      for (const row of page.rows) rows.push(toMessageRow(row));
      if (rows.length >= limit) return { rows, isExhausted: false };
    }
    return { rows, isExhausted: true };
  }

  /** The message with the highest number that is not above `seq`. */
  async newestUpTo(conversation: ConversationRef, seq: bigint): Promise<MessageRow | undefined> {
    return (await this.scanDown(conversation, seq + 1n, 1)).rows[0];
  }
}

export function putMessage(
  conversation: ConversationRef,
  seq: bigint,
  row: { readonly bytes: Uint8Array; readonly logOffset: bigint; readonly importRunFirst: bigint },
): Write<typeof messages> {
  return put(messages, {
    ...rowKey(conversation, seq),
    message: row.bytes,
    log_offset: row.logOffset,
    import_run_first: row.importRunFirst,
  });
}

const toMessageRow = (row: Row<typeof messages>): MessageRow => ({
  facts: readFacts(row.message),
  bytes: row.message,
  logOffset: row.log_offset,
  importRunFirst: row.import_run_first,
});
