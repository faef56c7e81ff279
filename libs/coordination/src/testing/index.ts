export type { CoordinationFactory, CoordinationFixture } from './coordination-fixture.js';
export { describeCoordinationContract } from './describe-coordination-contract.js';
