import { ErrorCode } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine } from '@parley/test-engines';
import type { Coordination } from '../coordination.js';
import { describeCoordinationContract } from '../testing/index.js';
import { createRedisCoordination } from './redis-coordination.js';
import { TestCluster } from './testing/redis-cluster.js';
import { isRedisInstalled, NOWHERE, type RedisServer, until } from './testing/redis-server.js';

const LONG_MS = 600_000;
const TEST_TIMEOUT_MS = 60_000;
const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

const cluster = isRedisInstalled() ? await TestCluster.start() : undefined;

await describeWithEngine('a Redis Cluster of its own', cluster?.nodes[0]?.address ?? NOWHERE, () => {
  const redis = cluster as TestCluster;
  const opened: Coordination[] = [];

  const open = (deadlineMs = 5_000): Coordination => {
    const coordination = createRedisCoordination({
      urls: redis.urls,
      isCluster: true,
      deadlineMs,
      logger: silentLogger,
      onListenerError: () => undefined,
    });
    opened.push(coordination);
    return coordination;
  };

  afterAll(async () => {
    for (const coordination of opened) await coordination.close();
    await redis.remove();
  });

  describeCoordinationContract('redis cluster', async () => {
    const [coordination, other] = [open(), open()];
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

  it('vouches for no life, for its nodes fail one by one', async () => {
    expect(await open().life()).toBeUndefined();
  });

  it(
    'gives every number once while the slot of the counter moves',
    async () => {
      const [one, two] = [open(), open()];
      const keys = { counter: 'seq:{moving}' };
      const slot = await redis.slotOf(keys.counter);
      // What moved is another server's counter, and so none: whoever finds that claims numbers above all others.
      let claimed = 0n;
      const seed = (coordination: Coordination): Promise<void> => {
        const first = claimed + 1n;
        claimed += 1_000_000n;
        return coordination.seedCounter(keys.counter, first, claimed);
      };
      await seed(one);
      const numbers: bigint[] = [];
      const failures: unknown[] = [];
      let isWorking = true;
      const work = async (coordination: Coordination, who: string): Promise<void> => {
        for (let at = 0; isWorking; at++) {
          const reservation = `send:{moving}:${who}:${at}`;
          try {
            const answer = await coordination.reserveNext({ ...keys, reservation, note: '', ttlMs: LONG_MS });
            if (answer.kind === 'fresh') numbers.push(answer.number);
            else if (answer.kind === 'exhausted') await seed(coordination);
            else throw new Error(`the answer is ${answer.kind}`);
          } catch (thrown) {
            failures.push(thrown);
          }
        }
      };
      const working = Array.from({ length: 8 }, (_, at) => work(at % 2 ? one : two, `${at}`));
      for (let round = 0; round < 4; round++) {
        const before = numbers.length;
        await until('numbers are given', () => numbers.length > before + 50);
        const from = await redis.ownerOf(slot);
        const to = redis.nodes[(redis.nodes.indexOf(from) + 1) % redis.nodes.length] as RedisServer;
        await redis.move(slot, from, to);
      }
      const before = numbers.length;
      await until('numbers are given', () => numbers.length > before + 50);
      isWorking = false;
      await Promise.all(working);
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const failure of failures) expect(failure).toEqual(unavailable);
    },
    TEST_TIMEOUT_MS,
  );

  it('keeps the order of a publisher', async () => {
    const heard: string[] = [];
    await open().subscribe('c', (message) => heard.push(message));
    const publisher = open();
    const messages = Array.from({ length: 500 }, (_, at) => `${at}`);
    await Promise.all(messages.map((message) => publisher.publish('c', message)));
    await until('all came', () => heard.length === 500);
    expect(heard).toEqual(messages);
  });

  it('reads hashes of all nodes at once', async () => {
    const coordination = open();
    const keys = Array.from({ length: 300 }, (_, at) => `h:{${at}}`);
    await Promise.all(keys.map((key, at) => coordination.hashSet(key, { at: `${at}` })));
    const hashes = await coordination.hashGetMany(keys);
    expect(hashes).toEqual(keys.map((_, at) => ({ at: `${at}` })));
  });

  // The last one: it leaves the cluster without one of its nodes.
  it(
    'is UNAVAILABLE for the slots of a dead node within the deadline',
    async () => {
      const coordination = open(500);
      await coordination.get('k');
      const dead = await redis.ownerOf(await redis.slotOf('k'));
      await dead.kill();
      for (let round = 0; round < 5; round++) {
        const before = performance.now();
        await expect(coordination.get('k')).rejects.toEqual(unavailable);
        expect(performance.now() - before).toBeLessThan(2_000);
      }
    },
    TEST_TIMEOUT_MS,
  );
});
