import { describeCoordinationContract } from '../testing/index.js';
import { createMemoryCoordination } from './memory-coordination.js';

describeCoordinationContract('memory', async () => {
  let now = 1_700_000_000_000;
  const thrown: unknown[] = [];
  const coordination = createMemoryCoordination({
    clock: { now: () => now },
    onListenerError: (error) => thrown.push(error),
  });
  return {
    coordination,
    other: coordination,
    advance: async (ms) => {
      now += ms;
    },
    close: () => coordination.close(),
  };
});
