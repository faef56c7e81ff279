// Pushes to rooms, changes of rooms, and how they go together with pushes to users.
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import type { RoomRegistry } from './delivery.js';
import {
  MOVES_PER_REQUEST_MAX,
  PUSH_BYTES_MAX,
  PUSHES_WAITING_MAX,
  ROOMS_PER_CHANGE_MAX,
  USERS_PER_ROOMS_CHANGE_MAX,
} from './limits.js';
import { APP, bytes, Fixture, group, roomOf, user } from './testing/fixture.js';

describe('a push to a room', () => {
  it('reaches everybody in it on every node, once per node, and nobody else', async () => {
    const fixture = new Fixture();
    const [n1, n2, n3] = [
      await fixture.startNode('n1'),
      await fixture.startNode('n2'),
      await fixture.startNode('n3'),
    ];
    for (const id of ['a', 'b']) await fixture.enter('lobby', 'n1', id);
    await fixture.enter('lobby', 'n2', 'c');
    await fixture.enter('cellar', 'n3', 'd');
    await fixture.pushToRoom('lobby', 'hello');
    expect([n1.of('a'), n1.of('b'), n2.of('c'), n3.of('d')]).toEqual([['hello'], ['hello'], ['hello'], []]);
    expect([n1.batches, n2.batches, n3.batches]).toEqual([[1], [1], []]);
  });

  it('leaves out the connection that made the change', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    for (const id of ['a', 'b']) await fixture.enter('lobby', 'n1', id);
    await fixture.pushToRoom('lobby', 'hello', 'a');
    expect([n1.of('a'), n1.of('b')]).toEqual([[], ['hello']]);
  });

  it('is done at once when nobody is there', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.pushToRoom('lobby', 'hello');
    expect(n1.batches).toEqual([]);
  });

  it('keeps apps apart', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.enter('lobby', 'n1', 'a');
    const other = roomOf('lobby', (APP + 1) as AppId);
    await fixture.rooms.register(other, 'n1' as never);
    await fixture.delivery.pushToRoom(other, bytes('theirs'));
    expect(n1.of('a')).toEqual([]);
  });

  it('costs one lookup per room and turn, and one batch per node', async () => {
    const lookups: number[] = [];
    const fixture = new Fixture({ rooms: (own) => watchLookups(own, lookups) });
    const n1 = await fixture.startNode('n1');
    for (const name of ['lobby', 'cellar']) await fixture.enter(name, 'n1', 'a');
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => fixture.pushToRoom(at % 2 ? 'lobby' : 'cellar', `m${at}`)),
    );
    expect(lookups).toEqual([2]);
    expect(n1.batches).toEqual([100]);
    expect(n1.of('a')).toEqual(Array.from({ length: 100 }, (_, at) => `m${at}`));
  });

  it('costs pushes to users nothing: no rooms are looked up for them', async () => {
    const lookups: number[] = [];
    const fixture = new Fixture({ rooms: (own) => watchLookups(own, lookups) });
    await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a');
    await fixture.push(['alice'], 'hello');
    expect(lookups).toEqual([]);
  });

  it('keeps the order per connection among rooms and users, over turns and a slow node', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a');
    for (const name of ['lobby', 'cellar']) await fixture.enter(name, 'n1', 'a');
    const sent: string[] = [];
    const pushes: Promise<void>[] = [];
    for (let turn = 0; turn < 20; turn++) {
      if (turn === 5) n1.hold();
      if (turn === 12) n1.release();
      for (let at = 0; at <= turn; at++) {
        const text = `${turn}-${at}`;
        sent.push(text);
        if (at % 3 === 0) pushes.push(fixture.push(['alice'], text));
        else pushes.push(fixture.pushToRoom(at % 3 === 1 ? 'lobby' : 'cellar', text));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(pushes);
    expect(n1.of('a')).toEqual(sent);
  });
});

describe('failures of pushes to rooms', () => {
  it('of one node reject them, and the other nodes got them', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    await fixture.enter('lobby', 'n1', 'a');
    await fixture.enter('lobby', 'n2', 'b');
    n2.failure = new ChatError(ErrorCode.UNAVAILABLE, 'down');
    await expect(fixture.pushToRoom('lobby', 'hello')).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    expect(n1.of('a')).toEqual(['hello']);
  });

  it('of the lookup reject pushes to rooms and no others, and pass', async () => {
    let isBroken = true;
    const fixture = new Fixture({
      rooms: (own) => ({
        ...proxy(own),
        nodesOfMany: async (rooms) => {
          if (isBroken) throw new ChatError(ErrorCode.UNAVAILABLE, 'registry down');
          return own.nodesOfMany(rooms);
        },
      }),
    });
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a');
    await fixture.enter('lobby', 'n1', 'a');
    const outcomes = await Promise.allSettled([
      fixture.pushToRoom('lobby', 'lost'),
      fixture.push(['alice'], 'to alice'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    isBroken = false;
    await fixture.pushToRoom('lobby', 'found');
    expect(n1.of('a')).toEqual(['to alice', 'found']);
    expect(fixture.logLines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'delivery.lookup.failed' },
    ]);
  });
});

