// Redis emptied and Redis away, under load. It holds only what can be rebuilt: nothing that was acked may be
// lost, no number be given twice, and everything works again without help.
import { flushRedis, OwnEngine } from '@parley/test-engines';
import { expectHeld } from './harness/expect-held.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;
const FLUSHES = 3;
const AWAY_MS = 60_000;

describe('Redis', () => {
  let redis: OwnEngine;
  beforeAll(async () => {
    redis = await OwnEngine.start('redis');
  }, SCENARIO_MS);
  afterAll(() => redis?.remove());

  const env = () => ({ PARLEY_REDIS_URL: `redis://${redis.address}` });

  it(
    'is emptied',
    async () => {
      const report = await underLoad({
        name: 'redis-flushed',
        env: env(),
        disturb: async ({ phase }) => {
          for (let count = 1; count <= FLUSHES; count += 1) {
            await phase(`flush ${count}`, () => flushRedis(redis));
          }
        },
      });
      expectHeld(report);
    },
    SCENARIO_MS,
  );

  it(
    'is away for 60 s',
    async () => {
      const report = await underLoad({
        name: 'redis-away',
        env: env(),
        disturb: async ({ phase, pause }) => {
          await phase('away', async () => {
            await redis.kill();
            await pause(AWAY_MS);
            await redis.start();
          });
        },
      });
      expectHeld(report);
    },
    SCENARIO_MS,
  );
});
