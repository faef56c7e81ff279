import type { Room, RoomRegistry } from '@parley/delivery';
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import { createMetricRegistry } from '@parley/telemetry';
import { CapturedLog, FakeClock } from '@parley/testkit';
import type { ClientSocket } from '../connections/client-socket.js';
import { Connection } from '../connections/connection.js';
import { GatewayEvents } from '../events.js';
import type { LocalRoom } from './local-room.js';
import {
  EMPTY_ROOM_KEPT_MS,
  EMPTY_ROOMS_MAX,
  PEOPLE_TOLD_EVERY_MS,
  RoomRegistrar,
} from './room-registrar.js';
import { RoomTable } from './room-table.js';
import { Rooms } from './rooms.js';

const SOCKET: ClientSocket = {
  waitingBytes: 0,
  isOpen: true,
  writeFrames() {},
  endWith() {},
  terminate() {},
};

/** Holds every call until the test lets it end. */
class HeldRegistry implements RoomRegistry {
  readonly calls: string[] = [];
  readonly registered = new Set<string>();
  failure: Error | undefined;
  isHeld = false;
  #held: (() => void)[] = [];

  async register({ groupId }: Room, _nodeId: NodeId, people?: number): Promise<void> {
    await this.#call(people === undefined ? `+${groupId}` : `+${groupId} ${people}`);
    this.registered.add(groupId);
  }
  async unregister({ groupId }: Room): Promise<void> {
    await this.#call(`-${groupId}`);
    this.registered.delete(groupId);
  }
  nodesOfMany(): Promise<never> {
    return Promise.reject(new Error('not asked in this test'));
  }
  countPeople(): Promise<never> {
    return Promise.reject(new Error('not asked in this test'));
  }
  release(): void {
    for (const resolve of this.#held.splice(0)) resolve();
  }
  async #call(name: string): Promise<void> {
    this.calls.push(name);
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.failure !== undefined) throw this.failure;
  }
}

class World {
  readonly clock = new FakeClock();
  readonly log = new CapturedLog();
  readonly registry = new HeldRegistry();
  readonly table = new RoomTable();
  readonly registrar = new RoomRegistrar({
    registry: this.registry,
    table: this.table,
    events: new GatewayEvents(this.log.logger('gateway'), createMetricRegistry()),
    clock: this.clock,
    nodeId: 'n1' as NodeId,
  });
  readonly rooms = new Rooms(this.table, this.registrar);
  #connections = 0;

  connect(userId = ''): Connection {
    this.#connections += 1;
    const connection = new Connection(`c${this.#connections}` as ConnectionId, SOCKET, 0);
    connection.appId = 1 as AppId;
    connection.userId = (userId || connection.id) as UserId;
    return connection;
  }

  /** As enter, of a room whose people the registry wants to know. */
  visit(connection: Connection, groupId: string): Promise<void> {
    const entered = this.enter(connection, groupId);
    this.rooms.countPeople(connection.appId, [groupId]);
    return entered;
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.registrar.tick();
    await endOfTurn();
  }

