export type { CassandraTableStoreOptions } from './cassandra-options.js';
export { createCassandraTableStore } from './cassandra-table-store.js';
