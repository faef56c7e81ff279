// The port. Only what Cassandra does well: no joins, no scans across
// partitions, no read-modify-write without compareAndSet.
import type { ClusteringKey, PartitionKey, Row, RowKey, Table } from './table.js';

/** Which rows of a partition, in which order, how many. */
export interface ScanOptions<T extends Table> {
  /** A prefix of the clustering key's columns; inclusive unless `isFromExclusive`. Lower bound, whatever the direction. */
  readonly from?: Partial<ClusteringKey<T>>;
  readonly isFromExclusive?: boolean;
  /** Upper bound; inclusive unless `isToExclusive`. */
  readonly to?: Partial<ClusteringKey<T>>;
  readonly isToExclusive?: boolean;
  /** Descending instead of ascending. */
  readonly isReverse?: boolean;
  /** Rows at most, 1 to 10,000. */
  readonly limit: number;
  /** Continues a former scan with otherwise equal options. */
  readonly cursor?: string;
}

export interface ScanPage<T extends Table> {
  readonly rows: Row<T>[];
  /**
   * Present when there may be more rows, whatever the number of rows: a page of very large rows ends
   * early (32 MiB). Opaque; survives restarts.
   */
  readonly cursor?: string;
}

/** One write of a batch. */
export type Write<T extends Table = Table> =
  | { readonly kind: 'put'; readonly table: T; readonly row: Row<T>; readonly version?: bigint }
  | { readonly kind: 'delete'; readonly table: T; readonly key: RowKey<T> };

export const put = <T extends Table>(table: T, row: Row<T>, version?: bigint): Write<T> =>
  version === undefined ? { kind: 'put', table, row } : { kind: 'put', table, row, version };

export const remove = <T extends Table>(table: T, key: RowKey<T>): Write<T> => ({
  kind: 'delete',
  table,
  key,
});

/** What a compare-and-set found. `current` is the row as it stood before, also when applied. */
export interface CasResult<T extends Table> {
  readonly isApplied: boolean;
  readonly current: Row<T> | undefined;
}

/**
 * Durable tables. A write's promise resolves only when the write survives the
 * death of this process (embedded: fsynced; Cassandra: LOCAL_QUORUM). Reads see
 * every write whose promise resolved before, through any process.
 * Failures reject with ChatError: UNAVAILABLE when a retry may help (also when
 * it is unknown whether a write happened: repeat it, puts are idempotent),
 * INTERNAL otherwise. Rows above 1 MiB are refused, and keys that are longer than 1,500 bytes when
 * encoded (text as UTF-8 and 2 bytes, u32 as 4, u64 as 8). A partition key of one text column is not empty.
 *
 * Writes of one row through one store take effect in the order of the calls. Through several processes they do so in the order of
 * their clocks (Cassandra), so a write within the difference of two clocks may stay hidden behind
 * an earlier one, unless the table isVersioned or isConditional.
 */
export interface TableStore {
  /** Makes the declared tables usable. Additive: never drops or narrows anything. */
  migrate(tables: readonly Table[]): Promise<void>;

  get<T extends Table>(table: T, key: RowKey<T>): Promise<Row<T> | undefined>;
  /** As many gets at once, in the order asked; at most 1,000. */
  getMany<T extends Table>(table: T, keys: readonly RowKey<T>[]): Promise<(Row<T> | undefined)[]>;
  scan<T extends Table>(table: T, partition: PartitionKey<T>, options: ScanOptions<T>): Promise<ScanPage<T>>;

  put<T extends Table>(table: T, row: Row<T>, version?: bigint): Promise<void>;
  delete<T extends Table>(table: T, key: RowKey<T>): Promise<void>;
  /** All writes or none, in their order; all of one table and one partition; at most 100, and 4 MiB. */
  batch<T extends Table>(writes: readonly Write<T>[]): Promise<void>;
  /**
   * Independent writes of any tables and partitions; resolves when every one is
   * durable. Writes of one row take effect in their order. NOT atomic: after a failure some may have
   * happened. At most 10,000.
   */
  // biome-ignore lint/suspicious/noExplicitAny: writes of different tables share no row type
  writeAll(writes: readonly Write<any>[]): Promise<void>;
  /**
   * Puts `next` (or deletes, when undefined) if the row is as `expected`:
   * undefined means absent; an object means the row exists and has these values.
   * Linearizable per row, with puts and deletes too. Only for tables that are declared isConditional.
   */
  compareAndSet<T extends Table>(
    table: T,
    key: RowKey<T>,
    expected: Partial<Row<T>> | undefined,
    next: Row<T> | undefined,
  ): Promise<CasResult<T>>;

  close(): Promise<void>;
}
