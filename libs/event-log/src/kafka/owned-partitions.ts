// The partitions that one member of a group has now, each with its buffer and its loop, and the handlers of
// those that it has no more.
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { PartitionLoop } from '../consumer/partition-loop.js';
import type { LogRecord, SubscribeOptions } from '../event-log.js';
import { RecordBuffer } from './record-buffer.js';

/** What the driver is told about a partition. */
export interface Fetching {
  setPaused(partition: number, isPaused: boolean): void;
  seek(partition: number, offset: bigint): void;
}

export interface OwnedPartitionsOptions {
  readonly subscription: SubscribeOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetching: Fetching;
  readonly commit: (partition: number, next: bigint) => void;
  /** Nothing of the partition is to be committed any more. */
  readonly forget: (partition: number) => void;
  readonly bury: (record: LogRecord, reason: string) => Promise<void>;
}

interface Owned {
  readonly buffer: RecordBuffer;
  readonly loop: PartitionLoop;
}

export class OwnedPartitions {
  readonly #options: OwnedPartitionsOptions;
  readonly #owned = new Map<number, Owned>();
  /** Loops of partitions that were taken away, until their handlers have ended. */
  readonly #ending = new Map<number, Promise<void>>();

  constructor(options: OwnedPartitionsOptions) {
    this.#options = options;
  }

  get partitions(): readonly number[] {
    return [...this.#owned.keys()];
  }

  has(partition: number): boolean {
    return this.#owned.has(partition);
  }

  /** Records that are not finished, as last heard. */
  get lag(): number {
    return [...this.#owned.values()].reduce((sum, { buffer }) => sum + buffer.lag, 0);
  }

  heardOfEnds(ends: readonly bigint[]): void {
    for (const [partition, { buffer }] of this.#owned) buffer.heardOfEnd(ends[partition] ?? 0n);
  }

  /** Fetched records; of a partition that is somebody else's they are dropped. */
  take(partition: number, records: readonly LogRecord[], end: bigint): void {
    this.#owned.get(partition)?.buffer.take(records, end);
  }

  /** A new partition; `from` is where to go on when that is not where the group stands. */
  own(partition: number, from?: bigint): void {
    const { subscription, clock, logger, fetching, commit, bury } = this.#options;
    const buffer = new RecordBuffer({
      partition,
      setPaused: (isPaused) => fetching.setPaused(partition, isPaused),
      onCommit: (next) => commit(partition, next),
      bury,
    });
    const loop = new PartitionLoop({ source: buffer, subscription, clock, logger });
    this.#owned.set(partition, { buffer, loop });
    // The former buffer of the partition may have left it paused.
    fetching.setPaused(partition, false);
    if (from !== undefined) fetching.seek(partition, from);
    // One handler at a time for a partition, in this process at least.
    const former = this.#ending.get(partition);
    if (former) void former.then(() => loop.start());
    else loop.start();
  }

  /** The group was divided anew and the partition stays; the driver would go back to the saved offset. */
  keep(partition: number): void {
    const buffer = this.#owned.get(partition)?.buffer;
    if (buffer?.next !== undefined) this.#options.fetching.seek(partition, buffer.next);
    if (buffer?.finished !== undefined) this.#options.commit(partition, buffer.finished);
  }

  /** Aborts the handler and forgets the rest. Answers where to go on, should nobody else get the partition. */
  revoke(partition: number): bigint | undefined {
    const owned = this.#owned.get(partition);
    if (!owned) return undefined;
    const { standing } = owned.buffer;
    this.#owned.delete(partition);
    owned.buffer.revoke();
    this.#options.forget(partition);
    const former = this.#ending.get(partition);
    const ending: Promise<void> = Promise.all([former, owned.loop.stop()]).then(() => {
      if (this.#ending.get(partition) === ending) this.#ending.delete(partition);
    });
    this.#ending.set(partition, ending);
    return standing;
  }

  /** Aborts all handlers and resolves when they have ended; what they finished is still committed. */
  async stop(): Promise<void> {
    await Promise.all([...this.#owned.values()].map(({ loop }) => loop.stop()));
    await Promise.all(this.#ending.values());
  }
}
