// Keys of rows: checked, measured, compared.
import { ROW_KEY_BYTES_MAX } from '../limits.js';
import { checkSoleText, checkValue, misuse } from '../request-checks.js';
import type { KeySpec, KeyType } from '../table.js';

export type RowRecord = Readonly<Record<string, unknown>>;

export interface KeyColumn {
  readonly name: string;
  readonly type: KeyType;
}

export const keyColumns = (spec: KeySpec): KeyColumn[] =>
  Object.entries(spec).map(([name, type]) => ({ name, type }));

const NUMBER_BYTES: { readonly [T in Exclude<KeyType, 'text'>]: number } = { u32: 4, u64: 8 };
/** What a text costs beside itself, as the port counts. */
const TEXT_EXTRA_BYTES = 2;

/** Checks the columns; answers their bytes as the port counts them. @throws ChatError INTERNAL. */
export function checkKeyColumns(table: string, columns: readonly KeyColumn[], record: RowRecord): number {
  let bytes = 0;
  for (const { name, type } of columns) {
    const value = record[name];
    checkValue(table, name, type, value);
    bytes += type === 'text' ? textBytes(value as string) : NUMBER_BYTES[type];
  }
  return bytes;
}

/** A zero byte counts twice: the embedded engine has to mark it. */
function textBytes(text: string): number {
  let bytes = Buffer.byteLength(text) + TEXT_EXTRA_BYTES;
  for (let at = text.indexOf('\0'); at !== -1; at = text.indexOf('\0', at + 1)) bytes += 1;
  return bytes;
}

export function checkKeyBytes(bytes: number): void {
  if (bytes <= ROW_KEY_BYTES_MAX) return;
  throw misuse(`the encoded key of a row has at most ${ROW_KEY_BYTES_MAX} bytes`);
}

/** @throws ChatError INTERNAL. */
export function checkPartition(table: string, columns: readonly KeyColumn[], record: RowRecord): number {
  const [first] = columns;
  if (columns.length === 1 && first) checkSoleText(table, first.name, record[first.name]);
  return checkKeyColumns(table, columns, record);
}

/** The order of clustering keys, or of prefixes of the same length. */
export function compareKeys(columns: readonly KeyColumn[], a: RowRecord, b: RowRecord): number {
  for (const { name, type } of columns) {
    const order = compareValues(type, a[name], b[name]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(type: KeyType, a: unknown, b: unknown): number {
  if (type === 'text') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  const [left, right] = [a as number | bigint, b as number | bigint];
  return left < right ? -1 : left > right ? 1 : 0;
}
