// The embedded engine of the table store: every table a sub-database of one environment, every call at
// most one transaction of it, and group commit underneath.
import type { ByteSpace, EmbeddedDatabase, Transaction } from '@parley/embedded-db';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import {
  checkBatch,
  checkBatchBytes,
  checkCompareAndSet,
  checkGetMany,
  checkWriteAll,
  misuse,
} from '../request-checks.js';
import type { PartitionKey, Row, RowKey, Table } from '../table.js';
import { mergeEntry, storedColumns } from '../table-catalog.js';
import type { CasResult, ScanOptions, ScanPage, TableStore, Write } from '../table-store.js';
import { ExpiryIndex, spaceOfTable } from './expiry-index.js';
import { ExpirySweeper } from './expiry-sweeper.js';
import { scanPage } from './scan.js';
import { type EncodedPut, isAsExpected, type RowRecord, StoredTable } from './stored-table.js';

export interface EmbeddedTableStoreOptions {
  readonly database: EmbeddedDatabase;
  readonly clock: Clock;
}

/** The store over an open database; closing the store leaves the database open. */
export const createEmbeddedTableStore = (options: EmbeddedTableStoreOptions): TableStore =>
  new EmbeddedTableStore(options);

/** Writes of one transaction when writeAll takes it in several. */
const WRITE_ALL_CHUNK = 1_000;

type PreparedWrite =
  | { readonly kind: 'put'; readonly table: StoredTable; readonly put: EncodedPut }
  | { readonly kind: 'delete'; readonly table: StoredTable; readonly key: Buffer };

const CATALOG_SPACE = 'tables';
const EXPIRY_SPACE = 'table-expiry';

export class EmbeddedTableStore implements TableStore {
  readonly #database: EmbeddedDatabase;
  readonly #clock: Clock;
  readonly #tables = new Map<string, StoredTable>();
  #expiry: ExpiryIndex | undefined;
  #sweeper: ExpirySweeper | undefined;
  #isClosed = false;

  constructor({ database, clock }: EmbeddedTableStoreOptions) {
    this.#database = database;
    this.#clock = clock;
  }

