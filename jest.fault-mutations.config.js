// The fault suite on products that lack a rule each: the suite must notice. `make faults ARGS=--mutations` runs it.
import faults from './jest.faults.config.js';

export default { ...faults, testMatch: ['**/*.mutations.ts'] };
