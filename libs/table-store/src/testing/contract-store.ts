// The suite's tools: one fixture for all its tests, tables, and keys that nobody else uses.
import { type ColumnSpec, defineTable, type KeySpec, type Table } from '../table.js';
import type { ScanOptions, TableStore } from '../table-store.js';
import type { TableStoreFactory, TableStoreFixture } from './table-store-fixture.js';

/** One table for most tests: two partition columns, two clustering columns, every type. */
export const ROWS = defineTable({
  name: 'contract_rows',
  partition: { app_id: 'u32', owner: 'text' },
  clustering: { kind: 'text', seq: 'u64' },
  columns: { body: 'bytes', note: 'text', count: 'u32', total: 'u64', is_seen: 'bool' },
});

/** The same, for compareAndSet. */
export const AGREED_ROWS = defineTable({ ...ROWS, name: 'contract_agreed_rows', isConditional: true });

/** No clustering key: one row per partition. */
export const HEADS = defineTable({
  name: 'contract_heads',
  partition: { id: 'text' },
  clustering: {},
  columns: { value: 'u64', note: 'text' },
  isConditional: true,
});

export const VERSIONED = defineTable({
  name: 'contract_versioned',
  partition: { id: 'text' },
  clustering: { part: 'u32' },
  columns: { note: 'text' },
  isVersioned: true,
});

export const ENDING = defineTable({
  name: 'contract_ending',
  partition: { id: 'text' },
  clustering: { seq: 'u32' },
  columns: { note: 'text' },
  ttlSeconds: 3,
});

/** Claims that somebody holds for a while. */
export const ENDING_CLAIMS = defineTable({ ...ENDING, name: 'contract_ending_claims', isConditional: true });

export const TABLES: readonly Table[] = [ROWS, AGREED_ROWS, HEADS, VERSIONED, ENDING, ENDING_CLAIMS];

export interface RowOptions {
  readonly kind?: string;
  readonly seq?: bigint;
  readonly body?: Uint8Array;
  readonly note?: string;
  readonly count?: number;
  readonly total?: bigint;
  readonly is_seen?: boolean;
}

export interface Owner {
  readonly app_id: number;
  readonly owner: string;
}

export const rowOf = (owner: Owner, options: RowOptions = {}) => ({
  ...owner,
  kind: 'k',
  seq: 1n,
  body: new Uint8Array(0),
  note: '',
  count: 0,
  total: 0n,
  is_seen: false,
  ...options,
});

export type ContractRow = ReturnType<typeof rowOf>;

export class ContractStore {
  #fixture: TableStoreFixture | undefined;
  #store: TableStore | undefined;
  #names = 0;
  readonly #run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  readonly #factory: TableStoreFactory;

  constructor(factory: TableStoreFactory) {
    this.#factory = factory;
  }

  async open(): Promise<void> {
    this.#fixture = await this.#factory();
    this.#store = this.#fixture.store;
    await this.#store.migrate(TABLES);
  }

  async close(): Promise<void> {
    await this.#fixture?.close();
  }

  /** The store of all tests. */
  get store(): TableStore {
    if (!this.#store) throw new Error('the contract suite has not been opened');
    return this.#store;
  }

  /** A fixture of its own, for tests that close the store. */
  fresh(): Promise<TableStoreFixture> {
    return this.#factory();
  }

  async advance(ms: number): Promise<void> {
    await this.#fixture?.advance(ms);
  }

  /** Restarts the store; it knows {@link TABLES} and `more` afterwards. */
  async reopen(more: readonly Table[] = []): Promise<void> {
    if (!this.#fixture) throw new Error('the contract suite has not been opened');
    this.#store = await this.#fixture.reopen();
    await this.#store.migrate([...TABLES, ...more]);
  }

  name(): string {
    this.#names += 1;
    return `${this.#run}-${this.#names}`;
  }

  /** A partition of {@link ROWS} of its own. */
  owner(): Owner {
    return { app_id: 1, owner: this.name() };
  }

  /** A table name of its own. */
  tableName(): string {
    return `contract_${this.name().replaceAll('-', '_')}`;
  }

  /** All rows of a partition, page by page; also checks that pages end. */
  async scanAll(owner: Owner, options: ScanOptions<typeof ROWS>): Promise<ContractRow[]> {
    const rows: ContractRow[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 10_000; page++) {
      const found = await this.store.scan(
        ROWS,
        owner,
        cursor === undefined ? options : { ...options, cursor },
      );
      if (found.rows.length > options.limit) throw new Error('a page has more rows than its limit');
      rows.push(...found.rows);
      cursor = found.cursor;
      if (cursor === undefined) return rows;
    }
    throw new Error('a scan does not end');
  }
}

/** A table declaration that differs from others in its columns only. */
export const tableWith = <const V extends ColumnSpec>(name: string, columns: V) =>
  defineTable({ name, partition: { id: 'text' }, clustering: { seq: 'u32' }, columns });

export const agreedTableWith = <const V extends ColumnSpec>(name: string, columns: V) =>
  defineTable({ ...tableWith(name, columns), isConditional: true });

export const keyedTable = (name: string, partition: KeySpec, clustering: KeySpec): Table =>
  defineTable({ name, partition, clustering, columns: { note: 'text' } });

/** Repeats itself: the same seed gives the same numbers from 0 up to `below`. */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
