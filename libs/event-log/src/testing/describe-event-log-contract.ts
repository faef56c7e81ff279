import { ContractLog, TEST_TIMEOUT_MS } from './contract-log.js';
import { describeAppends } from './describe-appends.js';
import { describeConsumption } from './describe-consumption.js';
import { describeFailures } from './describe-failures.js';
import { describeMembers } from './describe-members.js';
import type { EventLogFactory } from './event-log-fixture.js';

/**
 * What every engine of {@link EventLog} must do; follows the port's doc comments. Registers jest tests.
 * One fixture serves the suite; a few tests open another of their own.
 */
export function describeEventLogContract(name: string, factory: EventLogFactory): void {
  describe(`the event log contract: ${name}`, () => {
    const contract = new ContractLog(factory);
    beforeAll(() => contract.open(), TEST_TIMEOUT_MS);
    afterEach(() => contract.stopAll(), TEST_TIMEOUT_MS);
    afterAll(() => contract.close(), TEST_TIMEOUT_MS);

    describeAppends(contract);
    describeConsumption(contract);
    describeMembers(contract);
    describeFailures(contract);
  });
}
