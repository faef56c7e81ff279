// What the cluster says about the tables of a keyspace, and how a table comes to be as it is declared.
import { DELETED_VERSION_SECONDS } from '../../limits.js';
import { misuse } from '../../request-checks.js';
import type { Table } from '../../table.js';
import type { StoredColumn } from '../../table-catalog.js';
import { TTL_SECONDS_MAX } from '../cassandra-options.js';
import { CQL_TYPES, quote } from '../cql.js';
import type { Session } from '../session.js';
import { GUARD } from '../table-texts.js';

/** Columns and their types, by table. */
export type StoredSchema = ReadonlyMap<string, ReadonlyMap<string, string>>;

export async function readSchema(session: Session, keyspace: string): Promise<StoredSchema> {
  const query = 'SELECT table_name, column_name, type FROM system_schema.columns WHERE keyspace_name = ?';
  const { rows } = await session.readPage({ query, params: [keyspace] }, { fetchSize: 0 });
  const tables = new Map<string, Map<string, string>>();
  for (const row of rows as unknown as { table_name: string; column_name: string; type: string }[]) {
    const columns = tables.get(row.table_name) ?? new Map<string, string>();
    columns.set(row.column_name, row.type);
    tables.set(row.table_name, columns);
  }
  return tables;
}

export async function hasKeyspace(session: Session, keyspace: string): Promise<boolean> {
  const query = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?';
  const { rows } = await session.execute({ query, params: [keyspace] }, 'read');
  return rows.length > 0;
}

/** Statements that bring the stored table to `columns`; none when it is there already. @throws ChatError INTERNAL. */
export function planChanges(
  keyspace: string,
  table: Table,
  columns: readonly StoredColumn[],
  schema: StoredSchema,
): string[] {
  const path = `${quote(keyspace)}.${quote(table.name)}`;
  const stored = schema.get(table.name);
  const wanted = columns.map(({ name, type }) => [name, CQL_TYPES[type]] as const);
  const guard = table.isConditional ? [[GUARD, 'boolean'] as const] : [];
  if (stored === undefined) return [createText(path, table, [...wanted, ...guard])];
  const keys = Object.entries({ ...table.partition, ...table.clustering });
  for (const [name, type] of [...keys.map(([key, it]) => [key, CQL_TYPES[it]] as const), ...wanted]) {
    const found = stored.get(name);
    if (found === undefined || found === type) continue;
    throw misuse(`table ${table.name}: Cassandra has column ${name} as ${found}, not ${type}`);
  }
  return [...wanted, ...guard]
    .filter(([name]) => !stored.has(name))
    .map(([name, type]) => `ALTER TABLE ${path} ADD ${quote(name)} ${type}`);
}

function createText(path: string, table: Table, columns: readonly (readonly [string, string])[]): string {
  const { partition, clustering } = table;
  const keys = Object.entries({ ...partition, ...clustering }).map(([name, type]) => [name, CQL_TYPES[type]]);
  const defined = [...keys, ...columns].map(([name, type]) => `${quote(name as string)} ${type}`).join(', ');
  const partitionKey = Object.keys(partition).map(quote).join(', ');
  const primaryKey = [`(${partitionKey})`, ...Object.keys(clustering).map(quote)].join(', ');
  return `CREATE TABLE IF NOT EXISTS ${path} (${defined}, PRIMARY KEY (${primaryKey}))${optionsText(table)}`;
}

/** Windows in which rows of a table with a lifetime are kept together, so that whole files end at once. */
const WINDOWS = 24;
/** How long a deletion is remembered in tables whose rows end anyway, s: as long as hints are kept. */
const GRACE_SECONDS = 3 * 60 * 60;
const MINUTE_S = 60;

function optionsText({ name, ttlSeconds, isVersioned }: Table): string {
  // What was deleted hides late puts for so long, with a lifetime or without.
  const keepsVersions = ` WITH gc_grace_seconds = ${DELETED_VERSION_SECONDS}`;
  if (ttlSeconds === undefined) return isVersioned ? keepsVersions : '';
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > TTL_SECONDS_MAX) {
    throw misuse(`table ${name}: ttlSeconds is 1 to ${TTL_SECONDS_MAX}`);
  }
  // Windows are of the time of the write, which a version is not.
  if (isVersioned) return keepsVersions;
  const minutes = Math.max(1, Math.ceil(ttlSeconds / WINDOWS / MINUTE_S));
  return (
    ` WITH gc_grace_seconds = ${GRACE_SECONDS} AND compaction = {'class': 'TimeWindowCompactionStrategy', ` +
    `'compaction_window_unit': 'MINUTES', 'compaction_window_size': ${minutes}}`
  );
}
