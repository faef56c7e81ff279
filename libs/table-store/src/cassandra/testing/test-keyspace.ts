// Stores of one test file, in a keyspace of its own that is gone afterwards.
import { randomBytes } from 'node:crypto';
import { systemClock } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import cassandra, { type Client } from 'cassandra-driver';
import type { TableStore } from '../../table-store.js';
import type { CassandraTableStoreOptions } from '../cassandra-options.js';
import { createCassandraTableStore } from '../cassandra-table-store.js';

export class TestKeyspace {
  readonly name: string;
  readonly address: string;
  readonly #opened: TableStore[] = [];
  #client: Client | undefined;

  constructor(address: string) {
    this.address = address;
    this.name = `test_${Date.now().toString(36)}_${randomBytes(3).toString('hex')}`;
  }

  open(options: Partial<CassandraTableStoreOptions> = {}): TableStore {
    const store = createCassandraTableStore({
      contactPoints: [this.address],
      keyspace: this.name,
      clock: systemClock,
      logger: silentLogger,
      ...options,
    });
    this.#opened.push(store);
    return store;
  }

  /** A client of the driver, for looking behind the store. */
  async query(text: string): Promise<Readonly<Record<string, unknown>>[]> {
    this.#client ??= new cassandra.Client({
      contactPoints: [this.address],
      localDataCenter: 'datacenter1',
      socketOptions: { readTimeout: 30_000 },
    });
    const { rows } = await this.#client.execute(text);
    return (rows ?? []) as unknown as Readonly<Record<string, unknown>>[];
  }

  async drop(): Promise<void> {
    for (const store of this.#opened) await store.close();
    await this.query(`DROP KEYSPACE IF EXISTS ${this.name}`);
    await this.#client?.shutdown();
  }
}
