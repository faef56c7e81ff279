export { describeEventLogContract } from './describe-event-log-contract.js';
export type { EventLogFactory, EventLogFixture } from './event-log-fixture.js';
