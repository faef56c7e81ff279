// One environment in one directory, for one process.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSpace, EmbeddedDatabase, Transaction } from './byte-space.js';
import { type Batch, CommitQueue } from './commit-queue.js';
import { checkFormat, stampFormat } from './data-format.js';
import { checkDatabaseFile, checkFreeSpace, checkWritable } from './directory-checks.js';
import { type DirectoryLock, lockDirectory } from './directory-lock.js';
import { FREE_BYTES_MIN, INITIAL_MAP_BYTES } from './limits.js';
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
}

/**
 * Opens the database of a data directory.
 * @throws ChatError UNAVAILABLE when the directory is in use, full or not writable; INTERNAL when it is
 * damaged or a newer version wrote it. Each has one sentence with the remedy, and no data was changed.
 */
export async function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { dir, initialMapBytes = INITIAL_MAP_BYTES } = options;
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
    return new LmdbDatabase(dir, environment, lock);
  } catch (thrown) {
    await environment?.close();
    lock?.release();
    throw toStorageError(dir, thrown);
  }
}

class LmdbDatabase implements EmbeddedDatabase {
  readonly dir: string;
  readonly #environment: Environment;
  readonly #lock: DirectoryLock;
  readonly #spaces = new Map<string, Promise<LmdbSpace>>();
  readonly #queue: CommitQueue<LmdbSpace>;
  #hasFailed = false;
  #closed: Promise<void> | undefined;

  constructor(dir: string, environment: Environment, lock: DirectoryLock) {
    this.dir = dir;
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
