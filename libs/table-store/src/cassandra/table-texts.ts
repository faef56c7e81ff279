// The statements of one table, each with the order of its parameters.
import type { Table } from '../table.js';
import type { StoredColumn } from '../table-catalog.js';
import { quote } from './cql.js';

/** Never written, so it is null in every row, and where there is none: the condition of writes that have none. */
export const GUARD = '_guard';

export interface TableTexts {
  /** Key. */
  readonly get: string;
  /** Key. The answer's column is `time`. */
  readonly writeTime: string;
  /** Key, stored columns, timestamp, time to live. */
  readonly put: string;
  /** Timestamp, key. */
  readonly delete: string;
  /** Time to live, stored columns, key. */
  readonly agreedPut: string;
  /** Key. */
  readonly agreedDelete: string;
  /** As agreedPut. */
  readonly putIfAbsent: string;
  /** As agreedPut, then the conditions' values. */
  readonly replace: string;
  /** Key, then the conditions' values. */
  readonly remove: string;
}

export interface TextSource {
  /** `keyspace.table`. */
  readonly path: string;
  readonly declaration: Table;
  readonly stored: readonly StoredColumn[];
  /** Columns of a condition; the first one is null where there is no row, and nowhere else. */
  readonly compared: readonly StoredColumn[];
  /** What a SELECT names. */
  readonly selected: string;
}

export const listNames = (names: readonly string[]): string => names.map(quote).join(', ');

export function writeTexts({ path, declaration, stored, compared, selected }: TextSource): TableTexts {
  const keys = [...Object.keys(declaration.partition), ...Object.keys(declaration.clustering)];
  const storedNames = stored.map(({ name }) => name);
  const where = `WHERE ${keys.map((name) => `${quote(name)} = ?`).join(' AND ')}`;
  const hasTtl = declaration.ttlSeconds !== undefined;
  const inserted = [...keys, ...storedNames];
  const values = inserted.map(() => '?').join(', ');
  const assigned = storedNames.map((name) => `${quote(name)} = ?`).join(', ');
  const update = `UPDATE ${path}${hasTtl ? ' USING TTL ?' : ''} SET ${assigned} ${where}`;
  const erase = `DELETE FROM ${path} ${where}`;
  const always = `IF ${quote(GUARD)} = null`;
  const isAsExpected = `IF ${writeConditions(declaration, compared)}`;
  return {
    get: `SELECT ${selected} FROM ${path} ${where}`,
    writeTime: `SELECT WRITETIME(${quote(storedNames[0] ?? '')}) AS "time" FROM ${path} ${where}`,
    put: `INSERT INTO ${path} (${listNames(inserted)}) VALUES (${values}) USING TIMESTAMP ?${hasTtl ? ' AND TTL ?' : ''}`,
    delete: `DELETE FROM ${path} USING TIMESTAMP ? ${where}`,
    agreedPut: `${update} ${always}`,
    agreedDelete: `${erase} ${always}`,
    putIfAbsent: `${update} IF ${compared.map(({ name }) => `${quote(name)} = null`).join(' AND ')}`,
    replace: `${update} ${isAsExpected}`,
    remove: `${erase} ${isAsExpected}`,
  };
}

/**
 * One value for the first column if it is declared, two for each other one: in a row that was put before a column
 * was added the column is null, which counts as zero.
 */
function writeConditions(declaration: Table, compared: readonly StoredColumn[]): string {
  const conditions = compared.map(({ name }, at) => {
    if (at > 0) return `${quote(name)} IN (?, ?)`;
    return name in declaration.columns ? `${quote(name)} = ?` : `${quote(name)} != null`;
  });
  return conditions.join(' AND ');
}
