import type { Coordination } from '@parley/coordination';
import type { AppId, NodeId } from '@parley/kernel';
import { LEASE_BELIEVED_MS } from './limits.js';
import { createRoomRegistry } from './room-registry.js';
import { APP, Fixture, LEASE_MS, roomOf, until } from './testing/fixture.js';

const KEY = `rooms:{${APP}:lobby}`;
const LOBBY = roomOf('lobby');
const node = (name: string): NodeId => name as NodeId;

const nodesOf = async (fixture: Fixture, room = LOBBY): Promise<string[]> => {
  const [found] = await fixture.rooms.nodesOfMany([room]);
  return [...(found ?? [])].sort();
};

describe('the room registry', () => {
  it('returns the nodes that were registered, each once, to every process', async () => {
    const fixture = new Fixture();
    for (const name of ['n1', 'n2', 'n1']) {
      if (!fixture.nodes.has(name)) await fixture.startNode(name);
      await fixture.rooms.register(LOBBY, node(name));
    }
    const elsewhere = createRoomRegistry(fixture);
    const [found] = await elsewhere.nodesOfMany([LOBBY]);
    expect([...(found ?? [])].sort()).toEqual(['n1', 'n2']);
    expect(await fixture.coordination.hashGetAll(KEY)).toEqual({ n1: '-', n2: '-' });
  });

  it('forgets a node, and the room with the last one', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.rooms.register(LOBBY, node('n1'));
    await fixture.rooms.unregister(LOBBY, node('n1'));
    await fixture.rooms.unregister(LOBBY, node('never'));
    expect(await nodesOf(fixture)).toEqual([]);
    expect(await fixture.coordination.hashGetAll(KEY)).toEqual({});
  });

  it('keeps apps and rooms apart', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.rooms.register(roomOf('1:lobby'), node('n1'));
    await fixture.rooms.register(roomOf('lobby', (APP + 1) as AppId), node('n1'));
    expect(await nodesOf(fixture)).toEqual([]);
  });

  it('looks many up in the order asked, more than coordination reads at once', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    for (const at of [0, 999, 1_000, 2_400]) await fixture.rooms.register(roomOf(`r${at}`), node('n1'));
    const rooms = Array.from({ length: 2_500 }, (_, at) => roomOf(`r${at}`));
    const found = await fixture.rooms.nodesOfMany(rooms);
    expect(found).toHaveLength(2_500);
    expect(found.flatMap((nodeIds, at) => (nodeIds.length > 0 ? [at] : []))).toEqual([0, 999, 1_000, 2_400]);
    expect(await fixture.rooms.nodesOfMany([])).toEqual([]);
  });
});

describe('the number of people in a room', () => {
  it('is what its live nodes said last, in sum', async () => {
    const fixture = new Fixture();
    for (const name of ['n1', 'n2', 'n3', 'n4']) await fixture.startNode(name);
    expect(await fixture.rooms.countPeople(LOBBY)).toBe(0);
    await fixture.rooms.register(LOBBY, node('n1'), 3);
    await fixture.rooms.register(LOBBY, node('n2'), 40);
    await fixture.rooms.register(LOBBY, node('n3'));
    await fixture.rooms.register(LOBBY, node('n4'), 0);
    expect(await fixture.rooms.countPeople(LOBBY)).toBe(43);
    await fixture.rooms.register(LOBBY, node('n2'), 41);
    const elsewhere = createRoomRegistry(fixture);
    expect(await elsewhere.countPeople(LOBBY)).toBe(44);
    await fixture.sessions.dropLease(node('n1'));
    fixture.advance(LEASE_BELIEVED_MS);
    expect(await fixture.rooms.countPeople(LOBBY)).toBe(41);
    await until(async () => !('n1' in (await fixture.coordination.hashGetAll(KEY))));
    expect(await nodesOf(fixture)).toEqual(['n2', 'n3', 'n4']);
  });
});

describe('rooms of nodes without a lease', () => {
  it('are not returned, and are removed by whoever comes across them', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.startNode('n2');
    for (const name of ['n1', 'n2']) await fixture.rooms.register(LOBBY, node(name));
    for (let at = 0; at < 4; at++) {
      fixture.advance(LEASE_MS / 2);
      await fixture.sessions.renewLease(node('n2'), LEASE_MS);
    }
    expect(await nodesOf(fixture)).toEqual(['n2']);
    await until(async () => Object.keys(await fixture.coordination.hashGetAll(KEY)).length === 1);
    expect(await fixture.coordination.hashGetAll(KEY)).toEqual({ n2: '-' });
  });

  it('may be returned for a second after the lease ended, and are back with it at once', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.rooms.register(LOBBY, node('n1'));
    expect(await nodesOf(fixture)).toEqual(['n1']);
    await fixture.sessions.dropLease(node('n1'));
    fixture.advance(LEASE_BELIEVED_MS - 1);
    expect(await nodesOf(fixture)).toEqual(['n1']);
    fixture.advance(1);
    expect(await nodesOf(fixture)).toEqual([]);
    await until(async () => Object.keys(await fixture.coordination.hashGetAll(KEY)).length === 0);
    await fixture.sessions.renewLease(node('n1'), LEASE_MS);
    await fixture.rooms.register(LOBBY, node('n1'));
    expect(await nodesOf(fixture)).toEqual(['n1']);
  });

  it('are put back when the node came back while they were being removed', async () => {
    const fixture = new Fixture();
    await fixture.rooms.register(LOBBY, node('n1'));
    const racing: Coordination = Object.create(fixture.coordination, {
      get: { value: (key: string) => fixture.coordination.get(key) },
      hashSet: { value: (key: string, fields: object) => fixture.coordination.hashSet(key, { ...fields }) },
      hashGetMany: { value: (keys: string[]) => fixture.coordination.hashGetMany(keys) },
      hashDelete: {
        value: async (key: string, fields: string[]) => {
          await fixture.startNode('n1');
          await fixture.rooms.register(LOBBY, node('n1'));
          await fixture.coordination.hashDelete(key, fields);
        },
      },
    });
    const registry = createRoomRegistry({ coordination: racing, clock: fixture.clock });
    expect(await registry.nodesOfMany([LOBBY])).toEqual([[]]);
    await until(async () => fixture.nodes.has('n1') && (await nodesOf(fixture)).length === 1);
  });

  it('come back by registering again after everything was lost', async () => {
    const fixture = new Fixture();
    await fixture.startNode('n1');
    await fixture.rooms.register(LOBBY, node('n1'));
    await fixture.coordination.delete(KEY);
    await fixture.coordination.delete('gateway-node:n1');
    expect(await nodesOf(fixture)).toEqual([]);
    expect(await fixture.sessions.renewLease(node('n1'), LEASE_MS)).toBe(false);
    await fixture.rooms.register(LOBBY, node('n1'));
    expect(await nodesOf(fixture)).toEqual(['n1']);
  });
});
