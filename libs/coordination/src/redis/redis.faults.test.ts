import { ErrorCode } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine } from '@parley/test-engines';
import type { Coordination, Reservation } from '../coordination.js';
import { createRedisCoordination } from './redis-coordination.js';
import { OPEN_REQUESTS_MAX } from './redis-options.js';
import { isRedisInstalled, NOWHERE, RedisServer, until } from './testing/redis-server.js';

const DEADLINE_MS = 500;
/** A busy machine may answer late; nobody waits for anything near it. */
const SLACK_MS = 1_500;
const LONG_MS = 600_000;
const TEST_TIMEOUT_MS = 60_000;

const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });
const overloaded = expect.objectContaining({ name: 'ChatError', code: ErrorCode.OVERLOADED });

/** 0 when it is no fresh one. */
const numberOf = (reservation: Reservation): bigint =>
  reservation.kind === 'fresh' ? reservation.number : 0n;

const server = isRedisInstalled() ? await RedisServer.start() : undefined;

await describeWithEngine('a Redis server of its own', server?.address ?? NOWHERE, () => {
  const redis = server as RedisServer;
  const opened: Coordination[] = [];

  const open = (keyPrefix = ''): Coordination => {
    const coordination = createRedisCoordination({
      urls: [redis.url],
      keyPrefix,
      deadlineMs: DEADLINE_MS,
      logger: silentLogger,
    });
    opened.push(coordination);
    return coordination;
  };

  const answers = async (coordination: Coordination): Promise<boolean> => {
    try {
      await coordination.get('probe');
      return true;
    } catch (thrown) {
      expect(thrown).toEqual(unavailable);
      return false;
    }
  };

  /** Works without a pause until it is told to end; answers what was thrown. */
  const workOn = (coordination: Coordination) => {
    const thrown: unknown[] = [];
    let isWorking = true;
    let done = 0;
    const one = async (at: number): Promise<void> => {
      while (isWorking) {
        try {
          await coordination.countInWindow(`work:${at}`, 1, LONG_MS);
          done += 1;
        } catch (error) {
          thrown.push(error);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const working = Promise.all(Array.from({ length: 16 }, (_, at) => one(at)));
    return {
      thrown,
      get done() {
        return done;
      },
      end: async () => {
        isWorking = false;
        await working;
      },
    };
  };

  afterEach(async () => {
    for (const coordination of opened.splice(0)) await coordination.close();
    await redis.command('FLUSHALL');
  });
  afterAll(() => redis.remove());

  it(
    'is UNAVAILABLE while the server is gone, at once after the deadline, and works again afterwards',
    async () => {
      const coordination = open();
      await coordination.seedCounter('seq:{c}', 1n, 100n);
      const work = workOn(coordination);
      await until('work is being done', () => work.done > 100);
      await redis.kill();
      await until('requests fail', () => work.thrown.length > 0);
      await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS + 200));
      const before = performance.now();
      await expect(coordination.get('k')).rejects.toEqual(unavailable);
      expect(performance.now() - before).toBeLessThan(DEADLINE_MS / 2);
      await redis.start();
      const doneBefore = work.done;
      await until('work is done again', () => work.done > doneBefore + 100);
      await work.end();
      for (const error of work.thrown) expect(error).toEqual(unavailable);
      // What was in memory is gone, the scripts too; both come back.
      expect(await coordination.reserveNext({ counter: 'seq:{c}', note: '', ttlMs: LONG_MS })).toEqual({
        kind: 'exhausted',
      });
      await coordination.seedCounter('seq:{c}', 101n, 200n);
      expect(numberOf(await coordination.reserveNext({ counter: 'seq:{c}', note: '', ttlMs: LONG_MS }))).toBe(
        101n,
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'holds what is asked before the server is there, until the deadline',
    async () => {
      await redis.kill();
      const coordination = open();
      const early = coordination.set('k', 'v');
      await expect(early).rejects.toEqual(unavailable);
      const second = open();
      const held = second.set('k', 'v');
      await redis.start();
      // Connecting again takes its pauses: what was asked is either done or said not to be.
      await held.catch((thrown) => expect(thrown).toEqual(unavailable));
      await until('both work', async () => (await answers(coordination)) && (await answers(second)));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is UNAVAILABLE within the deadline while the server hangs, and works again afterwards',
    async () => {
      const coordination = open();
      await coordination.set('k', 'v');
      redis.stop();
      try {
        for (let round = 0; round < 6; round++) {
          const before = performance.now();
          await expect(coordination.get('k')).rejects.toEqual(unavailable);
          expect(performance.now() - before).toBeLessThan(DEADLINE_MS + SLACK_MS);
        }
      } finally {
        redis.resume();
      }
      await until('it works', () => answers(coordination));
      expect(await coordination.get('k')).toBe('v');
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'opens no more requests than it may',
    async () => {
      const coordination = open();
      await coordination.get('k');
      redis.stop();
      try {
        const asked = Array.from({ length: OPEN_REQUESTS_MAX }, () => coordination.get('k'));
        const all = Promise.allSettled(asked);
        await expect(coordination.get('k')).rejects.toEqual(overloaded);
        for (const result of await all) {
          expect(result.status).toBe('rejected');
          expect((result as PromiseRejectedResult).reason).toEqual(unavailable);
        }
      } finally {
        redis.resume();
      }
      await until('it works', () => answers(coordination));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'loses nothing but what was in memory when the server is emptied',
    async () => {
      const coordination = open();
      const keys = { counter: 'seq:{c}', reservation: 'send:{c}' };
      await coordination.seedCounter(keys.counter, 1n, 100n);
      await coordination.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS });
      await redis.command('FLUSHALL');
      await redis.command('SCRIPT', 'FLUSH');
      expect(await coordination.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS })).toEqual({
        kind: 'exhausted',
      });
      await coordination.seedCounter(keys.counter, 101n, 200n);
      const asked = Array.from({ length: 50 }, () =>
        coordination.reserveNext({ counter: keys.counter, note: '', ttlMs: LONG_MS }),
      );
      const numbers = (await Promise.all(asked)).map(numberOf);
      expect(new Set(numbers).size).toBe(50);
      expect(await coordination.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS })).toEqual({
        kind: 'fresh',
        number: 151n,
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'recovers from connections that the server ends, and repeats nothing by itself',
    async () => {
      const coordination = open();
      const work = workOn(coordination);
      for (let round = 0; round < 10; round++) {
        const doneBefore = work.done;
        await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
        await until('work goes on', () => work.done > doneBefore + 50);
      }
      await work.end();
      for (const error of work.thrown) expect(error).toEqual(unavailable);
      const counts = await Promise.all(
        Array.from({ length: 16 }, (_, at) => coordination.countInWindow(`work:${at}`, 0, LONG_MS)),
      );
      const counted = counts.reduce((sum, count) => sum + count, 0);
      // Every answer counted once; of those without an answer each counted once or not at all.
      expect(counted).toBeGreaterThanOrEqual(work.done);
      expect(counted).toBeLessThanOrEqual(work.done + work.thrown.length);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'refuses new things when the server is full, and nothing happens then',
    async () => {
      const coordination = open();
      await coordination.set('k', 'old');
      await coordination.seedCounter('seq:{c}', 1n, 9n);
      await redis.command('CONFIG', 'SET', 'maxmemory', '1');
      const keys = { counter: 'seq:{c}', reservation: 'send:{c}' };
      try {
        await expect(coordination.set('k', 'new')).rejects.toEqual(overloaded);
        await expect(coordination.setAdd('s', ['m'], LONG_MS)).rejects.toEqual(overloaded);
        await expect(coordination.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS })).rejects.toEqual(
          overloaded,
        );
        expect(await coordination.get('k')).toBe('old');
      } finally {
        await redis.command('CONFIG', 'SET', 'maxmemory', '0');
      }
      expect(await coordination.get('send:{c}')).toBeUndefined();
      expect(numberOf(await coordination.reserveNext({ ...keys, note: 'n', ttlMs: LONG_MS }))).toBe(1n);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'waits for a primary while the server is a replica',
    async () => {
      const coordination = open();
      await coordination.set('k', 'v');
      await redis.command('REPLICAOF', '127.0.0.1', '1');
      try {
        await expect(coordination.set('k', 'w')).rejects.toEqual(unavailable);
      } finally {
        await redis.command('REPLICAOF', 'NO', 'ONE');
      }
      await until('it can be written', () =>
        coordination.set('k', 'w').then(
          () => true,
          (thrown) => {
            expect(thrown).toEqual(unavailable);
            return false;
          },
        ),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it('gives every number once to many clients', async () => {
    const clients = Array.from({ length: 8 }, () => open());
    await clients[0]?.seedCounter('seq:{many}', 1n, 10_000n);
    const asked = clients.flatMap((client) =>
      Array.from({ length: 200 }, () =>
        client.reserveNext({ counter: 'seq:{many}', note: '', ttlMs: LONG_MS }),
      ),
    );
    const numbers = (await Promise.all(asked)).map(numberOf);
    expect(new Set(numbers).size).toBe(1_600);
    expect(numbers.every((number) => number >= 1n && number <= 1_600n)).toBe(true);
  });

  it('keeps prefixes apart', async () => {
    const [a, b] = [open('a:'), open('b:')];
    await a.set('k', 'of a');
    expect(await b.get('k')).toBeUndefined();
    const heard: string[] = [];
    await b.subscribe('channel', (message) => heard.push(message));
    await a.publish('channel', 'of a');
    await b.publish('channel', 'of b');
    await until('a message came', () => heard.length > 0);
    expect(heard).toEqual(['of b']);
  });

  it('rejects everything that is open when it is closed', async () => {
    const coordination = open();
    await coordination.get('k');
    redis.stop();
    const asked = Promise.allSettled(Array.from({ length: 10 }, () => coordination.get('k')));
    await coordination.close();
    redis.resume();
    for (const result of await asked)
      expect(result).toMatchObject({ status: 'rejected', reason: unavailable });
  });

  describe('subscriptions', () => {
    const heardFrom = async (coordination: Coordination, channel: string) => {
      const heard: string[] = [];
      const subscription = await coordination.subscribe(channel, (message) => heard.push(message));
      return { heard, subscription };
    };

    /** Publishes until the message is heard: while nobody is subscribed messages are lost. */
    const untilHeard = (coordination: Coordination, channel: string, heard: readonly string[]) => {
      const before = heard.length;
      return until('messages arrive', async () => {
        await coordination.publish(channel, 'again').catch((thrown) => expect(thrown).toEqual(unavailable));
        return heard.length > before;
      });
    };

    it(
      'are taken up again after the server was gone, all of them',
      async () => {
        const [one, two] = [open(), open()];
        const channels = Array.from({ length: 1_200 }, (_, at) => `channel:${at}`);
        const inboxes = await Promise.all(channels.map((channel) => heardFrom(one, channel)));
        await redis.kill();
        await redis.start();
        for (const at of [0, 600, 1_199]) {
          await untilHeard(two, channels[at] as string, inboxes[at]?.heard ?? []);
        }
        await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await untilHeard(two, 'channel:7', inboxes[7]?.heard ?? []);
        const closed = inboxes[7] as (typeof inboxes)[number];
        await closed.subscription.close();
        const before = closed.heard.length;
        await two.publish('channel:7', 'late');
        await untilHeard(two, 'channel:8', inboxes[8]?.heard ?? []);
        expect(closed.heard.length).toBe(before);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'are UNAVAILABLE when the server does not confirm in time',
      async () => {
        const coordination = open();
        await redis.kill();
        const heard: string[] = [];
        await expect(coordination.subscribe('c', (message) => heard.push(message))).rejects.toEqual(
          unavailable,
        );
        await redis.start();
        const inbox = await until('it is possible', () =>
          heardFrom(coordination, 'd').then(
            () => true,
            () => false,
          ),
        );
        expect(inbox).toBeUndefined();
        await untilHeard(coordination, 'd', (await heardFrom(coordination, 'd')).heard);
        await coordination.publish('c', 'm');
        expect(heard).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );

    it('notice a connection on which nothing comes any more', async () => {
      const coordination = open();
      const { heard } = await heardFrom(coordination, 'c');
      redis.stop();
      // Longer than the ping's interval and the silence that ends a connection.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      redis.resume();
      await untilHeard(open(), 'c', heard);
    });

    it('keep the order of each of several publishers', async () => {
      const publishers = Array.from({ length: 4 }, () => open());
      const { heard } = await heardFrom(open(), 'c');
      await Promise.all(
        publishers.map(async (publisher, who) => {
          const sent: Promise<void>[] = [];
          for (let at = 0; at < 300; at++) {
            sent.push(publisher.publish('c', `${who} ${at}`));
            if (at % 37 === 0) await new Promise((resolve) => setImmediate(resolve));
          }
          await Promise.all(sent);
        }),
      );
      await until('all came', () => heard.length === 1_200);
      for (const who of [0, 1, 2, 3]) {
        const own = heard.filter((message) => message.startsWith(`${who} `));
        expect(own).toEqual(Array.from({ length: 300 }, (_, at) => `${who} ${at}`));
      }
    });
  });
});