  async migrate(tables: readonly Table[]): Promise<void> {
    this.#checkOpen();
    const catalog = await this.#database.space(CATALOG_SPACE);
    const entries = await this.#database.transact((transaction) =>
      tables.map((table) => mergeInto(transaction, catalog, table)),
    );
    for (const [i, table] of tables.entries()) {
      const space = await this.#database.space(spaceOfTable(table.name));
      this.#tables.set(table.name, new StoredTable(table, storedColumns(entries[i] as string), space));
    }
    await this.#startSweeper();
  }

  async get<T extends Table>(table: T, key: RowKey<T>): Promise<Row<T> | undefined> {
    return this.#read(this.#stored(table), key) as Row<T> | undefined;
  }

  async getMany<T extends Table>(table: T, keys: readonly RowKey<T>[]): Promise<(Row<T> | undefined)[]> {
    checkGetMany(keys);
    const stored = this.#stored(table);
    return keys.map((key) => this.#read(stored, key) as Row<T> | undefined);
  }

  async scan<T extends Table>(
    table: T,
    partition: PartitionKey<T>,
    options: ScanOptions<T>,
  ): Promise<ScanPage<T>> {
    const page = scanPage(this.#stored(table), partition, options, this.#clock.now());
    return page as unknown as ScanPage<T>;
  }

  async put<T extends Table>(table: T, row: Row<T>, version?: bigint): Promise<void> {
    const stored = this.#stored(table);
    const put = stored.encodePut(row, version, this.#clock.now());
    if (stored.needsTransaction) return this.#write([{ kind: 'put', table: stored, put }]);
    return stored.space.put(put.key, put.value);
  }

  async delete<T extends Table>(table: T, key: RowKey<T>): Promise<void> {
    const stored = this.#stored(table);
    const keyBytes = stored.keys.encode(key);
    if (stored.needsTransaction) return this.#write([{ kind: 'delete', table: stored, key: keyBytes }]);
    return stored.space.remove(keyBytes);
  }

  async batch<T extends Table>(writes: readonly Write<T>[]): Promise<void> {
    checkBatch(writes);
    if (writes.length === 0) return;
    const prepared = this.#prepare(writes);
    checkOnePartition(writes, prepared);
    checkBatchBytes(prepared.reduce((sum, write) => sum + bytesOf(write), 0));
    return this.#write(prepared);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in the port
  async writeAll(writes: readonly Write<any>[]): Promise<void> {
    checkWriteAll(writes);
    const prepared = this.#prepare(writes);
    const chunks: Promise<void>[] = [];
    for (let i = 0; i < prepared.length; i += WRITE_ALL_CHUNK) {
      chunks.push(this.#write(prepared.slice(i, i + WRITE_ALL_CHUNK)));
    }
    await Promise.all(chunks);
  }

  async compareAndSet<T extends Table>(
    table: T,
    key: RowKey<T>,
    expected: Partial<Row<T>> | undefined,
    next: Row<T> | undefined,
  ): Promise<CasResult<T>> {
    checkCompareAndSet(table);
    const stored = this.#stored(table);
    const nowMs = this.#clock.now();
    const keyBytes = stored.keys.encode(key);
    const put = next && stored.encodePut(next, undefined, nowMs);
    if (put && !keyBytes.equals(put.key)) throw misuse(`table ${table.name}: next has another key`);
    return this.#database.transact((transaction) => {
      const current = stored.decode(key, transaction.get(stored.space, keyBytes), nowMs);
      const isApplied = isAsExpected(current, expected as RowRecord | undefined);
      if (isApplied) {
        const write: PreparedWrite = put
          ? { kind: 'put', table: stored, put }
          : { kind: 'delete', table: stored, key: keyBytes };
        this.#apply(transaction, [write], nowMs);
      }
      return { isApplied, current: current as Row<T> | undefined };
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sweeper?.stop();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ChatError(ErrorCode.UNAVAILABLE, 'the table store is closed');
  }

  #stored(table: Table): StoredTable {
    this.#checkOpen();
    const stored = this.#tables.get(table.name);
    if (!stored) throw misuse(`table ${table.name} is not migrated`);
    return stored;
  }

  #read(stored: StoredTable, key: RowRecord): RowRecord | undefined {
    return stored.decode(key, stored.space.get(stored.keys.encode(key)), this.#clock.now());
  }

  #prepare(writes: readonly Write[]): PreparedWrite[] {
    const nowMs = this.#clock.now();
    return writes.map((write) => {
      const table = this.#stored(write.table);
      if (write.kind === 'delete') return { kind: 'delete', table, key: table.keys.encode(write.key) };
      return { kind: 'put', table, put: table.encodePut(write.row, write.version, nowMs) };
    });
  }

  async #write(writes: readonly PreparedWrite[]): Promise<void> {
    const nowMs = this.#clock.now();
    await this.#database.transact((transaction) => this.#apply(transaction, writes, nowMs));
  }

  #apply(transaction: Transaction, writes: readonly PreparedWrite[], nowMs: number): void {
    const endings = new Map<string, { table: string; expiresAtMs: number; keys: Buffer[] }>();
    for (const write of writes) {
      const { name } = write.table;
      const key = write.kind === 'put' ? write.put.key : write.key;
      const expiresAtMs = applyOne(transaction, write, nowMs);
      if (expiresAtMs === undefined) continue;
      const id = `${name} ${expiresAtMs}`;
      const ending = endings.get(id);
      if (ending) ending.keys.push(key);
      else endings.set(id, { table: name, expiresAtMs, keys: [key] });
    }
    for (const { table, expiresAtMs, keys } of endings.values()) {
      this.#expiry?.add(transaction, table, expiresAtMs, keys);
    }
  }

  async #startSweeper(): Promise<void> {
    const space = await this.#database.space(EXPIRY_SPACE);
    if (this.#sweeper || this.#isClosed) return;
    this.#expiry = new ExpiryIndex(this.#database, space);
    this.#sweeper = new ExpirySweeper(this.#expiry, this.#clock);
    this.#sweeper.start();
  }
}

/** Answers when what was written ends, if it does. */
function applyOne(transaction: Transaction, write: PreparedWrite, nowMs: number): number | undefined {
  const { table } = write;
  if (write.kind === 'delete') return table.delete(transaction, write.key, nowMs);
  return table.put(transaction, write.put, nowMs) ? write.put.expiresAtMs : undefined;
}

const bytesOf = (write: PreparedWrite): number =>
  write.kind === 'put' ? write.put.key.length + write.put.value.length : write.key.length;

function mergeInto(transaction: Transaction, catalog: ByteSpace, table: Table): string {
  const key = Buffer.from(table.name);
  const stored = transaction.get(catalog, key)?.toString();
  const merged = mergeEntry(table, stored);
  if (merged !== stored) transaction.put(catalog, key, Buffer.from(merged));
  return merged;
}

function checkOnePartition(writes: readonly Write[], prepared: readonly PreparedWrite[]): void {
  const partitions = writes.map((write, i) => {
    const record = write.kind === 'put' ? write.row : write.key;
    return (prepared[i] as PreparedWrite).table.keys.encodePartition(record);
  });
  const first = partitions[0] as Buffer;
  if (partitions.some((partition) => !partition.equals(first))) {
    throw misuse('the writes of a batch are of one partition');
  }
}
