// Rows of changes and of what became of them.

import type { messagev1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { changeOutcomes, changes } from '../tables.js';
import type { ConversationRef } from './message-store.js';

/** What the history writer decided on a change. */
export interface DecidedChange {
  /** Offset of the record that was decided on. */
  readonly logOffset: bigint;
  readonly outcome: messagev1.ChangeOutcome;
  /** 0n: not applied. */
  readonly changeSeq: bigint;
}

export interface StoredChange {
  readonly changeSeq: bigint;
  /** An encoded MessageChange. */
  readonly bytes: Uint8Array;
}

export class ChangeStore {
  constructor(private readonly tables: TableStore) {}

  /** Undefined: nothing was decided, or it is too long ago. */
  async outcome(stream: ConversationRef, dedupKey: string): Promise<DecidedChange | undefined> {
    const row = await this.tables.get(changeOutcomes, outcomeKey(stream, dedupKey));
    return row && { logOffset: row.log_offset, outcome: row.outcome, changeSeq: row.change_seq };
  }

  async get(stream: ConversationRef, changeSeq: bigint): Promise<Uint8Array | undefined> {
    const row = await this.tables.get(changes, { ...partition(stream), change_seq: changeSeq });
    return row?.change;
  }

  /** Up to `limit` changes above `afterSeq`, ascending. */
  async after(stream: ConversationRef, afterSeq: bigint, limit: number): Promise<StoredChange[]> {
    const page = await this.tables.scan(changes, partition(stream), {
      from: { change_seq: afterSeq },
      isFromExclusive: true,
      limit,
    });
    return page.rows.map((row) => ({ changeSeq: row.change_seq, bytes: row.change }));
  }
}

export const putChange = (
  stream: ConversationRef,
  { changeSeq, bytes }: StoredChange,
): Write<typeof changes> => put(changes, { ...partition(stream), change_seq: changeSeq, change: bytes });

export const putOutcome = (
  stream: ConversationRef,
  dedupKey: string,
  decided: DecidedChange,
): Write<typeof changeOutcomes> =>
  put(changeOutcomes, {
    ...outcomeKey(stream, dedupKey),
    log_offset: decided.logOffset,
    outcome: decided.outcome,
    change_seq: decided.changeSeq,
  });

const partition = (stream: ConversationRef) => ({
  app_id: stream.appId as number,
  conversation: stream.id as string,
});

const outcomeKey = (stream: ConversationRef, dedupKey: string) => ({
  ...partition(stream),
  dedup_key: dedupKey,
});
