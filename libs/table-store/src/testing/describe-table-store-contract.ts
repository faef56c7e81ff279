import { ContractStore } from './contract-store.js';
import { describeBatches } from './describe-batches.js';
import { describeConditions } from './describe-conditions.js';
import { describeLifetimes } from './describe-lifetimes.js';
import { describeMigration } from './describe-migration.js';
import { describeRows } from './describe-rows.js';
import { describeScans } from './describe-scans.js';
import type { TableStoreFactory } from './table-store-fixture.js';

/**
 * What every engine of {@link TableStore} must do; follows the port's doc comments. Registers jest tests.
 * One fixture serves the suite; a few tests open another of their own.
 */
export function describeTableStoreContract(name: string, factory: TableStoreFactory): void {
  describe(`the table store contract: ${name}`, () => {
    const contract = new ContractStore(factory);
    beforeAll(() => contract.open());
    afterAll(() => contract.close());

    describeRows(contract);
    describeBatches(contract);
    describeScans(contract);
    describeConditions(contract);
    describeLifetimes(contract);
    describeMigration(contract);
  });
}
