// Keeps the registry of rooms true to this node: a room with members is registered, a room that
// has been without any for a while is not.
//
// Work is done in batches, one at a time, so that what is done to one room is done in order.
//
//   filled ──▶ queued ──▶ registered ──last member leaves──▶ empty ──10 s──▶ queued ──▶ forgotten
//                ▲  │                          │
//    after a pause  └──failed                  └──somebody enters──▶ registered
import type { RoomRegistry } from '@parley/delivery';
import { ChatError, type Clock, ErrorCode, type NodeId } from '@parley/kernel';
import type { Connection } from '../connections/connection.js';
import type { GatewayEvents } from '../events.js';
import type { LocalRoom } from './local-room.js';
import type { RoomTable } from './room-table.js';

export interface RoomRegistrarOptions {
  readonly registry: RoomRegistry;
  readonly table: RoomTable;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  readonly nodeId: NodeId;
}

/** A room without members stays registered for this time: most who leave come right back, ms. */
export const EMPTY_ROOM_KEPT_MS = 10_000;
/** Rooms without members that are kept; beyond it the oldest are unregistered early. */
export const EMPTY_ROOMS_MAX = 10_000;
/** Rooms of one batch. */
const BATCH_MAX = 256;
/** How often the registry is told how many people are in a room, at most, ms. Source: rest-groups.md get_online_member_num. */
export const PEOPLE_TOLD_EVERY_MS = 10_000;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

export class RoomRegistrar {
  /** What the registry says of them is not what it should say. */
  readonly #queued = new Set<LocalRoom>();
  /** As those queued, but to be left alone until the next retry. */
  readonly #failed = new Set<LocalRoom>();
  /** Since when; the oldest first. */
  readonly #empty = new Map<LocalRoom, number>();
  /** Registered, and perhaps with another number of people than they have. */
  readonly #miscounted = new Set<LocalRoom>();
  readonly #late = new Set<Connection>();
  #running: Promise<void> | undefined;
  /** Rises when the registry has lost everything: what was confirmed before no longer counts. */
  #generation = 0;
  #retryMs = RETRY_MS_MIN;
  #retryAtMs = 0;

  constructor(private readonly parts: RoomRegistrarOptions) {}

  /** The room has its first member. */
  filled(room: LocalRoom): void {
    this.#empty.delete(room);
    this.#failed.delete(room);
    if (!room.isRegistered) this.#enqueue(room);
  }

