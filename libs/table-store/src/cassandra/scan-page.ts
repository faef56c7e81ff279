// Scans: bounds as tuples, pages of bounded size, rows in the order of the clustering key.
import { SCAN_BYTES_MAX } from '../limits.js';
import { checkScanLimit, misuse } from '../request-checks.js';
import type { Table } from '../table.js';
import type { ScanOptions } from '../table-store.js';
import type { CassandraTable } from './cassandra-table.js';
import { bytesOf, decode, encode, quote } from './cql.js';
import { checkKeyColumns, checkPartition, compareKeys, type KeyColumn, type RowRecord } from './row-key.js';
import { decodeCursor, encodeCursor } from './scan-cursor.js';
import type { Session, Statement } from './session.js';

/** Rows of the first answer; how large they are tells how many the next ones may have. */
const FIRST_ROWS = 100;
const ANSWER_BYTES = 4 * 1024 * 1024;
const ANSWER_ROWS_MAX = 5_000;

/** A prefix of the clustering key, and whether the rows that begin with it are out. */
interface Bound {
  readonly columns: readonly KeyColumn[];
  readonly values: RowRecord;
  readonly isExclusive: boolean;
}

interface Bounds {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
}

function toBound(table: CassandraTable, prefix: RowRecord = {}, isExclusive = false): Bound | undefined {
  const columns = table.clustering.filter(({ name }) => prefix[name] !== undefined);
  if (columns.some((column, at) => column !== table.clustering[at])) {
    throw misuse(`table ${table.name}: a bound names the first columns of the clustering key`);
  }
  checkKeyColumns(table.name, columns, prefix);
  // A bound that names no column bounds nothing.
  return columns.length === 0 ? undefined : { columns, values: prefix, isExclusive };
}

/** Whether `cursor`, a whole key, lies within the bound or on it. */
const isWithin = (bound: Bound | undefined, cursor: RowRecord, side: 1 | -1): boolean =>
  bound === undefined || compareKeys(bound.columns, cursor, bound.values) * side >= 0;

/** A cursor of another scan must not lead out of the bounds of this one. */
function afterCursor(table: CassandraTable, bounds: Bounds, cursor: RowRecord, isReverse: boolean): Bounds {
  const bound: Bound = { columns: table.clustering, values: cursor, isExclusive: true };
  if (isReverse) return isWithin(bounds.high, cursor, -1) ? { ...bounds, high: bound } : bounds;
  return isWithin(bounds.low, cursor, 1) ? { ...bounds, low: bound } : bounds;
}

function writeBound(bound: Bound | undefined, operator: '>' | '<'): string {
  if (bound === undefined) return '';
  const names = bound.columns.map(({ name }) => quote(name)).join(', ');
  const marks = bound.columns.map(() => '?').join(', ');
  return ` AND (${names}) ${operator}${bound.isExclusive ? '' : '='} (${marks})`;
}

const boundParams = (bound: Bound | undefined): unknown[] =>
  bound?.columns.map(({ name, type }) => encode(type, bound.values[name])) ?? [];

function toStatement(
  table: CassandraTable,
  partition: RowRecord,
  bounds: Bounds,
  { isReverse, limit }: { isReverse: boolean; limit: number },
): Statement {
  const where = table.partition.map(({ name }) => `${quote(name)} = ?`).join(' AND ');
  const order = isReverse && table.clustering.length > 0 ? ` ORDER BY ${descending(table)}` : '';
  const keys = table.clustering.length > 0 ? table.clustering : table.partition.slice(0, 1);
  const query =
    `SELECT ${table.selected(keys)} FROM ${table.path} WHERE ${where}` +
    `${writeBound(bounds.low, '>')}${writeBound(bounds.high, '<')}${order} LIMIT ?`;
  const params = [
    ...table.partitionParams(partition),
    ...boundParams(bounds.low),
    ...boundParams(bounds.high),
  ];
  return { query, params: [...params, limit] };
}

const descending = (table: CassandraTable): string =>
  table.clustering.map(({ name }) => `${quote(name)} DESC`).join(', ');

export interface RecordPage {
  readonly rows: RowRecord[];
  readonly cursor?: string;
}

export interface ScanRequest {
  readonly session: Session;
  readonly table: CassandraTable;
  readonly partition: RowRecord;
  readonly options: ScanOptions<Table>;
}

/** One page. @throws ChatError INTERNAL on bounds, limits and cursors that mean nothing. */
export async function scanPage({ session, table, partition, options }: ScanRequest): Promise<RecordPage> {
  const { limit, cursor } = options;
  const isReverse = options.isReverse === true;
  checkScanLimit(limit);
  checkPartition(table.name, table.partition, partition);
  let bounds: Bounds = {
    low: toBound(table, options.from, options.isFromExclusive),
    high: toBound(table, options.to, options.isToExclusive),
  };
  if (cursor !== undefined) {
    const key = decodeCursor(table, cursor);
    // A partition of one row ends with it.
    if (table.clustering.length === 0) return { rows: [] };
    bounds = afterCursor(table, bounds, key, isReverse);
  }
  const statement = toStatement(table, partition, bounds, { isReverse, limit });
  const { rows, isComplete } = await readRows(session, table, partition, { statement, limit });
  const last = rows.at(-1);
  return isComplete || !last ? { rows } : { rows, cursor: encodeCursor(table, last) };
}

async function readRows(
  session: Session,
  table: CassandraTable,
  partition: RowRecord,
  { statement, limit }: { statement: Statement; limit: number },
): Promise<{ rows: RowRecord[]; isComplete: boolean }> {
  const rows: RowRecord[] = [];
  let bytes = 0;
  let fetchSize = Math.min(limit, FIRST_ROWS);
  let pageState: Buffer | undefined;
  for (;;) {
    const page = pageState === undefined ? { fetchSize } : { fetchSize, pageState };
    const result = await session.readPage(statement, page);
    let largest = 1;
    for (const found of result.rows as unknown as RowRecord[]) {
      const row = toScannedRow(table, partition, found);
      const rowBytes = sizeOf(table, row);
      rows.push(row);
      bytes += rowBytes;
      largest = Math.max(largest, rowBytes);
      if (bytes >= SCAN_BYTES_MAX) return { rows, isComplete: false };
    }
    if (rows.length >= limit) return { rows, isComplete: false };
    if (!result.pageState) return { rows, isComplete: true };
    pageState = Buffer.from(result.pageState, 'hex');
    fetchSize = Math.max(
      1,
      Math.min(limit - rows.length, ANSWER_ROWS_MAX, Math.floor(ANSWER_BYTES / largest)),
    );
  }
}

function toScannedRow(table: CassandraTable, partition: RowRecord, found: RowRecord): RowRecord {
  const key: Record<string, unknown> = { ...partition };
  for (const { name, type } of table.clustering) key[name] = decode(type, found[name]);
  return table.toRow(key, found);
}

function sizeOf(table: CassandraTable, row: RowRecord): number {
  let bytes = 0;
  for (const { name, type } of [...table.clustering, ...table.columns]) bytes += bytesOf(type, row[name]);
  return bytes;
}
