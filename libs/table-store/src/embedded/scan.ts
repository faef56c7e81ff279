// Scans: bounds as bytes, pages, cursors.
import type { RangeOptions } from '@parley/embedded-db';
import { ROW_KEY_BYTES_MAX, SCAN_BYTES_MAX } from '../limits.js';
import { checkScanLimit, misuse } from '../request-checks.js';
import type { Table } from '../table.js';
import type { ScanOptions } from '../table-store.js';
import { afterPrefix, type KeyRecord, nextKey } from './key-codec.js';
import { isAbsent } from './row-codec.js';
import type { RowRecord, StoredTable } from './stored-table.js';

/** First character of a cursor; a later form of cursor would change it. */
const CURSOR_FORM = '1';

const encodeCursor = (key: Buffer, partitionBytes: number): string =>
  CURSOR_FORM + key.toString('base64url', partitionBytes);

function decodeCursor(cursor: string, prefix: Buffer): Buffer {
  const key = Buffer.concat([prefix, Buffer.from(cursor.slice(1), 'base64url')]);
  if (!/^1[A-Za-z0-9_-]*$/.test(cursor) || key.length > ROW_KEY_BYTES_MAX) {
    throw misuse('the cursor is not one that a scan gave');
  }
  return key;
}

interface Bounds {
  start: Buffer;
  end: Buffer | undefined;
}

function toBounds(table: StoredTable, partition: KeyRecord, options: ScanOptions<Table>): Bounds {
  const { from = {}, to = {}, isFromExclusive, isToExclusive } = options;
  const low = table.keys.encodePrefix(partition, from);
  const high = table.keys.encodePrefix(partition, to);
  // An exclusive bound that names no column would exclude the whole partition: it bounds nothing.
  const isFromOpen = isFromExclusive && Object.keys(from).length > 0;
  const isToOpen = isToExclusive && Object.keys(to).length > 0;
  const start = isFromOpen ? afterPrefix(low) : low;
  // Nothing lies above the bound: the empty range.
  if (!start) return { start: low, end: low };
  return { start, end: isToOpen ? high : afterPrefix(high) };
}

function moveToCursor(bounds: Bounds, cursor: Buffer, isReverse: boolean): void {
  if (isReverse) {
    if (!bounds.end || Buffer.compare(cursor, bounds.end) < 0) bounds.end = cursor;
  } else {
    const next = nextKey(cursor);
    if (Buffer.compare(next, bounds.start) > 0) bounds.start = next;
  }
}

export interface RecordPage {
  readonly rows: RowRecord[];
  readonly cursor?: string;
}

/** One page. Rows that are deleted or whose time has come are passed over and do not count. */
export function scanPage(
  table: StoredTable,
  partition: KeyRecord,
  options: ScanOptions<Table>,
  nowMs: number,
): RecordPage {
  checkScanLimit(options.limit);
  const isReverse = options.isReverse === true;
  const prefix = table.keys.encodePartition(partition);
  const bounds = toBounds(table, partition, options);
  if (options.cursor !== undefined) moveToCursor(bounds, decodeCursor(options.cursor, prefix), isReverse);
  const rows: RowRecord[] = [];
  let bytesLeft = SCAN_BYTES_MAX;
  while (!bounds.end || Buffer.compare(bounds.start, bounds.end) < 0) {
    const wanted = options.limit - rows.length;
    const range: RangeOptions = { start: bounds.start, isReverse, limit: wanted, bytesMax: bytesLeft };
    const entries = table.space.range(bounds.end ? { ...range, end: bounds.end } : range);
    for (const { key, value } of entries) {
      bytesLeft -= value.length;
      if (!isAbsent(value, nowMs)) rows.push(table.decodeEntry(partition, prefix.length, key, value));
    }
    const last = entries.at(-1);
    if (!last || (entries.length < wanted && bytesLeft > 0)) return { rows };
    if (rows.length === options.limit || bytesLeft <= 0) {
      return { rows, cursor: encodeCursor(last.key, prefix.length) };
    }
    moveToCursor(bounds, last.key, isReverse);
  }
  return { rows };
}