describe('bounds of pushes to rooms', () => {
  it('are those of all pushes, and a room counts once', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.enter('lobby', 'n1', 'a');
    const pushes = Array.from({ length: PUSHES_WAITING_MAX }, () => fixture.pushToRoom('lobby', 'm'));
    await expect(fixture.pushToRoom('lobby', 'more')).rejects.toMatchObject({ code: ErrorCode.OVERLOADED });
    await Promise.all(pushes);
    expect(n1.of('a')).toHaveLength(PUSHES_WAITING_MAX);
    await fixture.pushToRoom('lobby', 'again');
    const metrics = await fixture.metrics.collect();
    expect(metrics).toContain('parley_delivery_pushes_waiting 0');
    expect(metrics).toContain(`parley_delivery_room_pushes_total ${PUSHES_WAITING_MAX + 1}`);
    const large = 'x'.repeat(PUSH_BYTES_MAX + 1);
    await expect(fixture.pushToRoom('lobby', large)).rejects.toMatchObject({ code: ErrorCode.INTERNAL });
  });
});

describe('a change of rooms', () => {
  const change = (enter: string[], leave: string[] = []) => ({
    enter: enter.map(group),
    leave: leave.map(group),
  });
  const inRoom = (fixture: Fixture, node: string, name: string): string[] => [
    ...(fixture.node(node).rooms.get(`${APP}:${name}`) ?? []),
  ];

  it('reaches every connection of the users, one call per node', async () => {
    const fixture = new Fixture();
    const [n1, n2] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n2', 'a2');
    await fixture.connect('bob', 'n2', 'b1');
    await fixture.connect('carol', 'n2', 'c1');
    await fixture.enter('cellar', 'n2', 'b1');
    const target = { appId: APP, userIds: ['alice', 'bob', 'nobody', 'alice'].map(user) };
    await fixture.delivery.changeRooms(target, change(['lobby'], ['cellar']));
    expect([inRoom(fixture, 'n1', 'lobby'), inRoom(fixture, 'n2', 'lobby')]).toEqual([['a1'], ['a2', 'b1']]);
    expect(inRoom(fixture, 'n2', 'cellar')).toEqual([]);
    expect([n1.roomChanges, n2.roomChanges]).toEqual([[1], [2]]);
  });

  it('of nobody, or of no rooms, asks nobody', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.delivery.changeRooms({ appId: APP, userIds: [] }, change(['lobby']));
    await fixture.delivery.changeRooms({ appId: APP, userIds: [user('alice')] }, change([]));
    await fixture.delivery.changeRooms({ appId: APP, userIds: [user('bob')] }, change(['lobby']));
    expect(n1.roomChanges).toEqual([]);
  });

  it('rejects when a node did not confirm it, after the others were asked, and can be repeated', async () => {
    const fixture = new Fixture();
    const [n1] = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.connect('alice', 'n2', 'a2');
    n1.failure = new ChatError(ErrorCode.UNAVAILABLE, 'down');
    const target = { appId: APP, userIds: [user('alice')] };
    const changing = (): Promise<void> => fixture.delivery.changeRooms(target, change(['lobby']));
    await expect(changing()).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    expect(inRoom(fixture, 'n2', 'lobby')).toEqual(['a2']);
    n1.failure = undefined;
    await changing();
    expect(inRoom(fixture, 'n1', 'lobby')).toEqual(['a1']);
  });

  it('is in effect when it resolves, for what is pushed afterwards', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    await fixture.rooms.register(roomOf('lobby'), 'n1' as never);
    const target = { appId: APP, userIds: [user('alice')] };
    n1.hold();
    const changed = fixture.delivery.changeRooms(target, change(['lobby']));
    n1.release();
    await changed;
    await fixture.pushToRoom('lobby', 'welcome');
    await fixture.delivery.changeRooms(target, change([], ['lobby']));
    await fixture.pushToRoom('lobby', 'without alice');
    expect(n1.of('a1')).toEqual(['welcome']);
  });

  it('is split when it is large, and refused when it is too large', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    for (let at = 0; at < 30; at++) await fixture.connect(`u${at}`, 'n1', `c${at}`);
    const userIds = Array.from({ length: 30 }, (_, at) => user(`u${at}`));
    const rooms = Array.from({ length: 500 }, (_, at) => `r${at}`);
    await fixture.delivery.changeRooms({ appId: APP, userIds }, change(rooms));
    const perCall = MOVES_PER_REQUEST_MAX / rooms.length;
    expect(n1.roomChanges).toEqual([perCall, perCall, perCall]);
    expect(inRoom(fixture, 'n1', 'r499')).toHaveLength(30);
    const crowd = Array.from({ length: USERS_PER_ROOMS_CHANGE_MAX + 1 }, (_, at) => user(`u${at}`));
    const many = Array.from({ length: ROOMS_PER_CHANGE_MAX + 1 }, (_, at) => `r${at}`);
    const mistake = { code: ErrorCode.INTERNAL };
    const { delivery } = fixture;
    await expect(
      delivery.changeRooms({ appId: APP, userIds: crowd }, change(['lobby'])),
    ).rejects.toMatchObject(mistake);
    await expect(delivery.changeRooms({ appId: APP, userIds }, change(many))).rejects.toMatchObject(mistake);
  });
});

