export type { CassandraTableStoreOptions } from './cassandra-options.js';
export { createCassandraTableStore } from './cassandra-table-store.js';
export { type CassandraFacts, probeCassandra } from './probe-cassandra.js';