  /** Answers the registration of what is not registered yet. */
  enter(connection: Connection, ...groupIds: string[]): Promise<void> {
    const unregistered = new Set<LocalRoom>();
    this.rooms.enter(connection, groupIds, unregistered);
    return this.registrar.whenRegistered(unregistered);
  }
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const unavailable = { code: ErrorCode.UNAVAILABLE };

describe('the registrar of rooms', () => {
  it('registers in batches of 256, one batch at a time', async () => {
    const world = new World();
    world.registry.isHeld = true;
    const done = world.enter(world.connect(), ...Array.from({ length: 600 }, (_, at) => `g${at}`));
    const sizes: number[] = [];
    for (let batch = 0; batch < 3; batch++) {
      await endOfTurn();
      sizes.push(world.registry.calls.length);
      world.registry.release();
    }
    await done;
    expect(sizes).toEqual([256, 512, 600]);
  });

  it('keeps an empty room for its time, and the whole time again after somebody came back', async () => {
    const world = new World();
    const [a, b] = [world.connect(), world.connect()];
    await world.enter(a, 'lobby');
    world.rooms.leaveAll(a);
    world.clock.advance(EMPTY_ROOM_KEPT_MS - 1);
    world.registrar.tick();
    await world.enter(b, 'lobby');
    world.rooms.leaveAll(b);
    world.clock.advance(EMPTY_ROOM_KEPT_MS - 1);
    world.registrar.tick();
    await endOfTurn();
    expect(world.registry.calls).toEqual(['+lobby']);
    world.clock.advance(1);
    world.registrar.tick();
    await endOfTurn();
    expect(world.registry.calls).toEqual(['+lobby', '-lobby']);
    expect(world.table.size).toBe(0);
  });

  it('keeps so many empty rooms and no more', async () => {
    const world = new World();
    const names = Array.from({ length: EMPTY_ROOMS_MAX }, (_, at) => `g${at}`);
    const [a, b] = [world.connect(), world.connect()];
    await world.enter(a, ...names);
    await world.enter(b, 'one more');
    world.registry.calls.length = 0;
    world.rooms.leave(a, names);
    world.rooms.leaveAll(b);
    await endOfTurn();
    expect(world.registry.calls).toEqual(['-g0']);
    expect(world.table.size).toBe(EMPTY_ROOMS_MAX);
  });

  it('registers again who comes back while the room is being unregistered', async () => {
    const world = new World();
    const [a, b] = [world.connect(), world.connect()];
    await world.enter(a, 'lobby');
    world.rooms.leaveAll(a);
    world.registry.isHeld = true;
    world.clock.advance(EMPTY_ROOM_KEPT_MS);
    world.registrar.tick();
    await endOfTurn();
    let isDone = false;
    const entered = world.enter(b, 'lobby').then(() => {
      isDone = true;
    });
    await endOfTurn();
    expect([world.registry.calls, isDone]).toEqual([['+lobby', '-lobby'], false]);
    world.registry.isHeld = false;
    world.registry.release();
    await entered;
    expect(world.registry.calls).toEqual(['+lobby', '-lobby', '+lobby']);
    expect([...world.registry.registered]).toEqual(['lobby']);
  });

  it('does not leave whoever waits for a room alone when the room empties before its turn', async () => {
    const world = new World();
    const a = world.connect();
    const entered = world.enter(a, 'lobby');
    world.rooms.leaveAll(a);
    await entered;
    expect([world.registry.calls, world.table.size]).toEqual([[], 0]);
  });

  it('rejects who waits when it fails, tries again with growing pauses, and names who was late', async () => {
    const world = new World();
    const [a, b] = [world.connect(), world.connect()];
    world.registry.failure = new ChatError(ErrorCode.UNAVAILABLE, 'away');
    await expect(world.enter(a, 'lobby')).rejects.toMatchObject(unavailable);
    await expect(world.enter(b, 'lobby')).rejects.toMatchObject(unavailable);
    const attempts: number[] = [];
    for (let second = 0; second < 20; second++) {
      world.clock.advance(1_000);
      world.registrar.tick();
      await endOfTurn();
      attempts.push(world.registry.calls.length);
    }
    expect(attempts.at(-1)).toBeLessThan(10);
    expect(world.registrar.takeLate()).toEqual([]);
    world.registry.failure = undefined;
    world.clock.advance(5_000);
    world.registrar.tick();
    await endOfTurn();
    expect(world.registrar.takeLate()).toEqual([a, b]);
    expect(world.registrar.takeLate()).toEqual([]);
    await world.enter(world.connect(), 'lobby');
    expect(world.log.lines.every((line) => line.event === 'room_registry.unavailable')).toBe(true);
  });

  it('tries to unregister again, too', async () => {
    const world = new World();
    const a = world.connect();
    await world.enter(a, 'lobby');
    world.rooms.leaveAll(a);
    world.registry.failure = new ChatError(ErrorCode.UNAVAILABLE, 'away');
    await world.registrar.stop();
    await world.registrar.registerAgain();
    world.registry.failure = undefined;
    world.clock.advance(1_000);
    world.registrar.tick();
    await endOfTurn();
    expect([world.registry.calls, world.table.size]).toEqual([['+lobby', '-lobby', '-lobby'], 0]);
  });

  it('does not believe a confirmation from before everything was lost', async () => {
    const world = new World();
    world.registry.isHeld = true;
    const entered = world.enter(world.connect(), 'lobby');
    await endOfTurn();
    const again = world.registrar.registerAgain();
    world.registry.release();
    await endOfTurn();
    expect(world.registry.calls).toEqual(['+lobby', '+lobby']);
    world.registry.release();
    await Promise.all([entered, again]);
  });

  it('registers everything again, the empty ones not', async () => {
    const world = new World();
    const [a, b] = [world.connect(), world.connect()];
    await world.enter(a, 'lobby', 'cellar');
    await world.enter(b, 'attic');
    world.rooms.leaveAll(b);
    world.registry.calls.length = 0;
    await world.registrar.registerAgain();
    expect(world.registry.calls).toEqual(['+lobby', '+cellar']);
    world.clock.advance(EMPTY_ROOM_KEPT_MS);
    world.registrar.tick();
    await endOfTurn();
    expect(world.registry.calls).toEqual(['+lobby', '+cellar', '-attic']);
  });
});

describe('the number of people in a room', () => {
  it('is told with the registration, then once in ten seconds, and only when it has changed', async () => {
    const world = new World();
    const { calls } = world.registry;
    const phone = world.connect('alice');
    await Promise.all([world.visit(phone, 'show'), world.visit(world.connect('bob'), 'show')]);
    expect(calls).toEqual(['+show 2']);
    await world.visit(world.connect('carol'), 'show');
    await world.visit(world.connect('alice'), 'show'); // with a second device
    await world.pass(PEOPLE_TOLD_EVERY_MS - 1);
    expect(calls).toEqual(['+show 2']);
    await world.pass(1);
    expect(calls).toEqual(['+show 2', '+show 3']);
    world.rooms.leave(phone, ['show']); // she is still there with the other one
    await world.pass(PEOPLE_TOLD_EVERY_MS);
    await world.pass(PEOPLE_TOLD_EVERY_MS);
    expect(calls).toHaveLength(2);
    await world.visit(world.connect('dora'), 'show');
    await world.pass(0);
    expect(calls.slice(2)).toEqual(['+show 4']);
  });

  it('of rooms that nobody counts is not told', async () => {
    const world = new World();
    for (const name of ['alice', 'bob']) {
      await world.enter(world.connect(name), 'team');
      await world.pass(PEOPLE_TOLD_EVERY_MS);
    }
    expect(world.registry.calls).toEqual(['+team']);
  });

  it('is told for a room that was registered before it was counted, and with every registration', async () => {
    const world = new World();
    const alice = world.connect('alice');
    await world.enter(alice, 'show');
    world.rooms.countPeople(alice.appId, ['show', 'unknown']);
    await world.pass(0);
    await world.registrar.registerAgain();
    expect(world.registry.calls).toEqual(['+show', '+show 1', '+show 1']);
  });

  it('is told again when that failed, and nobody is late for it', async () => {
    const world = new World();
    const { registry } = world;
    await world.visit(world.connect('alice'), 'show');
    await world.visit(world.connect('bob'), 'show');
    registry.failure = new ChatError(ErrorCode.UNAVAILABLE, 'away');
    await world.pass(PEOPLE_TOLD_EVERY_MS);
    registry.failure = undefined;
    await world.pass(PEOPLE_TOLD_EVERY_MS - 1);
    expect(registry.calls).toEqual(['+show 1', '+show 2']);
    await world.pass(1);
    expect(registry.calls.slice(2)).toEqual(['+show 2']);
    expect(world.registrar.takeLate()).toEqual([]);
  });

  it('does not keep an empty room', async () => {
    const world = new World();
    const alice = world.connect('alice');
    await world.visit(alice, 'show');
    await world.visit(world.connect('bob'), 'show');
    for (const connection of world.table.membersOf(1, 'show').slice()) world.rooms.leaveAll(connection);
    await world.pass(EMPTY_ROOM_KEPT_MS);
    expect([world.registry.calls, world.table.size]).toEqual([['+show 1', '-show'], 0]);
  });
});
