// How far the tables follow the log: what has been appended, what the history writer has
// written, and the bounded wait between them (promise P7).
//
// Not here: writing itself (consumers/history-writer.ts).
import type { EventLog } from '@parley/event-log';
import { ChatError, type Clock } from '@parley/kernel';
import { VOID_AFTER_MS } from '../domain/limits.js';
import { HISTORY_GROUP, messagesTopic } from '../topics.js';
import { NextAnswer } from './next-answer.js';

/** How often waiting readers look at the group's committed offsets and at their time limits. */
const LOOK_MS = 25;
/** How long a start waits for the log, and how often it asks. */
const START_WAIT_MS = 30_000;
const START_PAUSE_MS = 250;
/** Reads that wait at once; beyond it a read goes on with what there is. */
const WAITING_MAX = 10_000;

interface Waiter {
  readonly partition: number;
  readonly target: bigint;
  /** By performance.now(). */
  readonly giveUpAt: number;
  readonly settle: (isCaughtUp: boolean) => void;
}

export interface HistoryProgressOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  /** No other process appends: what this one appended is the log's end. */
  readonly isSoleProcess: boolean;
  /** Called when a reader begins to wait for the writer. */
  readonly onAwaited?: () => void;
}

export class HistoryProgress {
  readonly #ends: NextAnswer<bigint[]>;
  readonly #committed: NextAnswer<bigint[]>;
  #appended: bigint[] = [];
  #written: bigint[] = [];
  /** Partitions with a failed append that may still appear, and until when it may. */
  readonly #doubts = new Map<number, number>();
  #waiters: Waiter[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #isStopped = false;

  constructor(private readonly options: HistoryProgressOptions) {
    const { log } = options;
    this.#ends = new NextAnswer(() => log.endOffsets(messagesTopic));
    this.#committed = new NextAnswer(() => log.committedOffsets(messagesTopic, HISTORY_GROUP));
  }

  /**
   * Learns where the log and the writer stand. Before the first append and the first record. A log that has
   * just come up may take a while until it knows its groups: it is asked for START_WAIT_MS.
   */
  async start(): Promise<void> {
    const giveUpAt = performance.now() + START_WAIT_MS;
    while (!(await this.#learn(performance.now() >= giveUpAt))) {
      await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
    }
  }

  /** False: the log is away, and this is not the last time. */
  async #learn(isLast: boolean): Promise<boolean> {
    try {
      this.#appended = [...(await this.#ends.get())];
      this.#written = [...(await this.#committed.get())];
      return true;
    } catch (thrown) {
      if (isLast || !ChatError.from(thrown).isRetryable) throw thrown;
      return false;
    }
  }

  /** Whoever waits, or still comes, goes on with what there is. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const waiter of this.#waiters.splice(0)) waiter.settle(false);
  }

  /** This process appended the record at `offset`. */
  appended(partition: number, offset: bigint): void {
    if (offset >= (this.#appended[partition] ?? 0n)) this.#appended[partition] = offset + 1n;
  }

  /** An append of this process failed, or seems to have: until it cannot appear any more, only the log knows its end. */
  doubt(partition: number): void {
    this.#doubts.set(partition, this.options.clock.now() + VOID_AFTER_MS);
  }

  /** Everything below `nextOffset` is in the tables. */
  written(partition: number, nextOffset: bigint): void {
    if (nextOffset <= (this.#written[partition] ?? 0n)) return;
    this.#written[partition] = nextOffset;
    if (this.#waiters.length > 0) this.#settleReached();
  }

  /** Whether readers wait for the writer now. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  /** The offset up to which the tables are known to follow: rises with every write that a reader may depend on. */
  knownWritten(partition: number): bigint {
    return this.#written[partition] ?? 0n;
  }

  /** Records of this process that the writer has not reached. */
  behind(): bigint {
    let records = 0n;
    this.#appended.forEach((end, partition) => {
      const written = this.#written[partition] ?? 0n;
      if (end > written) records += end - written;
    });
    return records;
  }

  /**
   * Waits until the tables hold everything that the log held when this was called, at most `limitMs`.
   * Answers whether they do; at once and without I/O in a single process that is not behind.
   */
  async catchUp(partition: number, limitMs: number): Promise<boolean> {
    const isLocal = this.options.isSoleProcess && !this.#doubts.has(partition);
    const target = isLocal ? (this.#appended[partition] ?? 0n) : await this.#askEnd(partition);
    if (this.knownWritten(partition) >= target) return true;
    if (!this.options.isSoleProcess) {
      await this.#look();
      if (this.knownWritten(partition) >= target) return true;
    }
    if (this.#isStopped || this.#waiters.length >= WAITING_MAX) return false;
    return new Promise((settle) => {
      this.#waiters.push({ partition, target, giveUpAt: performance.now() + limitMs, settle });
      this.#timer ??= setInterval(() => void this.#tick(), LOOK_MS);
      this.options.onAwaited?.();
    });
  }

  /** The same for every partition. */
  async catchUpAll(limitMs: number): Promise<boolean> {
    const all = await Promise.all(this.#written.map((_, partition) => this.catchUp(partition, limitMs)));
    return all.every(Boolean);
  }

  async #askEnd(partition: number): Promise<bigint> {
    const doubtEndsAtMs = this.#doubts.get(partition) ?? Number.POSITIVE_INFINITY;
    const isDoubtOver = this.options.clock.now() >= doubtEndsAtMs;
    const end = (await this.#ends.get())[partition] ?? 0n;
    if (end > 0n) this.appended(partition, end - 1n);
    // Unless another append failed meanwhile.
    if (isDoubtOver && this.#doubts.get(partition) === doubtEndsAtMs) this.#doubts.delete(partition);
    return end;
  }

  async #tick(): Promise<void> {
    this.#settleReached();
    this.#settleLate();
    if (this.#waiters.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    // Another process may be the writer, or a record may have become a dead letter.
    await this.#look().catch(() => {
      // The log is away: the waiters' limits end their waiting, and each caller reports that.
    });
  }

  async #look(): Promise<void> {
    const committed = await this.#committed.get();
    committed.forEach((offset, partition) => {
      this.written(partition, offset);
    });
  }

  #settleReached(): void {
    this.#settle((waiter) => this.knownWritten(waiter.partition) >= waiter.target, true);
  }

  #settleLate(): void {
    const now = performance.now();
    this.#settle((waiter) => waiter.giveUpAt <= now, false);
  }

  #settle(isDone: (waiter: Waiter) => boolean, isCaughtUp: boolean): void {
    const done = this.#waiters.filter(isDone);
    if (done.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
    for (const waiter of done) waiter.settle(isCaughtUp);
  }
}
