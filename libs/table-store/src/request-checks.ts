// Checks of calls that are the same for every engine.
import { ChatError, ErrorCode } from '@parley/kernel';
import {
  BATCH_BYTES_MAX,
  BATCH_WRITES_MAX,
  GET_MANY_MAX,
  ROW_BYTES_MAX,
  SCAN_ROWS_MAX,
  WRITE_ALL_MAX,
} from './limits.js';
import type { ColumnType, Table } from './table.js';
import type { Write } from './table-store.js';

/** A mistake of the caller: repeating the same call cannot help. */
export const misuse = (info: string): ChatError => new ChatError(ErrorCode.INTERNAL, `table store: ${info}`);

const U32_MAX = 0xffff_ffff;
const U64_MAX = 2n ** 63n - 1n;

const FITS: { readonly [T in ColumnType]: (value: unknown) => boolean } = {
  text: (value) => typeof value === 'string',
  u32: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= U32_MAX,
  u64: (value) => typeof value === 'bigint' && value >= 0n && value <= U64_MAX,
  bool: (value) => typeof value === 'boolean',
  bytes: (value) => ArrayBuffer.isView(value),
};

/** @throws ChatError INTERNAL when the value is absent or not of the column's type. */
export function checkValue(table: string, column: string, type: ColumnType, value: unknown): void {
  if (FITS[type](value)) return;
  const found = value === undefined ? 'is missing' : `is no ${type}`;
  throw misuse(`table ${table}: column ${column} ${found}`);
}

export function checkRowBytes(table: string, bytes: number): void {
  if (bytes <= ROW_BYTES_MAX) return;
  throw misuse(`table ${table}: a row has at most ${ROW_BYTES_MAX} bytes, not ${bytes}`);
}

/** A sole text of a partition key is not empty: Cassandra has no such partition. */
export function checkSoleText(table: string, column: string, value: unknown): void {
  if (value === '') throw misuse(`table ${table}: column ${column}, the whole partition key, is empty`);
}

export function checkBatchBytes(bytes: number): void {
  if (bytes > BATCH_BYTES_MAX) throw misuse(`a batch has at most ${BATCH_BYTES_MAX} bytes`);
}

export function checkScanLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= SCAN_ROWS_MAX) return;
  throw misuse(`a scan's limit is 1 to ${SCAN_ROWS_MAX}`);
}

export function checkGetMany(keys: readonly unknown[]): void {
  if (keys.length > GET_MANY_MAX) throw misuse(`getMany takes at most ${GET_MANY_MAX} keys`);
}

export function checkBatch(writes: readonly Write[]): void {
  if (writes.length > BATCH_WRITES_MAX) throw misuse(`a batch has at most ${BATCH_WRITES_MAX} writes`);
  if (new Set(writes.map((write) => write.table.name)).size > 1) {
    throw misuse('the writes of a batch are of one table');
  }
}

export function checkWriteAll(writes: readonly unknown[]): void {
  if (writes.length > WRITE_ALL_MAX) throw misuse(`writeAll takes at most ${WRITE_ALL_MAX} writes`);
}

/** A put has a version exactly if its table is versioned. */
export function checkVersion(table: Table, version: bigint | undefined): void {
  if (Boolean(table.isVersioned) === (version !== undefined)) {
    if (version === undefined || FITS.u64(version)) return;
    throw misuse(`table ${table.name}: a version is a bigint from 0 to 2^63 - 1`);
  }
  throw misuse(
    `table ${table.name}: ${table.isVersioned ? 'a put needs a version' : 'puts have no version'}`,
  );
}

export function checkCompareAndSet(table: Table): void {
  if (table.isConditional) return;
  throw misuse(`table ${table.name}: compareAndSet is for tables that are declared isConditional`);
}
