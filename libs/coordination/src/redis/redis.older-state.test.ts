// A server that comes back with less than it knew: from a snapshot here, as a promoted replica would.
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine } from '@parley/test-engines';
import { createRedisCoordination } from './redis-coordination.js';
import { isRedisInstalled, NOWHERE, RedisServer, until } from './testing/redis-server.js';

const LONG_MS = 600_000;
const TEST_TIMEOUT_MS = 60_000;

const server = isRedisInstalled() ? await RedisServer.start() : undefined;

await describeWithEngine('a Redis server with a snapshot', server?.address ?? NOWHERE, () => {
  const redis = server as RedisServer;
  afterAll(() => redis.remove());

  it(
    'gives no number again',
    async () => {
      const coordination = createRedisCoordination({ urls: [redis.url], logger: silentLogger });
      const counter = 'seq:{older}';
      const next = () => coordination.reserveNext({ counter, note: '', ttlMs: LONG_MS });
      await coordination.seedCounter(counter, 1n, 100n);
      expect(await next()).toEqual({ kind: 'fresh', number: 1n });
      await redis.command('SAVE');
      expect(await next()).toEqual({ kind: 'fresh', number: 2n });
      await redis.kill();
      await redis.start();
      await until('it answers', () =>
        coordination.get('probe').then(
          () => true,
          () => false,
        ),
      );
      expect(await redis.command('LRANGE', counter, '0', '1')).toEqual(['2', '100']);
      expect(await next()).toEqual({ kind: 'exhausted' });
      await coordination.seedCounter(counter, 101n, 200n);
      expect(await next()).toEqual({ kind: 'fresh', number: 101n });
      await coordination.close();
    },
    TEST_TIMEOUT_MS,
  );
});
