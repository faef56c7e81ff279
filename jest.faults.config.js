// The fault suite: real processes over real engines, one scenario at a time. `make faults` runs it.
import base from './jest.config.js';

export default {
  ...base,
  roots: ['<rootDir>/services/standalone/test/faults'],
  testMatch: ['**/*.faults.ts'],
  maxWorkers: 1,
};
