// The engine of a cluster: Cassandra 4.1 or 5.0. Reads and writes at LOCAL_QUORUM, so a read sees every write that
// was answered; docs/adr/0009 has the choices. One file for each part: session (requests), table (rows and
// statements), scan-page, table-writer, compare-and-set, schema/.
import { mapBounded } from '@parley/kernel';
import {
  checkBatch,
  checkBatchBytes,
  checkCompareAndSet,
  checkGetMany,
  checkWriteAll,
  misuse,
} from '../request-checks.js';
import type { PartitionKey, Row, RowKey, Table } from '../table.js';
import {
  type CasResult,
  put,
  remove,
  type ScanOptions,
  type ScanPage,
  type TableStore,
  type Write,
} from '../table-store.js';
import {
  type CassandraTableStoreOptions,
  checkOptions,
  LOCAL_DATA_CENTER,
  REQUESTS_PER_CALL_MAX,
  START_DEADLINE_MS,
} from './cassandra-options.js';
import { CassandraTable } from './cassandra-table.js';
import { checkExpected, compareAndSet } from './compare-and-set.js';
import type { RowRecord } from './row-key.js';
import { scanPage } from './scan-page.js';
import { migrate } from './schema/migrate.js';
import { Session } from './session.js';
import { TableWriter } from './table-writer.js';
import { WriteClock } from './write-clock.js';
import type { CheckedWrite } from './write-groups.js';

/** Connects with the first call. @throws Error on options that cannot work. */
export function createCassandraTableStore(options: CassandraTableStoreOptions): TableStore {
  checkOptions(options);
  return new CassandraTableStore(options);
}

class CassandraTableStore implements TableStore {
  readonly #options: CassandraTableStoreOptions;
  readonly #session: Session;
  readonly #writer: TableWriter;
  readonly #tables = new Map<string, CassandraTable>();

  constructor(options: CassandraTableStoreOptions) {
    this.#options = options;
    this.#session = new Session(options);
    this.#writer = new TableWriter(this.#session, new WriteClock(options.clock));
  }

  async migrate(tables: readonly Table[]): Promise<void> {
    const { keyspace, replication, logger, localDataCenter, startDeadlineMs } = this.#options;
    const request = {
      session: this.#session,
      keyspace,
      dataCenter: localDataCenter ?? LOCAL_DATA_CENTER,
      replication,
      logger,
      tables,
    };
    const migrated = await this.#session.untilAvailable(startDeadlineMs ?? START_DEADLINE_MS, async () => {
      const columns = await migrate(request);
      const stored = tables.map((table, at) => new CassandraTable(keyspace, table, columns[at] ?? []));
      // What another process is just making stands in the schema a moment before a node can use it.
      await Promise.all(stored.map((table) => this.#session.execute(table.probe(), 'read')));
      return stored;
    });
    for (const table of migrated) this.#tables.set(table.name, table);
  }

  async get<T extends Table>(table: T, key: RowKey<T>): Promise<Row<T> | undefined> {
    const stored = this.#stored(table);
    stored.checkKey(key);
    return (await this.#read(stored, key)) as Row<T> | undefined;
  }

  async getMany<T extends Table>(table: T, keys: readonly RowKey<T>[]): Promise<(Row<T> | undefined)[]> {
    checkGetMany(keys);
    const stored = this.#stored(table);
    for (const key of keys) stored.checkKey(key);
    const rows = await mapBounded(keys, REQUESTS_PER_CALL_MAX, (key) => this.#read(stored, key));
    return rows as (Row<T> | undefined)[];
  }

  async scan<T extends Table>(
    table: T,
    partition: PartitionKey<T>,
    options: ScanOptions<T>,
  ): Promise<ScanPage<T>> {
    const page = await scanPage({
      session: this.#session,
      table: this.#stored(table),
      partition,
      options: options as ScanOptions<Table>,
    });
    return page as unknown as ScanPage<T>;
  }

  async put<T extends Table>(table: T, row: Row<T>, version?: bigint): Promise<void> {
    await this.#writer.writeTogether([this.#check(put(table, row, version) as Write)]);
  }

  async delete<T extends Table>(table: T, key: RowKey<T>): Promise<void> {
    await this.#writer.writeTogether([this.#check(remove(table, key) as Write)]);
  }

  async batch<T extends Table>(writes: readonly Write<T>[]): Promise<void> {
    checkBatch(writes as readonly Write[]);
    const checked = writes.map((write) => this.#check(write as Write));
    if (new Set(checked.map(({ partition }) => partition)).size > 1) {
      throw misuse('the writes of a batch are of one partition');
    }
    checkBatchBytes(checked.reduce((sum, { bytes }) => sum + bytes, 0));
    await this.#writer.writeTogether(checked);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in the port
  async writeAll(writes: readonly Write<any>[]): Promise<void> {
    checkWriteAll(writes);
    await this.#writer.writeApart(writes.map((write) => this.#check(write)));
  }

  async compareAndSet<T extends Table>(
    table: T,
    key: RowKey<T>,
    expected: Partial<Row<T>> | undefined,
    next: Row<T> | undefined,
  ): Promise<CasResult<T>> {
    checkCompareAndSet(table);
    const stored = this.#stored(table);
    stored.checkKey(key);
    checkExpected(stored, expected);
    const partition = stored.partitionOf(key);
    if (next) {
      stored.checkPut(next, undefined);
      if (stored.partitionOf(next) !== partition || stored.rowOf(next) !== stored.rowOf(key)) {
        throw misuse(`table ${table.name}: next has another key`);
      }
    }
    const request = { session: this.#session, table: stored, key, expected, next };
    const work = (sinceMs: number) => compareAndSet({ ...request, sinceMs });
    return (await this.#writer.turns.take(partition, work)) as CasResult<T>;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #stored(table: Table): CassandraTable {
    this.#session.checkOpen();
    const stored = this.#tables.get(table.name);
    if (!stored) throw misuse(`table ${table.name} is not migrated`);
    return stored;
  }

  #check(write: Write): CheckedWrite {
    return this.#writer.check(this.#stored(write.table), write);
  }

  async #read(table: CassandraTable, key: RowRecord): Promise<RowRecord | undefined> {
    const { rows } = await this.#session.execute(table.get(key), 'read');
    const [found] = rows as unknown as RowRecord[];
    return found && table.toRow(key, found);
  }
}
