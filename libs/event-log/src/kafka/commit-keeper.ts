// Offsets on their way to the group's coordinator: one request at a time, each with all that is new.
import type { Logger } from '@parley/telemetry';
import { pause, retryPauseMs } from '../consumer/pause.js';
import { reasonOf } from './kafka-error.js';

export interface CommitKeeperOptions {
  readonly save: (offsets: ReadonlyMap<number, bigint>) => Promise<void>;
  readonly logger: Logger;
  readonly topic: string;
  readonly group: string;
}

/** A group that was divided anew takes offsets again at once. */
const RETRY_PAUSE_MAX_MS = 1_000;

export class CommitKeeper {
  readonly #options: CommitKeeperOptions;
  readonly #closing = new AbortController();
  #unsaved = new Map<number, bigint>();
  /** What the request under way holds. */
  #underWay: Map<number, bigint> = new Map();
  #running: Promise<void> | undefined;

  constructor(options: CommitKeeperOptions) {
    this.#options = options;
  }

  /** The group has finished everything before `next`. */
  set(partition: number, next: bigint): void {
    this.#unsaved.set(partition, next);
    this.#running ??= this.#run();
  }

  /** The partition is somebody else's. */
  forget(partition: number): void {
    this.#unsaved.delete(partition);
    this.#underWay.delete(partition);
  }

  /** Saves what is unsaved; gives up at the first failure: those records come again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Partitions that finish in the same turn share a request.
    await Promise.resolve();
    for (let failures = 0; this.#unsaved.size > 0; ) {
      this.#underWay = this.#unsaved;
      this.#unsaved = new Map();
      try {
        await this.#options.save(this.#underWay);
        failures = 0;
      } catch (thrown) {
        failures++;
        this.#putBack();
        const { topic, group, logger } = this.#options;
        // While a group is being divided anew its coordinator takes no offsets: no reason to worry.
        if (failures > 3 || this.#closing.signal.aborted) {
          logger.warn('offsets not saved', { topic, group, failures, reason: reasonOf(thrown) });
        }
        if (this.#closing.signal.aborted) break;
        await pause(Math.min(retryPauseMs(failures), RETRY_PAUSE_MAX_MS), this.#closing.signal);
      }
    }
    this.#running = undefined;
  }

  #putBack(): void {
    for (const [partition, next] of this.#underWay) {
      if (!this.#unsaved.has(partition)) this.#unsaved.set(partition, next);
    }
  }
}