  /** The room has lost its last member. */
  emptied(room: LocalRoom): void {
    if (!room.mayBeRegistered) {
      this.#queued.delete(room);
      this.parts.table.remove(room);
      tell(room, undefined);
      return;
    }
    this.#empty.set(room, this.parts.clock.now());
    if (this.#empty.size <= EMPTY_ROOMS_MAX) return;
    const [oldest] = this.#empty.keys();
    if (oldest !== undefined) this.#giveUp(oldest);
  }

  /** Somebody came or went; the registry is told in time, if it wants to know. */
  peopleChanged(room: LocalRoom): void {
    if (room.people !== undefined) this.#miscounted.add(room);
  }

  /** Resolves when these rooms are registered, or empty; rejects when that fails, though it will be tried again. */
  async whenRegistered(rooms: Iterable<LocalRoom>): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (const room of rooms) if (!room.isRegistered) waiting.push(this.#whenTried(room));
    await Promise.all(waiting);
  }

  /** The registry lost what this node had told it. Resolves when everything was tried once. */
  registerAgain(): Promise<void> {
    this.#generation += 1;
    for (const room of this.parts.table.all()) {
      room.isRegistered = false;
      if (room.members.length === 0) continue;
      this.#failed.delete(room);
      this.#enqueue(room);
    }
    return this.#running ?? Promise.resolve();
  }

  /** Connections that may have missed pushes while a room was not registered; each is answered once. */
  takeLate(): readonly Connection[] {
    if (this.#late.size === 0) return [];
    const late = [...this.#late];
    this.#late.clear();
    return late;
  }

  tick(): void {
    const now = this.parts.clock.now();
    for (const [room, sinceMs] of this.#empty) {
      if (now - sinceMs < EMPTY_ROOM_KEPT_MS) break;
      this.#giveUp(room);
    }
    for (const room of this.#miscounted) {
      if (room.members.length === 0) this.#miscounted.delete(room);
      else if (isToBeTold(room, now)) this.#enqueue(room);
    }
    if (this.#failed.size === 0 || now < this.#retryAtMs) return;
    for (const room of this.#failed) this.#enqueue(room);
    this.#failed.clear();
  }

  /** Unregisters the rooms that have no members. Resolves when each was tried once. */
  stop(): Promise<void> {
    for (const room of [...this.#empty.keys()]) this.#giveUp(room);
    return this.#running ?? Promise.resolve();
  }

  #giveUp(room: LocalRoom): void {
    this.#empty.delete(room);
    this.#enqueue(room);
  }

  #enqueue(room: LocalRoom): void {
    this.#queued.add(room);
    // Not at once: what else this turn brings goes along.
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  #whenTried(room: LocalRoom): Promise<void> {
    if (this.#failed.has(room)) return Promise.reject(notRegistered(undefined));
    return new Promise((resolve, reject) => {
      room.waiters ??= [];
      room.waiters.push((failure) => (failure === undefined ? resolve() : reject(notRegistered(failure))));
    });
  }

  async #run(): Promise<void> {
    while (this.#queued.size > 0) {
      const batch: LocalRoom[] = [];
      for (const room of this.#queued) {
        if (batch.length === BATCH_MAX) break;
        batch.push(room);
        this.#queued.delete(room);
      }
      const failures = await Promise.all(batch.map((room) => this.#settle(room)));
      this.#settled(failures);
    }
    this.#running = undefined;
  }

  /** Makes the registry say of one room what it should. Never rejects. */
  async #settle(room: LocalRoom): Promise<Error | undefined> {
    try {
      if (room.members.length === 0) await this.#unregister(room);
      else if (!room.isRegistered) await this.#register(room);
      else if (this.#miscounted.has(room)) await this.#tellPeople(room);
      if (room.isRegistered || room.members.length === 0) tell(room, undefined);
      return undefined;
    } catch (thrown) {
      const failure = ChatError.from(thrown);
      if (room.isRegistered) {
        this.peopleChanged(room);
        return failure;
      }
      room.isLate = room.members.length > 0;
      this.#failed.add(room);
      tell(room, failure);
      return failure;
    }
  }

  async #register(room: LocalRoom): Promise<void> {
    const generation = this.#generation;
    room.mayBeRegistered = true;
    await this.#write(room);
    if (generation !== this.#generation) return; // it is queued again
    room.isRegistered = true;
    if (room.isLate) for (const connection of room.members) this.#late.add(connection);
    room.isLate = false;
  }

  async #tellPeople(room: LocalRoom): Promise<void> {
    if (room.people === undefined || !isToBeTold(room, this.parts.clock.now())) return;
    this.#miscounted.delete(room); // whoever comes or goes from now on puts it back
    room.people.countedAtMs = this.parts.clock.now();
    if (peopleIn(room) !== room.people.told) await this.#write(room);
  }

  async #write(room: LocalRoom): Promise<void> {
    const { registry, nodeId, clock } = this.parts;
    if (room.people === undefined) return registry.register(room, nodeId);
    this.#miscounted.delete(room);
    const people = peopleIn(room);
    room.people.told = undefined;
    room.people.countedAtMs = clock.now();
    await registry.register(room, nodeId, people);
    room.people.told = people;
  }

  async #unregister(room: LocalRoom): Promise<void> {
    room.isRegistered = false; // whoever enters from now on queues it
    await this.parts.registry.unregister(room, this.parts.nodeId);
    if (room.members.length > 0) return;
    room.mayBeRegistered = false;
    this.#empty.delete(room);
    this.parts.table.remove(room);
  }

  #settled(failures: readonly (Error | undefined)[]): void {
    const failed = failures.filter((failure) => failure !== undefined);
    if (failed.length < failures.length) this.#retryMs = RETRY_MS_MIN;
    if (failed.length === 0) return;
    this.#retryAtMs = this.parts.clock.now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
    this.parts.events.roomsNotRegistered(failed.length, failed[0]);
  }
}

const isToBeTold = ({ people, isRegistered }: LocalRoom, nowMs: number): boolean =>
  isRegistered && people !== undefined && nowMs - people.countedAtMs >= PEOPLE_TOLD_EVERY_MS;

/** Who is there with two devices is one. */
function peopleIn({ members }: LocalRoom): number {
  const users = new Set<string>();
  for (const { userId } of members) users.add(userId);
  return users.size;
}

function tell(room: LocalRoom, failure: Error | undefined): void {
  const { waiters = [] } = room;
  room.waiters = undefined;
  for (const waiter of waiters) waiter(failure);
}

const notRegistered = (cause: unknown): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'a room cannot be registered now; it will be tried again', {
    cause,
    retryAfterMs: RETRY_MS_MIN,
  });
