// One environment in one directory, for one process.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { ByteSpace, EmbeddedDatabase, Entry, RangeOptions, Transaction } from './byte-space.js';
import { type Batch, CommitQueue } from './commit-queue.js';
import { checkFormat, stampFormat } from './data-format.js';
import { type DirectoryLock, lockDirectory } from './directory-lock.js';
import { INITIAL_MAP_BYTES, KEY_BYTES_MAX, VALUE_BYTES_MAX } from './limits.js';
import {
  commit,
  commitInPlace,
  type LmdbTable,
  openEnvironment,
  openTable,
  readRange,
  readTable,
} from './lmdb-environment.js';
import { NOT_WRITTEN, SpaceWrites } from './space-writes.js';
import { databaseClosed, toStorageError } from './storage-error.js';

export interface EmbeddedDatabaseOptions {
  /** Created with mode 0700 when absent. Holds `db/`, `format.json`, `lock` and `lock-owner`. */
  readonly dir: string;
  /** Address space to reserve at first, bytes; grows by itself. Default 1 GiB. */
  readonly initialMapBytes?: number;
}

/**
 * Opens the database of a data directory.
 * @throws ChatError UNAVAILABLE when the directory is in use, full or not writable; INTERNAL
 * when a newer version wrote it. Each has one sentence with the remedy, and nothing was changed.
 */
export async function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { dir, initialMapBytes = INITIAL_MAP_BYTES } = options;
  let lock: DirectoryLock | undefined;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    checkFormat(dir);
    lock = lockDirectory(dir);
    mkdirSync(join(dir, 'db'), { recursive: true, mode: 0o700 });
    chmodSync(join(dir, 'db'), 0o700);
    const environment = openEnvironment({ dir, initialMapBytes });
    stampFormat(dir);
    return new LmdbDatabase(dir, environment, lock);
  } catch (thrown) {
    lock?.release();
    throw toStorageError(dir, thrown);
  }
}

function problemOf(key: Uint8Array, value?: Uint8Array): ChatError | undefined {
  if (key.length < 1 || key.length > KEY_BYTES_MAX) {
    return new ChatError(ErrorCode.INTERNAL, `a key has 1 to ${KEY_BYTES_MAX} bytes, not ${key.length}`);
  }
  if (value && value.length > VALUE_BYTES_MAX) {
    return new ChatError(
      ErrorCode.INTERNAL,
      `a value has at most ${VALUE_BYTES_MAX} bytes, not ${value.length}`,
    );
  }
  return undefined;
}

function check(key: Uint8Array, value?: Uint8Array): void {
  const problem = problemOf(key, value);
  if (problem) throw problem;
}

class LmdbSpace implements ByteSpace {
  constructor(
    readonly name: string,
    readonly table: LmdbTable,
    private readonly queue: CommitQueue<LmdbSpace>,
  ) {}

  get(key: Uint8Array): Buffer | undefined {
    check(key);
    return readTable(this.table, key);
  }

  range(options: RangeOptions): Entry[] {
    return readRange(this.table, options);
  }

  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    const problem = problemOf(key, value);
    return problem ? Promise.reject(problem) : this.queue.add(this, key, value);
  }

  remove(key: Uint8Array): Promise<void> {
    const problem = problemOf(key);
    return problem ? Promise.reject(problem) : this.queue.add(this, key, undefined);
  }

  putLater(key: Uint8Array, value: Uint8Array): void {
    check(key, value);
    this.queue.addLater(this, key, value);
  }
}

class LmdbTransaction implements Transaction {
  readonly writes = new Map<LmdbSpace, SpaceWrites>();
  bytes = 0;

  constructor(private readonly queue: CommitQueue<LmdbSpace>) {}

  get(space: ByteSpace, key: Uint8Array): Buffer | undefined {
    const lmdbSpace = space as LmdbSpace;
    const writes = this.writes.get(lmdbSpace);
    const own = writes ? writes.find(key) : NOT_WRITTEN;
    const newest = own === NOT_WRITTEN ? this.queue.find(lmdbSpace, key) : own;
    if (newest === NOT_WRITTEN) return lmdbSpace.get(key);
    return newest && Buffer.from(newest);
  }

  put(space: ByteSpace, key: Uint8Array, value: Uint8Array): void {
    this.#add(space as LmdbSpace, key, value);
  }

  remove(space: ByteSpace, key: Uint8Array): void {
    this.#add(space as LmdbSpace, key, undefined);
  }

  #add(space: LmdbSpace, key: Uint8Array, value: Uint8Array | undefined): void {
    check(key, value);
    let writes = this.writes.get(space);
    if (!writes) {
      writes = new SpaceWrites();
      this.writes.set(space, writes);
    }
    writes.add(key, value);
    this.bytes += key.length + (value?.length ?? 0);
  }
}

class LmdbDatabase implements EmbeddedDatabase {
  readonly #environment: ReturnType<typeof openEnvironment>;
  readonly #lock: DirectoryLock;
  readonly #spaces = new Map<string, Promise<LmdbSpace>>();
  readonly #queue: CommitQueue<LmdbSpace>;
  #hasFailed = false;
  #closed: Promise<void> | undefined;

  constructor(dir: string, environment: ReturnType<typeof openEnvironment>, lock: DirectoryLock) {
    this.#environment = environment;
    this.#lock = lock;
    this.#queue = new CommitQueue({
      commit: (batch) => this.#commit(batch),
      toError: (thrown) => toStorageError(dir, thrown),
    });
  }

  space(name: string): Promise<ByteSpace> {
    if (this.#closed) return Promise.reject(databaseClosed());
    let space = this.#spaces.get(name);
    if (!space) {
      space = this.#queue.betweenCommits(
        () => new LmdbSpace(name, openTable(this.#environment, name), this.#queue),
      );
      this.#spaces.set(name, space);
    }
    return space;
  }

  async transact<T>(fn: (transaction: Transaction) => T): Promise<T> {
    if (this.#closed) throw databaseClosed();
    const transaction = new LmdbTransaction(this.#queue);
    const result = fn(transaction);
    if (transaction.writes.size === 0) await this.#queue.settled;
    else await this.#queue.addAll(transaction.writes, transaction.bytes);
    return result;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#environment.close();
    this.#lock.release();
  }

  /** Asynchronous as long as all is well; see {@link commitInPlace}. */
  async #commit(batch: Batch<LmdbSpace>): Promise<void> {
    const writes = [...batch.spaces].map(([space, ofSpace]) => [space.table, ofSpace] as const);
    try {
      if (this.#hasFailed) commitInPlace(this.#environment, writes);
      else await commit(this.#environment, writes);
      this.#hasFailed = false;
    } catch (thrown) {
      this.#hasFailed = true;
      throw thrown;
    }
  }
}
