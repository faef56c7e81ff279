// What the embedded database offers to the engines above it: ordered bytes.

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface RangeOptions {
  /** First key; absent: the first of the space. */
  readonly start?: Uint8Array;
  /** Key after the last; absent: behind the last of the space. */
  readonly end?: Uint8Array;
  /** From the end down to the start. */
  readonly isReverse?: boolean;
  readonly limit: number;
  /** Ends after the entry with which values reach this many bytes. Absent: no bound but `limit`. */
  readonly bytesMax?: number;
}

/**
 * An ordered map of bytes. Keys (1 to 1,900 bytes) order as their bytes do.
 * Reads are synchronous and see every write whose promise resolved; they may or may not see later ones.
 * What a read returns is a copy and belongs to the caller. Keys and values that are handed in
 * must not change until the write's promise settles.
 */
export interface ByteSpace {
  readonly name: string;
  get(key: Uint8Array): Buffer | undefined;
  range(options: RangeOptions): Entry[];
  /** Resolves when the value is on disk (fsync). The promise is shared with all writes of the same commit. */
  put(key: Uint8Array, value: Uint8Array): Promise<void>;
  remove(key: Uint8Array): Promise<void>;
  /**
   * Writes with the next commit, or after a second at the latest, and tells nobody.
   * The latest value of a key replaces one that still waits; the order against other writes of the key is open. For facts that may be lost with the process.
   */
  putLater(key: Uint8Array, value: Uint8Array): void;
}

/** Reads and writes of one atomic step; see {@link EmbeddedDatabase.transact}. */
export interface Transaction {
  /** Sees this transaction's own writes and all writes before it, durable or not yet. */
  get(space: ByteSpace, key: Uint8Array): Buffer | undefined;
  put(space: ByteSpace, key: Uint8Array, value: Uint8Array): void;
  remove(space: ByteSpace, key: Uint8Array): void;
}

export interface EmbeddedDatabase {
  /** The data directory. Engines may keep folders of their own in it: its lock covers them too. */
  readonly dir: string;
  /** Opens or creates a sub-database. The same object for the same name. */
  space(name: string): Promise<ByteSpace>;
  /**
   * Runs `fn` at once and to its end, so calls take effect in the order in which they are made.
   * Its writes become durable together or not at all. Resolves with its result after the
   * fsync of all it wrote and of all it may have seen. When `fn` throws, nothing is written
   * and the promise rejects with what it threw.
   */
  transact<T>(fn: (transaction: Transaction) => T): Promise<T>;
  /** Waits for all commits, then releases the directory. Idempotent. */
  close(): Promise<void>;
}
