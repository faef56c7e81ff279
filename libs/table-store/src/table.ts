// Tables as data: what a service declares and both engines understand.

/** A column's type. `u32` is a number; `u64` a bigint below 2^63; `bytes` a Uint8Array. */
export type ColumnType = 'text' | 'u32' | 'u64' | 'bool' | 'bytes';

type ValueOf<T extends ColumnType> = {
  text: string;
  u32: number;
  u64: bigint;
  bool: boolean;
  bytes: Uint8Array;
}[T];

/** Types a key may have. Keys order as their values do: text by its UTF-8 bytes, numbers by size. */
export type KeyType = 'text' | 'u32' | 'u64';
export type KeySpec = Readonly<Record<string, KeyType>>;
export type ColumnSpec = Readonly<Record<string, ColumnType>>;

/** Columns of a row; every one is present: a table has no null. */
export type Values<S extends ColumnSpec> = { readonly [K in keyof S]: ValueOf<S[K]> };

/**
 * One table. All rows of one partition live together and are ordered by the
 * clustering key, ascending. Column order within `partition` and `clustering` matters and is
 * the order of declaration. Names are snake_case and at most 40 characters.
 */
export interface Table<
  P extends KeySpec = KeySpec,
  C extends KeySpec = KeySpec,
  V extends ColumnSpec = ColumnSpec,
> {
  readonly name: string;
  readonly partition: P;
  readonly clustering: C;
  readonly columns: V;
  /** Rows vanish this long after they were last put. Absent: never. */
  readonly ttlSeconds?: number;
  /**
   * Every put carries a version and the highest version wins, whatever the order of arrival: a lower one
   * changes nothing, nor does an equal one with the same row. Different rows must not share a version; which
   * of their columns stand is not defined. A delete removes whatever row there is and keeps its version for
   * ten days: a put that is not above it changes nothing, so no late one brings the row back; one that comes
   * even later may. A delete that finds no row keeps nothing. After a row has expired, a put that is not above
   * it may stay without effect. Excludes isConditional; needs a column.
   */
  readonly isVersioned?: boolean;
  /**
   * compareAndSet may be used. Then every write of the table is agreed on by its replicas, so that no clock
   * can hide one (Cassandra: lightweight transactions, about five times as dear as plain writes). Needs a column.
   */
  readonly isConditional?: boolean;
}

export type PartitionKey<T extends Table> = Values<T['partition']>;
export type ClusteringKey<T extends Table> = Values<T['clustering']>;
export type RowKey<T extends Table> = PartitionKey<T> & ClusteringKey<T>;
export type Row<T extends Table> = RowKey<T> & Values<T['columns']>;

/** Declares a table; checks the declaration at once. @throws Error on a bad declaration. */
export function defineTable<const P extends KeySpec, const C extends KeySpec, const V extends ColumnSpec>(
  table: Table<P, C, V>,
): Table<P, C, V> {
  const names = [
    ...Object.keys(table.partition),
    ...Object.keys(table.clustering),
    ...Object.keys(table.columns),
  ];
  for (const name of [table.name, ...names]) {
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) throw new Error(`table ${table.name}: bad name "${name}"`);
  }
  if (new Set(names).size !== names.length) throw new Error(`table ${table.name}: a column is named twice`);
  if (Object.keys(table.partition).length === 0) throw new Error(`table ${table.name}: no partition key`);
  if (table.isVersioned && table.isConditional) {
    throw new Error(`table ${table.name}: versions and conditions exclude each other`);
  }
  if ((table.isVersioned || table.isConditional) && Object.keys(table.columns).length === 0) {
    throw new Error(`table ${table.name}: versions and conditions need a column`);
  }
  return table;
}
