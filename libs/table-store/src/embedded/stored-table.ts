// One migrated table: its sub-database, its codecs, and single-row steps inside a transaction.
import type { ByteSpace, Transaction } from '@parley/embedded-db';
import { DELETED_VERSION_SECONDS } from '../limits.js';
import { checkRowBytes, checkVersion } from '../request-checks.js';
import type { Table } from '../table.js';
import type { StoredColumn } from '../table-catalog.js';
import { KeyCodec, type KeyRecord } from './key-codec.js';
import { encodeDeleted, isAbsent, isDeleted, isExpired, RowCodec, readHeader } from './row-codec.js';

export type RowRecord = Readonly<Record<string, unknown>>;

/** A row ready to be stored. */
export interface EncodedPut {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly version: bigint | undefined;
  readonly expiresAtMs: number | undefined;
}

const isSameValue = (a: unknown, b: unknown): boolean =>
  ArrayBuffer.isView(a) && ArrayBuffer.isView(b)
    ? Buffer.compare(a as Uint8Array, b as Uint8Array) === 0
    : a === b;

export class StoredTable {
  readonly space: ByteSpace;
  readonly keys: KeyCodec;
  readonly #declaration: Table;
  readonly #rows: RowCodec;

  constructor(declaration: Table, columns: readonly StoredColumn[], space: ByteSpace) {
    this.space = space;
    this.keys = new KeyCodec(declaration);
    this.#declaration = declaration;
    this.#rows = new RowCodec(declaration.name, columns, new Set(Object.keys(declaration.columns)));
  }

  get name(): string {
    return this.#declaration.name;
  }

  /** Whether a write is more than that of one key: it reads the stored version, or notes when the row ends. */
  get needsTransaction(): boolean {
    return this.#declaration.isVersioned === true || this.#declaration.ttlSeconds !== undefined;
  }

  encodePut(row: RowRecord, version: bigint | undefined, nowMs: number): EncodedPut {
    checkVersion(this.#declaration, version);
    const { ttlSeconds } = this.#declaration;
    const expiresAtMs = ttlSeconds === undefined ? undefined : nowMs + ttlSeconds * 1_000;
    const key = this.keys.encode(row);
    const value = this.#rows.encode(row, { version, expiresAtMs });
    checkRowBytes(this.name, key.length + value.length);
    return { key, value, version, expiresAtMs };
  }

  /** Writes the row unless a version at least as high is there. Answers whether it did. */
  put(transaction: Transaction, put: EncodedPut, nowMs: number): boolean {
    if (put.version !== undefined) {
      const stored = transaction.get(this.space, put.key);
      if (stored && !isExpired(stored, nowMs)) {
        const { version } = readHeader(stored);
        if (version !== undefined && version >= put.version) return false;
      }
    }
    transaction.put(this.space, put.key, put.value);
    return true;
  }

  /** Removes the row; a versioned one leaves its version. Answers when that ends. */
  delete(transaction: Transaction, key: Buffer, nowMs: number): number | undefined {
    const stored = this.#declaration.isVersioned ? transaction.get(this.space, key) : undefined;
    if (!stored || isExpired(stored, nowMs)) {
      transaction.remove(this.space, key);
      return undefined;
    }
    if (isDeleted(stored)) return undefined;
    const expiresAtMs = nowMs + DELETED_VERSION_SECONDS * 1_000;
    transaction.put(this.space, key, encodeDeleted(readHeader(stored).version ?? 0n, expiresAtMs));
    return expiresAtMs;
  }

  /** The row of a key, from its stored bytes; undefined when there is none. */
  decode(key: KeyRecord, bytes: Buffer | undefined, nowMs: number): RowRecord | undefined {
    if (!bytes || isAbsent(bytes, nowMs)) return undefined;
    const row: Record<string, unknown> = {};
    this.keys.copyInto(row, key);
    this.#rows.decodeInto(row, bytes);
    return row;
  }

  /** The row of a scanned entry. */
  decodeEntry(partition: KeyRecord, partitionBytes: number, key: Buffer, bytes: Buffer): RowRecord {
    const row: Record<string, unknown> = {};
    this.keys.decodeInto(row, partition, key, partitionBytes);
    this.#rows.decodeInto(row, bytes);
    return row;
  }
}

/** Whether the row is as compareAndSet expects it. */
export function isAsExpected(current: RowRecord | undefined, expected: RowRecord | undefined): boolean {
  if (!expected || !current) return !expected && !current;
  return Object.entries(expected).every(
    ([name, value]) => value === undefined || isSameValue(current[name], value),
  );
}
