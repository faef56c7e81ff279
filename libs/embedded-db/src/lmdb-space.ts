// A sub-database and a transaction, as the engines above see them.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { ByteSpace, Entry, RangeOptions, Transaction } from './byte-space.js';
import type { CommitQueue } from './commit-queue.js';
import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from './limits.js';
import { type LmdbTable, readRange, readTable } from './lmdb-environment.js';
import { NOT_WRITTEN, SpaceWrites } from './space-writes.js';
import { databaseClosed } from './storage-error.js';

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

export interface LmdbSpaceOptions {
  readonly name: string;
  readonly table: LmdbTable;
  readonly queue: CommitQueue<LmdbSpace>;
  readonly toError: (thrown: unknown) => ChatError;
}

export class LmdbSpace implements ByteSpace {
  readonly name: string;
  readonly table: LmdbTable;
  readonly #queue: CommitQueue<LmdbSpace>;
  readonly #toError: (thrown: unknown) => ChatError;

  constructor({ name, table, queue, toError }: LmdbSpaceOptions) {
    this.name = name;
    this.table = table;
    this.#queue = queue;
    this.#toError = toError;
  }

  get(key: Uint8Array): Buffer | undefined {
    check(key);
    if (this.#queue.isClosed) throw databaseClosed();
    try {
      return readTable(this.table, key);
    } catch (thrown) {
      throw this.#toError(thrown);
    }
  }

  range(options: RangeOptions): Entry[] {
    if (this.#queue.isClosed) throw databaseClosed();
    try {
      return readRange(this.table, options);
    } catch (thrown) {
      throw this.#toError(thrown);
    }
  }

  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    const problem = problemOf(key, value);
    return problem ? Promise.reject(problem) : this.#queue.add(this, key, value);
  }

  remove(key: Uint8Array): Promise<void> {
    const problem = problemOf(key);
    return problem ? Promise.reject(problem) : this.#queue.add(this, key, undefined);
  }

  putLater(key: Uint8Array, value: Uint8Array): void {
    check(key, value);
    this.#queue.addLater(this, key, value);
  }
}

export class LmdbTransaction implements Transaction {
  readonly writes = new Map<LmdbSpace, SpaceWrites>();
  bytes = 0;
  readonly #queue: CommitQueue<LmdbSpace>;

  constructor(queue: CommitQueue<LmdbSpace>) {
    this.#queue = queue;
  }

  get(space: ByteSpace, key: Uint8Array): Buffer | undefined {
    const lmdbSpace = space as LmdbSpace;
    const writes = this.writes.get(lmdbSpace);
    const own = writes ? writes.find(key) : NOT_WRITTEN;
    const newest = own === NOT_WRITTEN ? this.#queue.find(lmdbSpace, key) : own;
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
