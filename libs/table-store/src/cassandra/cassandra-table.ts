// One migrated table: rows as parameters of its statements, and out of their results.
import { checkRowBytes, checkValue, checkVersion } from '../request-checks.js';
import type { Table } from '../table.js';
import type { StoredColumn } from '../table-catalog.js';
import { bytesOf, decode, encode, isZero, quote, ZEROS } from './cql.js';
import { encodeRoutingKey } from './replica-names.js';
import {
  checkKeyBytes,
  checkKeyColumns,
  checkPartition,
  type KeyColumn,
  keyColumns,
  type RowRecord,
} from './row-key.js';
import type { Statement } from './session.js';
import { listNames, type TableTexts, writeTexts } from './table-texts.js';

export class CassandraTable {
  readonly declaration: Table;
  readonly partition: readonly KeyColumn[];
  readonly clustering: readonly KeyColumn[];
  readonly columns: readonly StoredColumn[];
  /** `keyspace.table`. */
  readonly path: string;
  /** Declared columns and those that only the catalog knows; puts write them all, as zero where nothing is declared. */
  readonly #stored: readonly StoredColumn[];
  /** The first stored column, which no row lacks, then the other declared ones. */
  readonly #compared: readonly StoredColumn[];
  readonly #texts: TableTexts;

  constructor(keyspace: string, declaration: Table, stored: readonly StoredColumn[]) {
    this.declaration = declaration;
    this.partition = keyColumns(declaration.partition);
    this.clustering = keyColumns(declaration.clustering);
    this.columns = Object.entries(declaration.columns).map(([name, type]) => ({ name, type }));
    this.path = `${quote(keyspace)}.${quote(declaration.name)}`;
    this.#stored = stored;
    const first = stored.slice(0, 1);
    this.#compared = [...first, ...this.columns.filter(({ name }) => name !== first[0]?.name)];
    const selected = this.selected(this.partition.slice(0, 1));
    this.#texts = writeTexts({
      path: this.path,
      declaration,
      stored,
      compared: this.#compared,
      selected,
    });
  }

  get name(): string {
    return this.declaration.name;
  }

  get isConditional(): boolean {
    return this.declaration.isConditional === true;
  }

  /** Checks a key; answers its bytes. @throws ChatError INTERNAL. */
  checkKey(key: RowRecord): number {
    const bytes =
      checkPartition(this.name, this.partition, key) + checkKeyColumns(this.name, this.clustering, key);
    checkKeyBytes(bytes);
    return bytes;
  }

  /** Checks a row and its version; answers its bytes. @throws ChatError INTERNAL. */
  checkPut(row: RowRecord, version: bigint | undefined): number {
    checkVersion(this.declaration, version);
    let bytes = this.checkKey(row);
    for (const { name, type } of this.columns) {
      checkValue(this.name, name, type, row[name]);
      bytes += bytesOf(type, row[name]);
    }
    checkRowBytes(this.name, bytes);
    return bytes;
  }

  /** What no two partitions of all tables share. */
  partitionOf(key: RowRecord): string {
    return `${this.name} ${textOf(this.partition, key)}`;
  }

  /** What no two rows of a partition share. */
  rowOf(key: RowRecord): string {
    return textOf(this.clustering, key);
  }

  get(key: RowRecord): Statement {
    return { query: this.#texts.get, params: this.#keyParams(key) };
  }

  /** Reads a row that nobody has: it fails as long as the node does not know the table and all its columns. */
  probe(): Statement {
    const key = [...this.partition, ...this.clustering].map(({ name, type }) => {
      return [name, type === 'text' ? '-' : ZEROS[type]];
    });
    return this.get(Object.fromEntries(key));
  }

  /** When the row was put, which is its version. */
  writeTime(key: RowRecord): Statement {
    return { query: this.#texts.writeTime, params: this.#keyParams(key) };
  }

  put(row: RowRecord, timestamp: bigint): Statement {
    const params = [...this.#keyParams(row), ...this.#storedParams(row), timestamp, ...this.#ttlParams()];
    return { query: this.#texts.put, params };
  }

  delete(key: RowRecord, timestamp: bigint): Statement {
    return { query: this.#texts.delete, params: [timestamp, ...this.#keyParams(key)] };
  }

  agreedPut(row: RowRecord): Statement {
    return { query: this.#texts.agreedPut, params: this.#updateParams(row) };
  }

  agreedDelete(key: RowRecord): Statement {
    return { query: this.#texts.agreedDelete, params: this.#keyParams(key) };
  }

  /** Puts if there is no row. */
  putIfAbsent(row: RowRecord): Statement {
    return { query: this.#texts.putIfAbsent, params: this.#updateParams(row) };
  }

  /** Puts, or deletes, if the row of `expected` has exactly its columns. */
  replace(expected: RowRecord, next: RowRecord | undefined): Statement {
    const values: unknown[] = [];
    for (const [at, { name, type }] of this.#compared.entries()) {
      if (!(name in this.declaration.columns)) continue;
      const value = encode(type, expected[name]);
      values.push(value);
      if (at > 0) values.push(isZero(expected[name]) ? null : value);
    }
    if (next === undefined) {
      return { query: this.#texts.remove, params: [...this.#keyParams(expected), ...values] };
    }
    return { query: this.#texts.replace, params: [...this.#updateParams(next), ...values] };
  }

  /** The row that an answer to {@link putIfAbsent} or {@link replace} brings when it was not applied. */
  rowOfRefusal(key: RowRecord, answer: RowRecord): RowRecord | undefined {
    const first = this.#compared[0];
    const value = first && answer[first.name];
    return value === undefined || value === null ? undefined : this.toRow(key, answer);
  }

  /** The row of `key`, with the columns of a result. */
  toRow(key: RowRecord, found: RowRecord): RowRecord {
    const row: Record<string, unknown> = {};
    for (const { name } of this.partition) row[name] = key[name];
    for (const { name } of this.clustering) row[name] = key[name];
    for (const { name, type } of this.columns) row[name] = decode(type, found[name]);
    return row;
  }

  /** What a SELECT names: these columns of the key and all declared ones; it has to name something. */
  selected(keys: readonly KeyColumn[]): string {
    return listNames([...keys, ...this.columns].map(({ name }) => name));
  }

  /** What decides which nodes hold the partition. */
  routingKey(key: RowRecord): Buffer {
    return encodeRoutingKey(this.partitionParams(key) as (string | bigint)[]);
  }

  partitionParams(key: RowRecord): unknown[] {
    return this.partition.map(({ name, type }) => encode(type, key[name]));
  }

  #keyParams(key: RowRecord): unknown[] {
    return [
      ...this.partitionParams(key),
      ...this.clustering.map(({ name, type }) => encode(type, key[name])),
    ];
  }

  #storedParams(row: RowRecord): unknown[] {
    const { columns } = this.declaration;
    return this.#stored.map(({ name, type }) => encode(type, name in columns ? row[name] : ZEROS[type]));
  }

  #updateParams(row: RowRecord): unknown[] {
    return [...this.#ttlParams(), ...this.#storedParams(row), ...this.#keyParams(row)];
  }

  #ttlParams(): number[] {
    const { ttlSeconds } = this.declaration;
    return ttlSeconds === undefined ? [] : [ttlSeconds];
  }
}

const textOf = (columns: readonly KeyColumn[], key: RowRecord): string =>
  JSON.stringify(columns.map(({ name }) => String(key[name])));
