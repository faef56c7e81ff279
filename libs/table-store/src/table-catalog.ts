// What a database knows of its tables, the same for every engine: the order of stored columns, and what may
// never change.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { ColumnType, KeySpec, Table } from './table.js';

/** Columns of one table at most; their count is stored in one byte. */
const COLUMNS_MAX = 255;

export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType;
}

interface CatalogEntry {
  /** Names and types in order: changing either would leave old rows under keys that nobody asks for. */
  readonly partition: readonly (readonly [string, string])[];
  readonly clustering: readonly (readonly [string, string])[];
  readonly isVersioned: boolean;
  /** In the order in which rows store them; only ever appended to. */
  readonly columns: readonly (readonly [string, string])[];
}

const refuse = (table: string, why: string): ChatError =>
  new ChatError(
    ErrorCode.INTERNAL,
    `table ${table} cannot be migrated: ${why}; declare a new table and copy the rows`,
  );

const sameSpec = (spec: KeySpec, stored: CatalogEntry['partition']): boolean =>
  JSON.stringify(Object.entries(spec)) === JSON.stringify(stored);

function mergeColumns(table: Table, stored: CatalogEntry['columns']): CatalogEntry['columns'] {
  const merged = new Map(stored);
  for (const [name, type] of Object.entries(table.columns)) {
    const storedType = merged.get(name);
    if (storedType !== undefined && storedType !== type) {
      throw refuse(table.name, `column ${name} is stored as ${storedType} and declared as ${type}`);
    }
    merged.set(name, type);
  }
  if (merged.size > COLUMNS_MAX) throw refuse(table.name, `a table has at most ${COLUMNS_MAX} columns`);
  return [...merged];
}

/**
 * The catalog entry after the declaration was applied to the stored one, as text.
 * @throws ChatError INTERNAL when stored rows would not be readable any more.
 */
export function mergeEntry(table: Table, storedText: string | undefined): string {
  const stored: CatalogEntry | undefined = storedText === undefined ? undefined : JSON.parse(storedText);
  if (stored) {
    if (!sameSpec(table.partition, stored.partition)) throw refuse(table.name, 'its partition key changed');
    if (!sameSpec(table.clustering, stored.clustering)) {
      throw refuse(table.name, 'its clustering key changed');
    }
    if (Boolean(table.isVersioned) !== stored.isVersioned) {
      throw refuse(table.name, 'isVersioned changed');
    }
  }
  const entry: CatalogEntry = {
    partition: Object.entries(table.partition),
    clustering: Object.entries(table.clustering),
    isVersioned: Boolean(table.isVersioned),
    columns: mergeColumns(table, stored?.columns ?? []),
  };
  return JSON.stringify(entry);
}

export function storedColumns(entryText: string): StoredColumn[] {
  const entry: CatalogEntry = JSON.parse(entryText);
  return entry.columns.map(([name, type]) => ({ name, type: type as ColumnType }));
}
