import type { ConnectionId, NodeId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import { DeadNodeSweep } from './node-sessions.js';
import { SessionChanges } from './session-changes.js';
import { createSessionRegistry } from './session-registry.js';
import { APP, Fixture, LEASE_MS, sessionOn, user } from './testing/fixture.js';

const N1 = 'n1' as NodeId;

class Watched extends Fixture {
  readonly changes = new SessionChanges(this.coordination);
  readonly sweep = new DeadNodeSweep(this);

  /** What waits, as `<kind> <user>`, taken away. */
  async noticed(): Promise<string[]> {
    const waiting = await this.changes.waiting();
    await this.changes.take(waiting);
    await this.changes.done(waiting);
    return waiting.map(({ kind, userId }) => `${kind} ${userId}`).sort();
  }
}

describe('changes of sessions', () => {
  it('are noticed once for each kind, however often a user comes and goes', async () => {
    const fixture = new Watched();
    await fixture.startNode('n1');
    for (let at = 0; at < 3; at++) {
      await fixture.connect('al ice', 'n1', `c${at}`);
      const connectionId = `c${at}` as ConnectionId;
      await fixture.sessions.unregister(APP, user('al ice'), { connectionId, nodeId: N1 });
    }
    await fixture.sessions.registerAgain(APP, user('bob'), sessionOn('n1', 'b'));
    const gone = { connectionId: 'b' as ConnectionId, platform: Platform.MAC, isLogout: true };
    await fixture.sessions.unregister(APP, user('bob'), gone);
    const waiting = await fixture.changes.waiting();
    expect(waiting).toContainEqual({ appId: APP, userId: 'bob', kind: 'logout', platform: Platform.MAC });
    expect(await fixture.noticed()).toEqual(['back bob', 'came al ice', 'logout bob', 'lost al ice']);
  });

  it('that somebody took are found by the next one', async () => {
    const fixture = new Watched();
    await fixture.connect('alice', 'n1', 'c1');
    const waiting = await fixture.changes.waiting();
    await fixture.changes.take(waiting);
    expect(await fixture.changes.waiting()).toEqual([]);
    expect(await fixture.changes.taken()).toEqual(waiting);
    await fixture.changes.done(waiting);
    expect(await fixture.changes.taken()).toEqual([]);
  });

  it('do not keep a login from its place when too many wait', async () => {
    const fixture = new Watched();
    await fixture.startNode('n1');
    const full = Object.create(fixture.coordination, {
      hashSet: {
        value: (key: string, fields: object) =>
          key.startsWith('session-changes')
            ? Promise.reject(new Error('full'))
            : fixture.coordination.hashSet(key, { ...fields }),
      },
      hashGetAll: { value: (key: string) => fixture.coordination.hashGetAll(key) },
    });
    const registry = createSessionRegistry({ coordination: full, clock: fixture.clock });
    await registry.register(APP, user('alice'), sessionOn('n1', 'c1'));
    expect(await fixture.connectionIds('alice')).toEqual(['c1']);
  });
});

describe('the sweep', () => {
  it('notices the sessions of nodes that died, once, and of no others', async () => {
    const fixture = new Watched();
    await fixture.startNode('n1');
    await fixture.startNode('n2');
    const names = Array.from({ length: 1_200 }, (_, at) => `u${at}`);
    await Promise.all(names.map((name) => fixture.connect(name, 'n1', `c-${name}`)));
    await fixture.connect('left', 'n1', 'c-left');
    await fixture.sessions.unregister(APP, user('left'), {
      connectionId: 'c-left' as ConnectionId,
      nodeId: N1,
    });
    await fixture.connect('elsewhere', 'n2', 'c-elsewhere');
    await fixture.noticed();
    expect(await fixture.sweep.run()).toBe(0);
    await fixture.sessions.dropLease(N1);
    expect(await fixture.sweep.run()).toBe(1_200);
    expect(await fixture.noticed()).toEqual(names.map((name) => `lost ${name}`).sort());
    expect(await fixture.sweep.run()).toBe(0);
  });

  it('leaves the sessions of a node that came back meanwhile to be swept when it dies again', async () => {
    const fixture = new Watched();
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'c1');
    fixture.advance(LEASE_MS);
    await fixture.sweep.run();
    await fixture.startNode('n1');
    await fixture.sessions.registerAgain(APP, user('alice'), sessionOn('n1', 'c1'));
    expect(await fixture.noticed()).toEqual(['back alice', 'came alice', 'lost alice']);
    await fixture.sessions.dropLease(N1);
    expect(await fixture.sweep.run()).toBe(1);
    expect(await fixture.noticed()).toEqual(['lost alice']);
  });
});
