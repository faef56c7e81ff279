import type { Coordination } from '@parley/coordination';
import { type AppId, type ConnectionId, ErrorCode, type NodeId } from '@parley/kernel';
import { LEASE_BELIEVED_MS, SESSIONS_PER_USER_MAX } from './limits.js';
import { createSessionRegistry } from './session-registry.js';
import { APP, Fixture, LEASE_MS, sessionOn, until, user } from './testing/fixture.js';

const KEY = `sessions:{${APP}:alice}`;
const node = (name: string): NodeId => name as NodeId;

describe('the session registry', () => {
  it('returns what was registered, to every process', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    const first = await fixture.connect('alice', 'n1', 'c1');
    const second = await fixture.connect('alice', 'n1', 'c2');
    const elsewhere = createSessionRegistry(fixture);
    const sessions = await elsewhere.sessionsOf(APP, user('alice'));
    expect([...sessions].sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1))).toEqual([first, second]);
    expect(await elsewhere.sessionsOf(APP, user('bob'))).toEqual([]);
  });

  it('registers a connection again without making two of it', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    const again = sessionOn('n1', 'c1', { sinceMs: 5 });
    await fixture.sessions.register(APP, user('alice'), again);
    expect(await fixture.sessions.sessionsOf(APP, user('alice'))).toEqual([again]);
  });

  it('forgets one connection', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    await fixture.connect('alice', 'n1', 'c2');
    await fixture.sessions.unregister(APP, user('alice'), { connectionId: 'c1' as ConnectionId });
    await fixture.sessions.unregister(APP, user('alice'), { connectionId: 'never' as ConnectionId });
    expect(await fixture.connectionIds('alice')).toEqual(['c2']);
  });

  it('keeps apps and users apart', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    const other = (APP + 1) as AppId;
    expect(await fixture.sessions.sessionsOf(other, user('alice'))).toEqual([]);
    await fixture.connect('1:alice', 'n1', 'c2');
    expect(await fixture.connectionIds('alice')).toEqual(['c1']);
  });

  it('looks many up in the order asked, more than coordination reads at once', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    for (const at of [0, 999, 1_000, 2_400]) await fixture.connect(`u${at}`, 'n1', `c${at}`);
    const userIds = Array.from({ length: 2_500 }, (_, at) => user(`u${at}`));
    const found = await fixture.sessions.sessionsOfMany(APP, userIds);
    expect(found).toHaveLength(2_500);
    const online = found.flatMap((sessions, at) => sessions.map((session) => [at, session.connectionId]));
    expect(online).toEqual([
      [0, 'c0'],
      [999, 'c999'],
      [1_000, 'c1000'],
      [2_400, 'c2400'],
    ]);
    expect(await fixture.sessions.sessionsOfMany(APP, [])).toEqual([]);
  });

  it('passes over values that are no sessions', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    await fixture.coordination.hashSet(KEY, { c2: '', c3: '2 from the future', c4: '{"nodeId":"n1"}' });
    expect(await fixture.connectionIds('alice')).toEqual(['c1']);
  });
});

describe('leases', () => {
  it('tell whether they had been held', async () => {
    const { sessions, advance } = bound(new Fixture());
    expect(await sessions.renewLease(node('n1'), LEASE_MS)).toBe(false);
    expect(await sessions.renewLease(node('n1'), LEASE_MS)).toBe(true);
    advance(LEASE_MS);
    expect(await sessions.renewLease(node('n1'), LEASE_MS)).toBe(false);
    await sessions.dropLease(node('n1'));
    expect(await sessions.renewLease(node('n1'), LEASE_MS)).toBe(false);
  });

  it('keep the sessions of their node alive, and end with them', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.startNode('n2');
    await fixture.connect('alice', 'n1', 'c1');
    await fixture.connect('alice', 'n2', 'c2');
    for (let at = 0; at < 4; at++) {
      fixture.advance(LEASE_MS / 2);
      await fixture.sessions.renewLease(node('n2'), LEASE_MS);
    }
    expect(await fixture.connectionIds('alice')).toEqual(['c2']);
  });

  it('are believed for a second at most', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    const elsewhere = createSessionRegistry(fixture);
    expect(await elsewhere.sessionsOf(APP, user('alice'))).toHaveLength(1);
    await fixture.sessions.dropLease(node('n1'));
    expect(await fixture.connectionIds('alice')).toEqual([]);
    await fixture.connect('alice', 'n1', 'c1');
    fixture.advance(LEASE_BELIEVED_MS - 1);
    expect(await elsewhere.sessionsOf(APP, user('alice'))).toHaveLength(1);
    fixture.advance(1);
    expect(await elsewhere.sessionsOf(APP, user('alice'))).toEqual([]);
  });

  it('that come back are seen at once', async () => {
    const fixture = new Fixture();
    const elsewhere = createSessionRegistry(fixture);
    await fixture.connect('alice', 'n1', 'c1');
    expect(await elsewhere.sessionsOf(APP, user('alice'))).toEqual([]);
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    expect(await elsewhere.sessionsOf(APP, user('alice'))).toHaveLength(1);
  });

  it('are asked about once for many sessions, and not again within the second', async () => {
    const fixture = new Fixture();
    let asked = 0;
    const counting: Coordination = Object.create(fixture.coordination, {
      get: {
        value: (key: string) => {
          asked += 1;
          return fixture.coordination.get(key);
        },
      },
      hashGetMany: { value: (keys: string[]) => fixture.coordination.hashGetMany(keys) },
    });
    const registry = createSessionRegistry({ coordination: counting, clock: fixture.clock });
    await fixture.startNode('n1');
    const names = Array.from({ length: 50 }, (_, at) => `u${at}`);
    for (const name of names) await fixture.connect(name, 'n1', `c-${name}`);
    await Promise.all(names.map((name) => registry.sessionsOf(APP, user(name))));
    await registry.sessionsOfMany(APP, names.map(user));
    expect(asked).toBe(1);
  });
});

