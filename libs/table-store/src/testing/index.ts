export { describeTableStoreContract } from './describe-table-store-contract.js';
export type { TableStoreFactory, TableStoreFixture } from './table-store-fixture.js';
