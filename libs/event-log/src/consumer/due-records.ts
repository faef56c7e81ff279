import type { LogRecord } from '../event-log.js';

/** Time that a delayed group lets pass beyond the first due record, so that records come in batches. */
const GATHER_MAX_MS = 250;
const GATHER_PART = 8;

export interface DueRecords {
  readonly due: readonly LogRecord[];
  readonly early: readonly LogRecord[];
  /** With nothing due: how long to wait before asking again. */
  readonly waitMs: number;
}

/** Splits records, which are in order of age, into those old enough and the rest. */
export function splitByAge(records: readonly LogRecord[], delayMs: number, nowMs: number): DueRecords {
  const firstEarly = delayMs === 0 ? -1 : records.findIndex((it) => it.appendedAtMs + delayMs > nowMs);
  if (firstEarly < 0) return { due: records, early: [], waitMs: 0 };
  const early = records.slice(firstEarly);
  const untilDueMs = (early[0] as LogRecord).appendedAtMs + delayMs - nowMs;
  const waitMs = firstEarly > 0 ? 0 : untilDueMs + Math.min(delayMs / GATHER_PART, GATHER_MAX_MS);
  return { due: records.slice(0, firstEarly), early, waitMs };
}