describe('sessions of dead nodes', () => {
  const stored = (fixture: Fixture) => fixture.coordination.hashGetAll(KEY);

  it('are removed by whoever comes across them', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.startNode('n2');
    await fixture.connect('alice', 'n1', 'c1');
    await fixture.connect('alice', 'n2', 'c2');
    await fixture.sessions.dropLease(node('n1'));
    expect(await fixture.connectionIds('alice')).toEqual(['c2']);
    await until(async () => Object.keys(await stored(fixture)).length === 1);
    expect(Object.keys(await stored(fixture))).toEqual(['c2']);
  });

  it('are put back when their node came back meanwhile', async () => {
    const fixture = new Fixture();
    await fixture.connect('alice', 'n1', 'c1');
    // The node comes back and registers again between the look and the removal.
    const racing: Coordination = Object.create(fixture.coordination, {
      get: { value: (key: string) => fixture.coordination.get(key) },
      hashSet: { value: (key: string, fields: object) => fixture.coordination.hashSet(key, { ...fields }) },
      hashGetMany: { value: (keys: string[]) => fixture.coordination.hashGetMany(keys) },
      hashDelete: {
        value: async (key: string, fields: string[]) => {
          await fixture.startNode('n1');
          await fixture.connect('alice', 'n1', 'c1');
          await fixture.coordination.hashDelete(key, fields);
        },
      },
    });
    const registry = createSessionRegistry({ coordination: racing, clock: fixture.clock });
    const before = await stored(fixture);
    expect(await registry.sessionsOf(APP, user('alice'))).toEqual([]);
    await until(async () => fixture.nodes.has('n1') && Object.keys(await stored(fixture)).length === 1);
    expect(await stored(fixture)).toEqual(before);
    expect(await fixture.connectionIds('alice')).toEqual(['c1']);
  });
});

describe('the bound of sessions per user', () => {
  const fill = async (fixture: Fixture, on: string): Promise<void> => {
    for (let at = 0; at < SESSIONS_PER_USER_MAX; at++) await fixture.connect('alice', on, `${on}-c${at}`);
  };

  it('refuses one more, and lets known ones register again', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fill(fixture, 'n1');
    await expect(fixture.connect('alice', 'n1', 'more')).rejects.toMatchObject({
      code: ErrorCode.OVERLOADED,
    });
    await fixture.connect('alice', 'n1', 'n1-c0');
    await fixture.sessions.unregister(APP, user('alice'), { connectionId: 'n1-c0' as ConnectionId });
    await fixture.connect('alice', 'n1', 'more');
    expect(await fixture.connectionIds('alice')).toHaveLength(SESSIONS_PER_USER_MAX);
  });

  it('does not count what is dead or unreadable', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.startNode('n2');
    await fill(fixture, 'n1');
    await fixture.sessions.dropLease(node('n1'));
    await fixture.connect('alice', 'n2', 'new');
    expect(await fixture.connectionIds('alice')).toEqual(['new']);
    const junk = Array.from({ length: SESSIONS_PER_USER_MAX }, (_, at) => [`junk${at}`, 'x']);
    await fixture.coordination.hashSet(KEY, Object.fromEntries(junk));
    await fixture.connect('alice', 'n2', 'newer');
    expect(await fixture.connectionIds('alice')).toEqual(['new', 'newer']);
    expect(Object.keys(await fixture.coordination.hashGetAll(KEY))).toHaveLength(2);
  });
});

const bound = (fixture: Fixture) => ({
  sessions: fixture.sessions,
  advance: (ms: number) => fixture.advance(ms),
});