describe('a look for users in a room', () => {
  it('finds them by any of their connections, on whatever node', async () => {
    const fixture = new Fixture();
    for (const name of ['n1', 'n2']) await fixture.startNode(name);
    for (const [name, nodeId, id] of [
      ['alice', 'n1', 'a1'],
      ['alice', 'n2', 'a2'],
      ['bob', 'n2', 'b1'],
      ['carol', 'n1', 'c1'],
    ] as const) {
      await fixture.connect(name, nodeId, id);
    }
    await fixture.enter('lobby', 'n2', 'a2');
    await fixture.enter('lobby', 'n1', 'c1');
    await fixture.enter('cellar', 'n2', 'b1');
    const users = ['carol', 'bob', 'nobody', 'alice', 'carol'].map(user);
    expect(await fixture.delivery.usersInRoom(roomOf('lobby'), users)).toEqual(['carol', 'alice']);
    expect(await fixture.delivery.usersInRoom(roomOf('lobby'), [])).toEqual([]);
  });

  it('rejects when a node does not answer: it would say that somebody is not there', async () => {
    const fixture = new Fixture();
    const n1 = await fixture.startNode('n1');
    await fixture.connect('alice', 'n1', 'a1');
    n1.failure = new ChatError(ErrorCode.UNAVAILABLE, 'away');
    const looked = fixture.delivery.usersInRoom(roomOf('lobby'), [user('alice')]);
    await expect(looked).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    const crowd = Array.from({ length: USERS_PER_ROOMS_CHANGE_MAX + 1 }, (_, at) => user(`u${at}`));
    const tooMany = fixture.delivery.usersInRoom(roomOf('lobby'), crowd);
    await expect(tooMany).rejects.toMatchObject({ code: ErrorCode.INTERNAL });
  });
});

describe('the visitors of a room', () => {
  it('are put together from its nodes, the newest first, each since he first came', async () => {
    const fixture = new Fixture();
    const nodes = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    for (const node of ['n1', 'n2']) await fixture.enter('show', node, `c-${node}`);
    const key = `${APP}:show`;
    nodes[0]?.visitors.set(key, [
      { userId: 'bob', sinceMs: 30n },
      { userId: 'alice', sinceMs: 20n },
    ]);
    nodes[1]?.visitors.set(key, [
      { userId: 'alice', sinceMs: 40n },
      { userId: 'carol', sinceMs: 10n },
    ]);
    expect(await fixture.delivery.visitorsOf(roomOf('show'))).toEqual([
      { userId: 'bob', sinceMs: 30 },
      { userId: 'alice', sinceMs: 20 },
      { userId: 'carol', sinceMs: 10 },
    ]);
    expect(await fixture.delivery.visitorsOf(roomOf('nothing'))).toEqual([]);
    const [first] = nodes;
    if (first !== undefined) first.failure = new ChatError(ErrorCode.UNAVAILABLE, 'away');
    await expect(fixture.delivery.visitorsOf(roomOf('show'))).rejects.toMatchObject({
      code: ErrorCode.UNAVAILABLE,
    });
  });

  it('are those of 1,000', async () => {
    const fixture = new Fixture();
    const nodes = [await fixture.startNode('n1'), await fixture.startNode('n2')];
    for (const [at, node] of nodes.entries()) {
      await fixture.enter('show', `n${at + 1}`, `c${at}`);
      node.visitors.set(
        `${APP}:show`,
        Array.from({ length: 600 }, (_, index) => ({ userId: `u${at}-${index}`, sinceMs: BigInt(index) })),
      );
    }
    const visitors = await fixture.delivery.visitorsOf(roomOf('show'));
    expect([visitors.length, visitors.at(-1)?.sinceMs]).toEqual([1_000, 100]);
  });
});

/** The registry's methods as own properties, so that a test can replace one. */
const proxy = (own: RoomRegistry): RoomRegistry => ({
  register: (room, nodeId, people) => own.register(room, nodeId, people),
  unregister: (room, nodeId) => own.unregister(room, nodeId),
  nodesOfMany: (rooms) => own.nodesOfMany(rooms),
  countPeople: (room) => own.countPeople(room),
});

const watchLookups = (own: RoomRegistry, sizes: number[]): RoomRegistry => ({
  ...proxy(own),
  nodesOfMany: (rooms) => {
    sizes.push(rooms.length);
    return own.nodesOfMany(rooms);
  },
});
