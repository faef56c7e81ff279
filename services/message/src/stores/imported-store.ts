// Imported messages in the order of their original time.
import { put, type TableStore, type Write } from '@parley/table-store';
import { importedByTime } from '../tables.js';
import type { ConversationRef } from './message-store.js';

export interface ImportedRef {
  readonly timeMs: number;
  readonly seq: bigint;
}

export class ImportedStore {
  constructor(private readonly tables: TableStore) {}

  /** Up to `limit` imports with a time in the range, both ends inclusive, from new to old, after `cursor`. */
  async scanDown(
    conversation: ConversationRef,
    range: { readonly minTimeMs: number; readonly maxTimeMs: number },
    page: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<{ refs: ImportedRef[]; cursor: string | undefined }> {
    const found = await this.tables.scan(
      importedByTime,
      { app_id: conversation.appId as number, conversation: conversation.id as string },
      {
        from: { time_ms: BigInt(range.minTimeMs) },
        to: { time_ms: BigInt(range.maxTimeMs) },
        isReverse: true,
        limit: page.limit,
        ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      },
    );
    const refs = found.rows.map((row) => ({ timeMs: Number(row.time_ms), seq: row.seq }));
    return { refs, cursor: found.cursor };
  }
}

export const putImported = (
  conversation: ConversationRef,
  ref: ImportedRef,
  logOffset: bigint,
): Write<typeof importedByTime> =>
  put(importedByTime, {
    app_id: conversation.appId as number,
    conversation: conversation.id as string,
    time_ms: BigInt(ref.timeMs),
    seq: ref.seq,
    log_offset: logOffset,
  });
