// Group commit. Writes of one turn, and all that arrive while a commit is on its way to the disk,
// go into the next commit together; it starts when the former one has ended, with no timer.
//
//   add() ──▶ open batch ──setImmediate──▶ committing ──fsync──▶ resolved
//                  ▲                            │
//                  └── writes meanwhile         └── failure: it and everything behind it rejects
//
// A batch that waits may have been computed from what is still being committed (transactions read it).
// So when a commit fails, whatever waits behind it fails with it: all callers may repeat.
import { ChatError, ErrorCode } from '@parley/kernel';
import { LaterWrites } from './later-writes.js';
import { COMMIT_BYTES_MAX, PUT_LATER_DELAY_MS, WAITING_BYTES_MAX } from './limits.js';
import { NOT_WRITTEN, SpaceWrites } from './space-writes.js';
import { databaseClosed } from './storage-error.js';

export class Batch<S> {
  readonly spaces = new Map<S, SpaceWrites>();
  readonly settled: Promise<void>;
  bytes = 0;
  resolve!: () => void;
  reject!: (error: ChatError) => void;

  constructor() {
    this.settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A batch of putLater alone has nobody who waits; whoever does wait still sees the rejection.
    this.settled.catch(() => undefined);
  }

  writesOf(space: S): SpaceWrites {
    let writes = this.spaces.get(space);
    if (!writes) {
      writes = new SpaceWrites();
      this.spaces.set(space, writes);
    }
    return writes;
  }
}

export interface CommitQueueOptions<S> {
  /** Makes a batch durable. Never called while a former call is unsettled. */
  readonly commit: (batch: Batch<S>) => Promise<void>;
  readonly toError: (thrown: unknown) => ChatError;
}

export class CommitQueue<S> {
  readonly #options: CommitQueueOptions<S>;
  /** The batch that is being committed first, if any; the open one last. */
  #batches: Batch<S>[] = [];
  #isCommitting = false;
  #isScheduled = false;
  #isClosed = false;
  #waitingBytes = 0;
  readonly #later = new LaterWrites<S>();
  #laterTimer: NodeJS.Timeout | undefined;
  readonly #betweenCommits: (() => void)[] = [];

  constructor(options: CommitQueueOptions<S>) {
    this.#options = options;
  }

  add(space: S, key: Uint8Array, value: Uint8Array | undefined): Promise<void> {
    try {
      const batch = this.#admit(key.length + (value?.length ?? 0));
      batch.writesOf(space).add(key, value);
      return batch.settled;
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** Adds writes that must not be torn apart. */
  addAll(writes: ReadonlyMap<S, SpaceWrites>, bytes: number): Promise<void> {
    const batch = this.#admit(bytes);
    for (const [space, ofSpace] of writes) batch.writesOf(space).addAll(ofSpace);
    return batch.settled;
  }

  addLater(space: S, key: Uint8Array, value: Uint8Array): void {
    // It may be lost with the process, so it may be lost with the database.
    if (this.#isClosed) return;
    this.#later.set(space, key, value);
    this.#laterTimer ??= setTimeout(() => this.#flushLater(), PUT_LATER_DELAY_MS);
  }

  /** The newest write of the key that is not yet durable. */
  find(space: S, key: Uint8Array): Uint8Array | undefined | typeof NOT_WRITTEN {
    for (let i = this.#batches.length - 1; i >= 0; i--) {
      const writes = this.#batches[i]?.spaces.get(space);
      const found = writes ? writes.find(key) : NOT_WRITTEN;
      if (found !== NOT_WRITTEN) return found;
    }
    return NOT_WRITTEN;
  }

  /** Settles when everything that was added before is durable or failed. */
  get settled(): Promise<void> {
    return this.#batches.at(-1)?.settled ?? Promise.resolve();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Runs `fn` while no commit is running. */
  betweenCommits<T>(fn: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#betweenCommits.push(() => {
        try {
          resolve(fn());
        } catch (thrown) {
          reject(this.#options.toError(thrown));
        }
      });
      if (!this.#isCommitting) this.#runBetweenCommits();
    });
  }

  /** Refuses further writes, commits what waits, settles when all has settled. */
  async close(): Promise<void> {
    this.#flushLater();
    this.#isClosed = true;
    while (this.#batches.length > 0) {
      // The writers saw a failure; closing goes on.
      await this.settled.catch(() => undefined);
    }
  }

  #admit(bytes: number): Batch<S> {
    if (this.#isClosed) throw databaseClosed();
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX) {
      throw new ChatError(ErrorCode.OVERLOADED, 'the disk does not keep up with the writes: try again later');
    }
    let batch = this.#batches.at(-1);
    const isOpen =
      batch && !(this.#isCommitting && this.#batches.length === 1) && batch.bytes < COMMIT_BYTES_MAX;
    if (!batch || !isOpen) {
      batch = new Batch<S>();
      this.#batches.push(batch);
    }
    batch.bytes += bytes;
    this.#waitingBytes += bytes;
    this.#schedule();
    return batch;
  }

  #schedule(): void {
    if (this.#isCommitting || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#commitNext();
    });
  }

  async #commitNext(): Promise<void> {
    const batch = this.#batches[0];
    if (!batch) return;
    this.#later.moveTo((space) => batch.writesOf(space));
    clearTimeout(this.#laterTimer);
    this.#laterTimer = undefined;
    this.#isCommitting = true;
    try {
      await this.#options.commit(batch);
      this.#batches.shift();
      this.#waitingBytes -= batch.bytes;
      batch.resolve();
    } catch (thrown) {
      this.#failAll(this.#options.toError(thrown));
    }
    this.#isCommitting = false;
    this.#runBetweenCommits();
    if (this.#batches.length > 0) this.#schedule();
  }

  #failAll(error: ChatError): void {
    const failed = this.#batches;
    this.#batches = [];
    this.#waitingBytes = 0;
    for (const batch of failed) batch.reject(error);
  }

  #runBetweenCommits(): void {
    for (const run of this.#betweenCommits.splice(0)) run();
  }

  #flushLater(): void {
    this.#laterTimer = undefined;
    if (!this.#later.isEmpty) this.#admit(0);
  }
}
