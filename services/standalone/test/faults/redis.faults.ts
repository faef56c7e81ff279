// Redis emptied and Redis away, under load. It holds only what can be rebuilt: nothing that was acked may be
// lost, no number be given twice, and everything works again without help.
import { flushRedis, OwnEngine } from '@parley/test-engines';
import { expectHeld } from './harness/expect-held.js';
import { type Stage, underLoad } from './harness/under-load.js';

const SCENARIO_MS = 600_000;
const FLUSHES = 3;
/** So often that no retry finds what its first attempt left, while acks get lost. */
const OFTEN = { everyMs: 500, forMs: 15_000, lostAcksEach: 10 } as const;
const AWAY_MS = 60_000;

async function flushOften(redis: OwnEngine, { proxies, random, pause }: Stage): Promise<void> {
  for (let count = 0; count < OFTEN.forMs / OFTEN.everyMs; count += 1) {
    const deaf = Array.from(
      { length: OFTEN.lostAcksEach },
      () => proxies[Math.floor(random() * proxies.length)],
    );
    for (const proxy of deaf) proxy?.dropServerBytesAfter(0);
    await pause(OFTEN.everyMs);
    await flushRedis(redis);
    for (const proxy of deaf) proxy?.cut();
  }
}

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
        disturb: async (stage) => {
          for (let count = 1; count <= FLUSHES; count += 1) {
            await stage.phase(`flush ${count}`, () => flushRedis(redis));
          }
          await stage.phase('often, acks get lost', () => flushOften(redis, stage));
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
