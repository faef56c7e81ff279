// One environment in one directory, for one process.
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSpace, EmbeddedDatabase, Transaction } from './byte-space.js';
import { type Batch, CommitQueue } from './commit-queue.js';
import { checkFormat, stampFormat } from './data-format.js';
import { checkDatabaseFile, checkFreeSpace, checkWritable } from './directory-checks.js';
import { type DirectoryLock, lockDirectory } from './directory-lock.js';
import { COMMIT_RESERVE_BYTES, FREE_BYTES_MIN, INITIAL_MAP_BYTES, KEY_PAGES_BYTES } from './limits.js';
import {
  commit,
  commitInPlace,
  type Environment,
  openEnvironment,
  openTable,
  proveWritable,
} from './lmdb-environment.js';
import { LmdbSpace, LmdbTransaction } from './lmdb-space.js';
import { databaseClosed, toStorageError } from './storage-error.js';

export interface EmbeddedDatabaseOptions {
  /** Created with mode 0700 when absent. Gets `db/`, `format.json`, `lock` and `lock-owner`; engines add their own folders. */
  readonly dir: string;
  /** Address space to reserve at first, bytes; grows by itself. Default 1 GiB. */
  readonly initialMapBytes?: number;
  /** A commit that would leave less free space is refused with UNAVAILABLE. Default 16 MiB. */
  readonly reserveBytes?: number;
}

/**
 * Opens the database of a data directory.
 * @throws ChatError UNAVAILABLE when the directory is in use, full or not writable; INTERNAL when it is
 * damaged or a newer version wrote it. Each has one sentence with the remedy, and no data was changed.
 */
export async function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { dir, initialMapBytes = INITIAL_MAP_BYTES, reserveBytes = COMMIT_RESERVE_BYTES } = options;
  let lock: DirectoryLock | undefined;
  let environment: Environment | undefined;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    checkFormat(dir);
    checkWritable(dir);
    checkFreeSpace(dir, FREE_BYTES_MIN);
    lock = lockDirectory(dir);
    mkdirSync(join(dir, 'db'), { recursive: true, mode: 0o700 });
    chmodSync(join(dir, 'db'), 0o700);
    checkDatabaseFile(dir);
    environment = openEnvironment({ dir, initialMapBytes });
    proveWritable(environment);
    stampFormat(dir);
    return new LmdbDatabase({ dir, environment, lock, reserveBytes });
  } catch (thrown) {
    await environment?.close();
    lock?.release();
    throw toStorageError(dir, thrown);
  }
}

interface LmdbDatabaseOptions {
  readonly dir: string;
  readonly environment: Environment;
  readonly lock: DirectoryLock;
  readonly reserveBytes: number;
}

class LmdbDatabase implements EmbeddedDatabase {
  readonly dir: string;
  readonly #environment: Environment;
  readonly #lock: DirectoryLock;
  readonly #reserveBytes: number;
  readonly #spaces = new Map<string, Promise<LmdbSpace>>();
  readonly #queue: CommitQueue<LmdbSpace>;
  readonly #file: string;
  #hasFailed = false;
  #closed: Promise<void> | undefined;

  constructor({ dir, environment, lock, reserveBytes }: LmdbDatabaseOptions) {
    this.dir = dir;
    this.#environment = environment;
    this.#lock = lock;
    this.#reserveBytes = reserveBytes;
    this.#file = join(dir, 'db', 'data.mdb');
    this.#queue = new CommitQueue({
      commit: (batch) => this.#commit(batch),
      toError: (thrown) => toStorageError(dir, thrown),
    });
  }

  space(name: string): Promise<ByteSpace> {
    if (this.#closed) return Promise.reject(databaseClosed());
    let space = this.#spaces.get(name);
    if (!space) {
      space = this.#queue.betweenCommits(() => this.#openSpace(name));
      this.#spaces.set(name, space);
      // The next caller tries again.
      space.catch(() => this.#spaces.delete(name));
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

  #openSpace(name: string): LmdbSpace {
    return new LmdbSpace({
      name,
      table: openTable(this.#environment, name),
      queue: this.#queue,
      toError: (thrown) => toStorageError(this.dir, thrown),
    });
  }

  async #close(): Promise<void> {
    try {
      await this.#queue.close();
      await this.#environment.close();
    } finally {
      this.#lock.release();
    }
  }

  /** At most, by a rough count: values once more than they are, and never more pages than there are. */
  #bytesToWrite(batch: Batch<LmdbSpace>): number {
    let keys = 0;
    for (const { keys: ofSpace } of batch.spaces.values()) keys += ofSpace.length;
    const pages = keys * KEY_PAGES_BYTES;
    // A look at the file is worth it only when the count alone might refuse.
    const bound = pages < this.#reserveBytes ? pages : Math.min(pages, statSync(this.#file).size);
    return 2 * batch.bytes + bound;
  }

  /** Asynchronous as long as all is well; see {@link commitInPlace}. */
  async #commit(batch: Batch<LmdbSpace>): Promise<void> {
    const writes = [...batch.spaces].map(([space, ofSpace]) => [space.table, ofSpace] as const);
    checkFreeSpace(this.dir, this.#reserveBytes + this.#bytesToWrite(batch));
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
