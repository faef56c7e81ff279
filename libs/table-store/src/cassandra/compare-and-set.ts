// compareAndSet as a lightweight transaction on the whole row.
import { ChatError, ErrorCode } from '@parley/kernel';
import { checkValue } from '../request-checks.js';
import { unavailable } from './cassandra-error.js';
import type { CassandraTable } from './cassandra-table.js';
import type { RowRecord } from './row-key.js';
import type { Session } from './session.js';

/** Each further round follows a change by somebody else. */
const ROUNDS_MAX = 20;

export interface RecordCasResult {
  readonly isApplied: boolean;
  readonly current: RowRecord | undefined;
}

export interface CompareAndSetRequest {
  readonly session: Session;
  readonly table: CassandraTable;
  readonly key: RowRecord;
  readonly expected: RowRecord | undefined;
  readonly next: RowRecord | undefined;
  /** When it was asked for: the deadline counts from then. */
  readonly sinceMs: number;
}

/** The arguments are checked. Runs in the turn of the row's partition. */
export async function compareAndSet(request: CompareAndSetRequest): Promise<RecordCasResult> {
  const { table, key, expected } = request;
  if (expected === undefined) return putWhereAbsent(request);
  if (isWhole(table, expected) && hasKey(table, expected, key)) {
    return replaceWhole(request, table.toRow(key, expected));
  }
  return replacePartly(request, expected);
}

/** @throws ChatError INTERNAL when a value is not of its column's type. */
export function checkExpected(table: CassandraTable, expected: RowRecord | undefined): void {
  for (const { name, type } of table.columns) {
    if (expected?.[name] !== undefined) checkValue(table.name, name, type, expected[name]);
  }
}

async function putWhereAbsent(request: CompareAndSetRequest): Promise<RecordCasResult> {
  const { session, table, key, next, sinceMs } = request;
  if (next === undefined) {
    const current = await read(request);
    return { isApplied: current === undefined, current };
  }
  const { rows } = await session.execute(table.putIfAbsent(next), 'agreed', sinceMs);
  return outcome(table, key, rows as unknown as RowRecord[], undefined);
}

/** Applied or not, the row is known: `expected` is all of it. */
async function replaceWhole(
  { session, table, key, next, sinceMs }: CompareAndSetRequest,
  expected: RowRecord,
): Promise<RecordCasResult> {
  const { rows } = await session.execute(table.replace(expected, next), 'agreed', sinceMs);
  return outcome(table, key, rows as unknown as RowRecord[], expected);
}

/** Looks, and replaces the row exactly as it looked; if somebody was faster, looks at what there is then. */
async function replacePartly(request: CompareAndSetRequest, expected: RowRecord): Promise<RecordCasResult> {
  let current = await read(request);
  const endMs = request.sinceMs + request.session.deadlineMs;
  for (let round = 0; round < ROUNDS_MAX && performance.now() < endMs; round++) {
    if (current === undefined || !matches(current, expected)) return { isApplied: false, current };
    const result = await replaceWhole(request, current);
    if (result.isApplied) return result;
    current = result.current;
  }
  throw unavailable('the row changes too fast; try again');
}

async function read({ session, table, key, sinceMs }: CompareAndSetRequest): Promise<RowRecord | undefined> {
  const { rows } = await session.execute(table.get(key), 'agreedRead', sinceMs);
  const [found] = rows as unknown as RowRecord[];
  return found && table.toRow(key, found);
}

function outcome(
  table: CassandraTable,
  key: RowRecord,
  rows: readonly RowRecord[],
  before: RowRecord | undefined,
): RecordCasResult {
  const [answer] = rows;
  if (!answer) throw new ChatError(ErrorCode.INTERNAL, 'a lightweight transaction had no answer');
  if (answer['[applied]'] === true) return { isApplied: true, current: before };
  return { isApplied: false, current: table.rowOfRefusal(key, answer) };
}

const isWhole = (table: CassandraTable, expected: RowRecord): boolean =>
  table.columns.every(({ name }) => expected[name] !== undefined);

const hasKey = (table: CassandraTable, expected: RowRecord, key: RowRecord): boolean =>
  [...table.partition, ...table.clustering].every(
    ({ name }) => expected[name] === undefined || expected[name] === key[name],
  );

const isSameValue = (a: unknown, b: unknown): boolean =>
  ArrayBuffer.isView(a) && ArrayBuffer.isView(b)
    ? Buffer.compare(a as Uint8Array, b as Uint8Array) === 0
    : a === b;

const matches = (current: RowRecord, expected: RowRecord): boolean =>
  Object.entries(expected).every(([name, value]) => value === undefined || isSameValue(current[name], value));
