export { createEmbeddedTableStore, type EmbeddedTableStoreOptions } from './embedded/embedded-table-store.js';
export {
  type ClusteringKey,
  type ColumnSpec,
  type ColumnType,
  defineTable,
  type KeySpec,
  type KeyType,
  type PartitionKey,
  type Row,
  type RowKey,
  type Table,
  type Values,
} from './table.js';
export {
  type CasResult,
  put,
  remove,
  type ScanOptions,
  type ScanPage,
  type TableStore,
  type Write,
} from './table-store.js';
