// What every engine does with a batch once it has it: hand it over, try again, and when that does not
// help find the record that is to blame.
//
//   whole batch ──fails attemptsMax times──▶ records one by one ──one fails──▶ dead letter
//        │                                        │
//        └── a retryable ChatError: again, without end (nothing is wrong with the records)
import { ChatError } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { BatchHandler, LogBatch, LogRecord } from '../event-log.js';
import { REASON_CHARS_MAX } from '../limits.js';
import { pause, retryPauseMs } from './pause.js';

export interface BatchRun {
  readonly group: string;
  readonly handler: BatchHandler;
  readonly attemptsMax: number;
  /** Aborts when the partition is taken away. */
  readonly signal: AbortSignal;
  /** Writes a dead letter; durable when it resolves. */
  readonly bury: (record: LogRecord, reason: string) => Promise<void>;
  /** Called whenever all records before `next` are finished. */
  readonly finished: (next: bigint) => void;
  readonly logger: Logger;
}

/** `aborted`: some records of the batch are not finished and belong to somebody else now. */
export type BatchOutcome = 'finished' | 'aborted';

type Attempts = { readonly outcome: BatchOutcome } | { readonly outcome: 'failed'; readonly reason: string };

const isWorthRetrying = (thrown: unknown): boolean => thrown instanceof ChatError && thrown.isRetryable;

const reasonOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, REASON_CHARS_MAX);

/** Hands the records over until the handler takes them, has failed `attemptsMax` times, or the signal aborts. */
async function attempt(batch: LogBatch, run: BatchRun, attemptsMax: number): Promise<Attempts> {
  for (let failures = 1, blamed = 0; ; failures++) {
    if (run.signal.aborted) return { outcome: 'aborted' };
    try {
      await run.handler(batch, run.signal);
      return { outcome: 'finished' };
    } catch (thrown) {
      if (run.signal.aborted) return { outcome: 'aborted' };
      if (!isWorthRetrying(thrown)) blamed++;
      warn(run, batch, { failures, reason: reasonOf(thrown) });
      if (blamed >= attemptsMax) return { outcome: 'failed', reason: reasonOf(thrown) };
    }
    await pause(retryPauseMs(failures), run.signal);
  }
}

function warn(run: BatchRun, batch: LogBatch, failure: { failures: number; reason: string }): void {
  const { topic, partition, records } = batch;
  const offset = records[0]?.offset;
  run.logger.warn('batch failed', {
    topic,
    group: run.group,
    partition,
    offset,
    records: records.length,
    ...failure,
  });
}

/** Buries the record, however long that takes. */
async function bury(
  batch: LogBatch,
  record: LogRecord,
  reason: string,
  run: BatchRun,
): Promise<BatchOutcome> {
  for (let failures = 1; !run.signal.aborted; failures++) {
    try {
      await run.bury(record, reason);
    } catch (thrown) {
      warn(run, batch, { failures, reason: `no dead letter written: ${reasonOf(thrown)}` });
      await pause(retryPauseMs(failures), run.signal);
      continue;
    }
    const { topic, partition } = batch;
    run.logger.error('record buried', { topic, group: run.group, partition, offset: record.offset, reason });
    run.finished(record.offset + 1n);
    return 'finished';
  }
  return 'aborted';
}

async function runAlone(batch: LogBatch, record: LogRecord, run: BatchRun): Promise<BatchOutcome> {
  const alone = await attempt({ ...batch, records: [record] }, run, 1);
  if (alone.outcome === 'failed') return bury(batch, record, alone.reason, run);
  if (alone.outcome === 'finished') run.finished(record.offset + 1n);
  return alone.outcome;
}

/** Sees a batch through: every record is handled or buried, or the signal aborted. Never rejects. */
export async function runBatch(batch: LogBatch, run: BatchRun): Promise<BatchOutcome> {
  const { records } = batch;
  const last = records.at(-1);
  if (!last) return 'finished';
  const whole = await attempt(batch, run, run.attemptsMax);
  if (whole.outcome === 'finished') run.finished(last.offset + 1n);
  if (whole.outcome !== 'failed') return whole.outcome;
  if (records.length === 1) return bury(batch, last, whole.reason, run);
  for (const record of records) {
    if ((await runAlone(batch, record, run)) === 'aborted') return 'aborted';
  }
  return 'finished';
}
