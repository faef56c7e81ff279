import { silentLogger } from '@parley/telemetry';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { describeCoordinationContract } from '../testing/index.js';
import { createRedisCoordination } from './redis-coordination.js';

await describeWithEngine('Redis', engineAddress('redis'), (address) => {
  describeCoordinationContract('redis', async () => {
    const open = () =>
      createRedisCoordination({
        urls: [`redis://${address}`],
        keyPrefix: 'contract:',
        deadlineMs: 5_000,
        logger: silentLogger,
        onListenerError: () => undefined,
      });
    const coordination = open();
    const other = open();
    return {
      coordination,
      other,
      advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      close: async () => {
        await coordination.close();
        await other.close();
      },
    };
  });
});
