// The consumer of one partition for one member of a group: fetch, wait until due, run, commit.
//
//   idle ──start()──▶ running ──stop()──▶ stopping (the running handler ends) ──▶ stopped
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { LogRecord, SubscribeOptions } from '../event-log.js';
import { ATTEMPTS_DEFAULT, BATCH_BYTES_MAX, BATCH_RECORDS_DEFAULT } from '../limits.js';
import { splitByAge } from './due-records.js';
import { pause, retryPauseMs } from './pause.js';
import { runBatch } from './run-batch.js';

export interface FetchLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
}

/** One partition as a group sees it; what an engine provides. */
export interface PartitionSource {
  readonly partition: number;
  /** Durable records at or after the offset, in order, possibly none. */
  fetch(from: bigint, limits: FetchLimits): Promise<LogRecord[]> | LogRecord[];
  /** Calls back whenever records became durable, until the returned function is called. */
  onMore(listener: () => void): () => void;
  /** Where the group stands. */
  position(): bigint;
  /** The group has finished everything before `next`. */
  commit(next: bigint): void;
  bury(record: LogRecord, reason: string): Promise<void>;
}

export interface PartitionLoopOptions {
  readonly source: PartitionSource;
  readonly subscription: SubscribeOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class PartitionLoop {
  readonly #options: PartitionLoopOptions;
  readonly #limits: FetchLimits;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  /** Records may have come since the last fetch. */
  #isNotified = false;
  #wake: (() => void) | undefined;
  /** Fetched, but younger than the group's delay. */
  #early: readonly LogRecord[] = [];

  constructor(options: PartitionLoopOptions) {
    this.#options = options;
    const { batchRecordsMax = BATCH_RECORDS_DEFAULT } = options.subscription;
    this.#limits = { recordsMax: batchRecordsMax, bytesMax: BATCH_BYTES_MAX };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Aborts the handler's signal and resolves when the handler has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#notify();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { source } = this.#options;
    const unlisten = source.onMore(() => this.#notify());
    let position = source.position();
    while (!this.#abort.signal.aborted) {
      const due = await this.#nextDue(position);
      const last = due.at(-1);
      if (!last) continue;
      if ((await this.#handle(due)) === 'aborted') break;
      position = last.offset + 1n;
    }
    unlisten();
  }

  /** The next batch; empty after a wait, when the loop must look again. */
  async #nextDue(position: bigint): Promise<readonly LogRecord[]> {
    const { clock, subscription } = this.#options;
    const records = this.#early.length > 0 ? this.#early : await this.#fetch(position);
    if (records.length === 0) {
      await this.#untilNotified();
      return records;
    }
    const { due, early, waitMs } = splitByAge(records, subscription.delayMs ?? 0, clock.now());
    this.#early = early;
    if (due.length === 0) await pause(waitMs, this.#abort.signal);
    return due;
  }

  async #fetch(position: bigint): Promise<readonly LogRecord[]> {
    const { source, subscription, logger } = this.#options;
    for (let failures = 1; !this.#abort.signal.aborted; failures++) {
      try {
        this.#isNotified = false;
        return await source.fetch(position, this.#limits);
      } catch (thrown) {
        const { topic, group } = subscription;
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        logger.warn('fetch failed', { topic: topic.name, group, partition: source.partition, reason });
        await pause(retryPauseMs(failures), this.#abort.signal);
      }
    }
    return [];
  }

  #handle(records: readonly LogRecord[]): ReturnType<typeof runBatch> {
    const { source, subscription, logger } = this.#options;
    const { topic, group, handler, attemptsMax = ATTEMPTS_DEFAULT } = subscription;
    const batch = { topic: topic.name, partition: source.partition, records };
    return runBatch(batch, {
      group,
      handler,
      attemptsMax,
      signal: this.#abort.signal,
      bury: (record, reason) => source.bury(record, reason),
      finished: (next) => source.commit(next),
      logger,
    });
  }

  #notify(): void {
    this.#isNotified = true;
    this.#wake?.();
  }

  async #untilNotified(): Promise<void> {
    if (this.#isNotified || this.#abort.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
