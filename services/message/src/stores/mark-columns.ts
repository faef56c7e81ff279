// The columns of a read mark, the same in every table that has one.
import type { ReadMark } from '../domain/unread.js';

export interface MarkColumns {
  readonly read_seq: bigint;
  readonly read_count: bigint;
  readonly read_late_count: bigint;
  readonly read_at_ms: bigint;
  readonly read_message_time_ms: bigint;
}

export const markColumns = (mark: ReadMark): MarkColumns => ({
  read_seq: mark.readSeq,
  read_count: mark.readCount,
  read_late_count: mark.readLateCount,
  read_at_ms: BigInt(mark.readAtMs),
  read_message_time_ms: BigInt(mark.readMessageTimeMs),
});

export const toMark = (row: MarkColumns): ReadMark => ({
  readSeq: row.read_seq,
  readCount: row.read_count,
  readLateCount: row.read_late_count,
  readAtMs: Number(row.read_at_ms),
  readMessageTimeMs: Number(row.read_message_time_ms),
});
