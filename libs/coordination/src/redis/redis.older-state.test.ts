// A server that comes back with less than it knew: from a snapshot here, as a promoted replica would.
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine } from '@parley/test-engines';
import type { Coordination } from '../coordination.js';
import { createRedisCoordination } from './redis-coordination.js';
import { isRedisInstalled, NOWHERE, RedisServer, until } from './testing/redis-server.js';

const LONG_MS = 600_000;
const TEST_TIMEOUT_MS = 60_000;

const LIFE_KEY = 'coordination:life';

// Replicas are served at once.
const OPTIONS = ['--repl-diskless-sync-delay', '0'];
const server = isRedisInstalled() ? await RedisServer.start(...OPTIONS) : undefined;
const second = isRedisInstalled() ? await RedisServer.start(...OPTIONS) : undefined;

const open = (redis: RedisServer): Coordination =>
  createRedisCoordination({ urls: [redis.url], logger: silentLogger });

const answering = (coordination: Coordination): Promise<void> =>
  until('it answers', () =>
    coordination.get('probe').then(
      () => true,
      () => false,
    ),
  );

await describeWithEngine('a Redis server with a snapshot', server?.address ?? NOWHERE, () => {
  const redis = server as RedisServer;
  const replica = second as RedisServer;
  afterAll(async () => {
    await redis.remove();
    await replica.remove();
  });

  it(
    'gives no number again',
    async () => {
      const coordination = open(redis);
      const counter = 'seq:{older}';
      const next = () => coordination.reserveNext({ counter, note: '', ttlMs: LONG_MS });
      await coordination.seedCounter(counter, 1n, 100n);
      expect(await next()).toEqual({ kind: 'fresh', number: 1n });
      await redis.command('SAVE');
      expect(await next()).toEqual({ kind: 'fresh', number: 2n });
      await redis.kill();
      await redis.start();
      await answering(coordination);
      expect(await redis.command('LRANGE', counter, '0', '1')).toEqual(['2', '100']);
      expect(await next()).toEqual({ kind: 'exhausted' });
      await coordination.seedCounter(counter, 101n, 200n);
      expect(await next()).toEqual({ kind: 'fresh', number: 101n });
      await coordination.close();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'has lived as long as its server, not as long as its state',
    async () => {
      const coordination = open(redis);
      const first = await coordination.life();
      await until('it is older', async () => ((await coordination.life())?.ageMs ?? 0) >= 100);
      expect((await coordination.life())?.id).toBe(first?.id);
      const known = await redis.command('GET', LIFE_KEY);
      await redis.command('SAVE');
      await redis.kill();
      await redis.start();
      await answering(coordination);
      expect(await redis.command('GET', LIFE_KEY)).toBe(known);
      const later = await coordination.life();
      expect(later).toEqual({ id: expect.any(String), ageMs: 0 });
      expect(later?.id).not.toBe(first?.id);
      await redis.command('FLUSHALL');
      expect(await coordination.life()).toEqual({ id: expect.any(String), ageMs: 0 });
      expect((await coordination.life())?.id).not.toBe(later?.id);
      await coordination.close();
    },
    TEST_TIMEOUT_MS,
  );

  /** `to` takes the state of `from`, and is promoted. */
  let follows = 0;
  const follow = async (from: RedisServer, to: RedisServer): Promise<void> => {
    const mark = `${++follows}`;
    await from.command('SET', 'mark', mark);
    await to.command('REPLICAOF', '127.0.0.1', `${from.port}`);
    await until('it has the state', async () => (await to.command('GET', 'mark')) === mark);
    await to.command('REPLICAOF', 'NO', 'ONE');
  };

  it(
    'gives no number again that a replica, promoted and demoted meanwhile, does not know of',
    async () => {
      const coordination = open(redis);
      const counter = 'seq:{there and back}';
      const next = () => coordination.reserveNext({ counter, note: '', ttlMs: LONG_MS });
      // With its first replica a server begins another history, too.
      await follow(redis, replica);
      await coordination.seedCounter(counter, 1n, 100n);
      expect(await next()).toEqual({ kind: 'fresh', number: 1n });
      await follow(redis, replica);
      expect(await next()).toEqual({ kind: 'fresh', number: 2n });
      await follow(replica, redis);
      await answering(coordination);
      expect(await redis.command('LRANGE', counter, '0', '1')).toEqual(['2', '100']);
      expect(await next()).toEqual({ kind: 'exhausted' });
      await coordination.close();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'begins another life with every promotion, be it there and back',
    async () => {
      const [one, other] = [open(redis), open(replica)];
      const first = await one.life();
      const known = await redis.command('GET', LIFE_KEY);
      await follow(redis, replica);
      expect(await replica.command('GET', LIFE_KEY)).toBe(known);
      // Nobody asked the second server before the first one followed it.
      await follow(replica, redis);
      expect(await redis.command('GET', LIFE_KEY)).toBe(known);
      const back = await one.life();
      expect(back?.id).not.toBe(first?.id);
      await follow(redis, replica);
      const there = await other.life();
      expect([first?.id, back?.id]).not.toContain(there?.id);
      await one.close();
      await other.close();
    },
    TEST_TIMEOUT_MS,
  );
});
