import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import type { SessionRegistry } from './delivery.js';
import {
  CONNECTIONS_PER_DELIVERY_MAX,
  DELIVERIES_PER_BATCH_MAX,
  NODE_SLOW_MS,
  PUSH_BYTES_MAX,
  PUSHES_WAITING_MAX,
  RECEIVERS_PER_PUSH_MAX,
  SLOW_NODE_WAITING_MAX,
} from './limits.js';
import { APP, bytes, Fixture, sessionOn, until, user } from './testing/fixture.js';

const overloaded = { code: ErrorCode.OVERLOADED };

describe('push', () => {
  it('reaches every connection of every receiver, on whatever node', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n2', 'a2');
    await fixture.connect('bob', 'n2', 'b1');
    await fixture.connect('carol', 'n2', 'c1');
    await fixture.push(['alice', 'bob'], 'hello');
    expect([n1.of('a1'), n2.of('a2'), n2.of('b1'), n2.of('c1')]).toEqual([
      ['hello'],
      ['hello'],
      ['hello'],
      [],
    ]);
    expect([n1.batches, n2.batches]).toEqual([[1], [1]]);
  });

  it('leaves out the connection that made the change', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n1', 'a2');
    await fixture.push(['alice', 'bob'], 'hello', 'a1');
    expect([n1.of('a1'), n1.of('a2')]).toEqual([[], ['hello']]);
  });

  it('is done at once when nobody is there, and calls no node', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.push(['bob'], 'hello');
    await fixture.push([], 'hello');
    await fixture.push(['alice'], 'hello', 'a1');
    expect(n1.batches).toEqual([]);
  });

  it('reaches a connection once although its user is named twice', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.push(['alice', 'alice'], 'to myself');
    await fixture.push(['alice', 'bob', 'alice'], 'again');
    expect(n1.of('a1')).toEqual(['to myself', 'again']);
  });

  it('keeps apps apart', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    const other = (APP + 1) as AppId;
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n1', 'other-a1', other);
    const pushes = [
      fixture.push(['alice'], 'mine'),
      fixture.delivery.push({ appId: other, userIds: [user('alice')] }, bytes('theirs')),
    ];
    await Promise.all(pushes);
    expect([n1.of('a1'), n1.of('other-a1')]).toEqual([['mine'], ['theirs']]);
    expect(n1.batches).toEqual([2]);
  });

  it('sends each node one batch for all pushes of a turn, after one lookup', async () => {
    const lookups: number[] = [];
    const fixture = new Fixture({ sessions: (own) => watchLookups(own, lookups) });
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    for (let at = 0; at < 20; at++) await fixture.connect(`u${at}`, at % 2 ? 'n1' : 'n2', `c${at}`);
    const pushes = Array.from({ length: 100 }, (_, at) => fixture.push([`u${at % 20}`, 'absent'], `m${at}`));
    await Promise.all(pushes);
    expect(lookups).toEqual([21]);
    expect([n1.batches, n2.batches]).toEqual([[50], [50]]);
    expect(n1.of('c3')).toEqual(['m3', 'm23', 'm43', 'm63', 'm83']);
  });

  it('keeps the order per connection over turns, batches and a slow node', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    const sent: string[] = [];
    const pushes: Promise<void>[] = [];
    for (let turn = 0; turn < 20; turn++) {
      if (turn === 5) n1.hold();
      if (turn === 12) n1.release();
      for (let at = 0; at <= turn; at++) {
        sent.push(`${turn}-${at}`);
        pushes.push(fixture.push(['alice'], `${turn}-${at}`));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(pushes);
    expect(n1.of('a1')).toEqual(sent);
  });

  it('has one batch per node under way, and collects meanwhile', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    n1.hold();
    const first = fixture.push(['alice'], 'first');
    await until(() => n1.batches.length === 1);
    const more: Promise<void>[] = [];
    for (let at = 0; at < 10; at++) {
      more.push(fixture.push(['alice'], `more-${at}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(n1.batches).toEqual([1]);
    n1.release();
    await Promise.all([first, ...more]);
    expect(n1.batches).toEqual([1, 10]);
  });

  it('splits what is too much for one batch', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    const large = 'x'.repeat(300 * 1024);
    await Promise.all(Array.from({ length: 8 }, (_, at) => fixture.push(['alice'], `${at}${large}`)));
    expect(n1.batches).toEqual([3, 3, 2]);
    expect(
      n1
        .of('a1')
        .map((text) => text[0])
        .join(''),
    ).toBe('01234567');
    await Promise.all(Array.from({ length: 2_500 }, (_, at) => fixture.push(['alice'], `m${at}`)));
    expect(Math.max(...n1.batches)).toBeLessThanOrEqual(DELIVERIES_PER_BATCH_MAX);
    expect(n1.of('a1')).toHaveLength(2_508);
  });

  it('splits a push for very many connections of one node', async () => {
    const fixture = new Fixture({
      sessions: (own) => ({
        ...proxy(own),
        sessionsOfMany: async (_, userIds) => userIds.map((userId) => [sessionOn('n1', `c-${userId}`)]),
      }),
    });
    const n1 = await fixture.startNode('n1');
    const names = Array.from({ length: RECEIVERS_PER_PUSH_MAX }, (_, at) => `u${at}`);
    await fixture.push(names, 'all');
    expect(n1.received.size).toBe(RECEIVERS_PER_PUSH_MAX);
    expect(n1.batches).toEqual([RECEIVERS_PER_PUSH_MAX / CONNECTIONS_PER_DELIVERY_MAX]);
  });
});

describe('failures', () => {
  it('of one node reject its pushes and no others', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('bob', 'n2', 'b1');
    n2.failure = new ChatError(ErrorCode.UNAVAILABLE, 'down');
    const outcomes = await Promise.allSettled([
      fixture.push(['alice'], 'to alice'),
      fixture.push(['bob'], 'to bob'),
      fixture.push(['alice', 'bob'], 'to both'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: ErrorCode.UNAVAILABLE } });
    expect(n1.of('a1')).toEqual(['to alice', 'to both']);
    n2.failure = undefined;
    await fixture.push(['bob'], 'later');
    expect(n2.of('b1')).toEqual(['later']);
  });

  it('are logged once a second, without content', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    n1.failure = new ChatError(ErrorCode.UNAVAILABLE, 'down');
    for (let at = 0; at < 5; at++) await expect(fixture.push(['alice'], 'secret')).rejects.toThrow('down');
    fixture.advance(1_000);
    await expect(fixture.push(['alice'], 'secret')).rejects.toThrow('down');
    expect(fixture.logLines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'delivery.node.failed', nodeId: 'n1', code: ErrorCode.UNAVAILABLE, unsaid: 0 },
      { event: 'delivery.node.failed', nodeId: 'n1', code: ErrorCode.UNAVAILABLE, unsaid: 4 },
    ]);
    expect(fixture.logLines.join()).not.toContain('secret');
  });

  it('of addressing a node are failures of that node', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    fixture.nodes.delete('n1');
    await expect(fixture.push(['alice'], 'hello')).rejects.toBeInstanceOf(ChatError);
    const session = sessionOn('n1', 'a1');
    await expect(fixture.delivery.disconnect([session], 4504, 'kicked')).rejects.toBeInstanceOf(ChatError);
  });

  it('of the lookup reject the pushes that needed it, and pass', async () => {
    let isBroken = true;
    const fixture = new Fixture({
      sessions: (own) => ({
        ...proxy(own),
        sessionsOfMany: async (appId, userIds) => {
          if (isBroken) throw new ChatError(ErrorCode.UNAVAILABLE, 'registry down');
          return own.sessionsOfMany(appId, userIds);
        },
      }),
    });
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await expect(fixture.push(['alice'], 'lost')).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    isBroken = false;
    await fixture.push(['alice'], 'found');
    expect(n1.of('a1')).toEqual(['found']);
  });

  it('are not what unknown connections are: those are unregistered', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n1', 'a2');
    await fixture.connect('bob', 'n1', 'b1');
    for (const connectionId of ['a1', 'b1']) n1.unknown.add(connectionId);
    await Promise.all([fixture.push(['alice', 'bob'], 'one'), fixture.push(['bob'], 'two')]);
    await until(async () => (await fixture.connectionIds('bob')).length === 0);
    expect(await fixture.connectionIds('alice')).toEqual(['a2']);
    expect(n1.of('a2')).toEqual(['one']);
    expect(await fixture.metrics.collect()).toContain('parley_delivery_unknown_connections_total 2');
  });

  it('are not what a node names that was not asked about it', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.startNode('n2');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('bob', 'n2', 'b1');
    n1.deliver = async () => ({ unknownConnectionIds: ['b1', 'never heard of'] });
    await fixture.push(['alice'], 'hello');
    expect(await fixture.connectionIds('bob')).toEqual(['b1']);
  });
});

describe('bounds', () => {
  it('refuse the push after 10,000 that wait, and take pushes again when they are done', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    const pushes = Array.from({ length: PUSHES_WAITING_MAX }, () => fixture.push(['alice'], 'm'));
    await expect(fixture.push(['alice'], 'one too many')).rejects.toMatchObject(overloaded);
    await Promise.all(pushes);
    expect(n1.of('a1')).toHaveLength(PUSHES_WAITING_MAX);
    await fixture.push(['alice'], 'again');
    expect(await fixture.metrics.collect()).toContain('parley_delivery_pushes_waiting 0');
  });

  it('count bytes and receivers as well', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    n1.hold();
    const large = 'x'.repeat(PUSH_BYTES_MAX);
    const pushes = Array.from({ length: 64 }, () => fixture.push(['alice'], large));
    await expect(fixture.push(['alice'], 'more')).rejects.toMatchObject(overloaded);
    n1.release();
    await Promise.all(pushes);
    const crowd = Array.from({ length: RECEIVERS_PER_PUSH_MAX }, (_, at) => `u${at}`);
    const crowds = Array.from({ length: 50 }, () => fixture.push(crowd, 'm'));
    await expect(fixture.push(['alice'], 'more')).rejects.toMatchObject(overloaded);
    await Promise.all(crowds);
  });

  it('refuse pushes that are no pushes', async () => {
    const fixture = new Fixture();
    const mistake = { code: ErrorCode.INTERNAL };
    const crowd = Array.from({ length: RECEIVERS_PER_PUSH_MAX + 1 }, (_, at) => `u${at}`);
    await expect(fixture.push(['alice'], 'x'.repeat(PUSH_BYTES_MAX + 1))).rejects.toMatchObject(mistake);
    await expect(fixture.push(crowd, 'm')).rejects.toMatchObject(mistake);
  });

  it('do not let a slow node use up what all nodes share', async () => {
    const fixture = new Fixture();
    const [slow, quick] = [await fixture.startNode('slow'), await fixture.startNode('quick')];
    await fixture.connect('alice', 'slow', 'a1');
    await fixture.connect('bob', 'quick', 'b1');
    slow.hold();
    const waiting = [fixture.push(['alice'], 'under way')];
    await until(() => slow.batches.length === 1);
    for (let at = 0; at < SLOW_NODE_WAITING_MAX; at++) waiting.push(fixture.push(['alice'], `m${at}`));
    await fixture.push(['bob'], 'meanwhile');
    fixture.advance(NODE_SLOW_MS);
    await expect(fixture.push(['alice', 'bob'], 'too much')).rejects.toMatchObject(overloaded);
    await fixture.push(['bob'], 'quick still works');
    expect(quick.of('b1')).toEqual(['meanwhile', 'too much', 'quick still works']);
    slow.release();
    await Promise.all(waiting);
    await fixture.push(['alice'], 'recovered');
    expect(slow.of('a1')).toHaveLength(SLOW_NODE_WAITING_MAX + 2);
  });
});

describe('disconnect', () => {
  it('tells each node which of its connections end, and why', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    const sessions = [sessionOn('n1', 'a1'), sessionOn('n2', 'a2'), sessionOn('n1', 'a3')];
    await fixture.delivery.disconnect(sessions, 4504, 'kicked');
    await fixture.delivery.disconnect([], 4504, 'kicked');
    expect(n1.disconnects).toEqual([{ connectionIds: ['a1', 'a3'], code: 4504, reason: 'kicked' }]);
    expect(n2.disconnects).toEqual([{ connectionIds: ['a2'], code: 4504, reason: 'kicked' }]);
  });

  it('rejects when a node fails, after all others were told', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    n1.failure = new ChatError(ErrorCode.TIMEOUT, 'slow');
    const sessions = [sessionOn('n1', 'a1'), sessionOn('n2', 'a2')];
    await expect(fixture.delivery.disconnect(sessions, 4504, 'kicked')).rejects.toMatchObject({
      code: ErrorCode.TIMEOUT,
    });
    expect(n2.disconnects).toHaveLength(1);
  });
});

/** The registry's methods as own properties, so that a test can replace one. */
const proxy = (own: SessionRegistry): SessionRegistry => ({
  register: (appId, userId, session) => own.register(appId, userId, session),
  registerAgain: (appId, userId, session) => own.registerAgain(appId, userId, session),
  unregister: (appId, userId, session) => own.unregister(appId, userId, session),
  sessionsOf: (appId, userId) => own.sessionsOf(appId, userId),
  sessionsOfMany: (appId, userIds) => own.sessionsOfMany(appId, userIds),
  renewLease: (nodeId, ttlMs) => own.renewLease(nodeId, ttlMs),
  dropLease: (nodeId) => own.dropLease(nodeId),
});

const watchLookups = (own: SessionRegistry, sizes: number[]): SessionRegistry => ({
  ...proxy(own),
  sessionsOfMany: (appId, userIds) => {
    sizes.push(userIds.length);
    return own.sessionsOfMany(appId, userIds);
  },
});
