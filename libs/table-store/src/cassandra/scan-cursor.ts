// Cursors: the clustering key of the last row of a page, so they need nothing of the cluster's memory and hold
// when that row is gone.
import { ROW_KEY_BYTES_MAX } from '../limits.js';
import { misuse } from '../request-checks.js';
import type { CassandraTable } from './cassandra-table.js';
import { checkKeyBytes, checkKeyColumns, type RowRecord } from './row-key.js';

/** First character of a cursor; another form of cursor would change it. */
const FORM = 'c';
/** A key as text, escaped, in base64. */
const CURSOR_CHARS_MAX = ROW_KEY_BYTES_MAX * 9;

const refused = () => misuse('the cursor is not one that a scan gave');

export function encodeCursor(table: CassandraTable, row: RowRecord): string {
  const values = table.clustering.map(({ name, type }) => (type === 'u64' ? `${row[name]}` : row[name]));
  return FORM + Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The clustering key that the cursor holds. @throws ChatError INTERNAL. */
export function decodeCursor(table: CassandraTable, cursor: string): RowRecord {
  if (cursor.length > CURSOR_CHARS_MAX || !/^c[A-Za-z0-9_-]+$/.test(cursor)) throw refused();
  const values = parseValues(cursor);
  if (values.length !== table.clustering.length) throw refused();
  const key: Record<string, unknown> = {};
  for (const [at, { name, type }] of table.clustering.entries()) {
    const value = values[at];
    key[name] = type === 'u64' && /^\d{1,19}$/.test(`${value}`) ? BigInt(`${value}`) : value;
  }
  checkKeyBytes(checkKeyColumns(table.name, table.clustering, key));
  return key;
}

function parseValues(cursor: string): unknown[] {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor.slice(FORM.length), 'base64url').toString());
  } catch {
    throw refused();
  }
  if (!Array.isArray(values)) throw refused();
  return values;
}
