// How far a range of a conversation is complete. A hole is void when no append of its number
// can be accepted any more, pending before.
import { VOID_AFTER_MS } from './limits.js';

/** Asked again after this time when the history writer is behind, ms. */
export const BEHIND_RETRY_MS = 500;

export interface RangeRead {
  readonly afterSeq: bigint;
  /** The rows that were found above afterSeq, ascending, without a gap in reading. */
  readonly rows: readonly { readonly seq: bigint; readonly numberedAtMs: number }[];
  /** A time before the log's end was taken that the rows reach. */
  readonly asOfMs: number;
  /** Whether the history writer had passed the end that the log had at asOfMs. */
  readonly isCaughtUp: boolean;
}

export interface Completeness {
  readonly completeTo: bigint;
  /** Rows up to completeTo. */
  readonly rowsComplete: number;
  /** 0: no pending hole stopped it. */
  readonly pendingForMs: number;
}

export function decideComplete(read: RangeRead): Completeness {
  let completeTo = read.afterSeq;
  let rowsComplete = 0;
  for (const row of read.rows) {
    if (row.seq > completeTo + 1n) {
      const pendingForMs = pendingFor(row.numberedAtMs, read);
      if (pendingForMs > 0) return { completeTo, rowsComplete, pendingForMs };
    }
    completeTo = row.seq;
    rowsComplete++;
  }
  return { completeTo, rowsComplete, pendingForMs: 0 };
}

/** A hole is older than the message above it: that was numbered later. */
function pendingFor(numberedAboveAtMs: number, read: RangeRead): number {
  const leftMs = numberedAboveAtMs + VOID_AFTER_MS - read.asOfMs;
  if (leftMs >= 0) return leftMs + 1;
  return read.isCaughtUp ? 0 : BEHIND_RETRY_MS;
}
