// Delivery: pushes of a turn are collected, the sessions of their receivers and the nodes
// of their rooms are looked up together, and each node's part goes to that node's queue.
//
// Lookups run one after the other, in the order of the pushes, and each node has
// one batch under way: together that keeps the order per connection.
import {
  type AppId,
  ChatError,
  type Clock,
  ErrorCode,
  type GroupId,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import type { Logger, Metrics } from '@parley/telemetry';
import { Backlog } from './backlog.js';
import type {
  Delivery,
  PushTarget,
  Room,
  RoomRegistry,
  RoomsChange,
  RoomsChangeTarget,
  RoomTarget,
  SessionRegistry,
  Visitor,
} from './delivery.js';
import { DeliveryEvents } from './events.js';
import { RECEIVERS_PER_LOOKUP_MAX, ROOMS_PER_CHANGE_MAX, USERS_PER_ROOMS_CHANGE_MAX } from './limits.js';
import { NodeCalls } from './node-calls.js';
import { type NodeClient, NodeQueue } from './node-queue.js';
import { PendingPush } from './pending-push.js';
import type { Session } from './session.js';
import { TurnLookup } from './turn-lookup.js';

export interface DeliveryOptions {
  readonly sessions: SessionRegistry;
  readonly rooms: RoomRegistry;
  /** A client of one gateway node. Called once per batch: keep the clients. */
  readonly nodeClient: (nodeId: NodeId) => NodeClient;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Holds nothing that must be closed: what waits ends by itself within the nodes' deadlines. A failed
 * lookup rejects the pushes that needed it. A slow node's deliveries are refused with OVERLOADED
 * once 1,000 wait for it, so that it does not use up the bound that all share.
 */
export const createDelivery = (options: DeliveryOptions): Delivery => new TurnDelivery(options);

const NOBODY: readonly UserId[] = Object.freeze([]);

class TurnDelivery implements Delivery {
  readonly #sessions: SessionRegistry;
  readonly #rooms: RoomRegistry;
  readonly #nodeCalls: NodeCalls;
  readonly #nodeClient: (nodeId: NodeId) => NodeClient;
  readonly #clock: Clock;
  readonly #events: DeliveryEvents;
  readonly #backlog = new Backlog();
  readonly #queues = new Map<NodeId, NodeQueue>();
  #collected: PendingPush[] = [];
  #isRunning = false;

  constructor(options: DeliveryOptions) {
    this.#sessions = options.sessions;
    this.#rooms = options.rooms;
    this.#nodeClient = options.nodeClient;
    this.#clock = options.clock;
    this.#events = new DeliveryEvents({ ...options, waiting: () => this.#backlog.pushes });
    this.#nodeCalls = new NodeCalls({ ...options, events: this.#events });
  }

  push(target: PushTarget, push: Uint8Array): Promise<void> {
    const userIds = distinct(target.userIds);
    if (userIds.length === 0) return Promise.resolve();
    const refusal = this.#backlog.enter(push.length, userIds.length);
    if (refusal !== undefined) return this.#refuse(refusal);
    this.#events.pushed();
    return new Promise((resolve, reject) => {
      this.#collect(new PendingPush(target, userIds, undefined, push, this.#settle, resolve, reject));
    });
  }

  pushToRoom(target: RoomTarget, push: Uint8Array): Promise<void> {
    const refusal = this.#backlog.enter(push.length, 1);
    if (refusal !== undefined) return this.#refuse(refusal);
    this.#events.pushedToRoom();
    return new Promise((resolve, reject) => {
      this.#collect(new PendingPush(target, NOBODY, target, push, this.#settle, resolve, reject));
    });
  }

  async changeRooms(target: RoomsChangeTarget, change: RoomsChange): Promise<void> {
    const rooms = change.enter.length + change.leave.length;
    if (target.userIds.length > USERS_PER_ROOMS_CHANGE_MAX || rooms > ROOMS_PER_CHANGE_MAX) {
      throw new ChatError(
        ErrorCode.INTERNAL,
        `a change has at most ${USERS_PER_ROOMS_CHANGE_MAX} users and ${ROOMS_PER_CHANGE_MAX} rooms`,
      );
    }
    await this.#nodeCalls.changeRooms({ ...target, userIds: distinct(target.userIds) }, change);
  }

  async usersInRoom(room: Room, userIds: readonly UserId[]): Promise<readonly UserId[]> {
    if (userIds.length > USERS_PER_ROOMS_CHANGE_MAX) {
      throw new ChatError(ErrorCode.INTERNAL, `at most ${USERS_PER_ROOMS_CHANGE_MAX} users are looked for`);
    }
    return this.#nodeCalls.usersInRoom(room, distinct(userIds));
  }

  async visitorsOf(room: Room): Promise<readonly Visitor[]> {
    const [nodeIds = []] = await this.#rooms.nodesOfMany([room]);
    return this.#nodeCalls.visitorsOf(room, nodeIds);
  }

  roomsVisitedBy(appId: AppId, userId: UserId): Promise<readonly GroupId[]> {
    return this.#nodeCalls.roomsVisitedBy(appId, userId);
  }

  async disconnect(sessions: readonly Session[], code: number, reason: string): Promise<void> {
    await this.#nodeCalls.disconnect(sessions, code, reason);
  }

  #refuse(refusal: ChatError): Promise<void> {
    this.#events.refused();
    return Promise.reject(refusal);
  }

  #collect(push: PendingPush): void {
    this.#collected.push(push);
    this.#start();
  }

  /** After the poll phase, so that everything that came in with this turn goes out together. */
  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#collected.length > 0) {
      const pushes = this.#take();
      const lookup = await this.#lookUp(pushes);
      this.#dispatch(pushes, lookup);
    }
    this.#isRunning = false;
  }

  #take(): PendingPush[] {
    let count = 0;
    let receivers = 0;
    for (const push of this.#collected) {
      receivers += push.receivers;
      if (count > 0 && receivers > RECEIVERS_PER_LOOKUP_MAX) break;
      count += 1;
    }
    if (count < this.#collected.length) return this.#collected.splice(0, count);
    const all = this.#collected;
    this.#collected = [];
    return all;
  }

  async #lookUp(pushes: readonly PendingPush[]): Promise<TurnLookup> {
    const lookup = new TurnLookup();
    for (const push of pushes) lookup.add(push);
    await lookup.run({ sessions: this.#sessions, rooms: this.#rooms });
    lookup.eachFailure(this.#lookupFailed);
    return lookup;
  }

  #dispatch(pushes: readonly PendingPush[], lookup: TurnLookup): void {
    for (const push of pushes) {
      if (push.room === undefined) this.#enqueue(push, lookup);
      else for (const nodeId of lookup.nodesOf(push.room)) this.#queueOf(nodeId).addRoom(push);
      push.closed(lookup.failureOf(push));
    }
    for (const queue of this.#queues.values()) queue.send();
  }

  #enqueue(push: PendingPush, lookup: TurnLookup): void {
    const sessions = lookup.sessionsFor(push.appId);
    if (sessions === undefined) return;
    for (const userId of push.userIds) {
      for (const { nodeId, connectionId } of sessions.sessionsOf(userId)) {
        if (connectionId !== push.exceptConnectionId) this.#queueOf(nodeId).add(push, userId, connectionId);
      }
    }
  }

  #queueOf(nodeId: NodeId): NodeQueue {
    let queue = this.#queues.get(nodeId);
    if (queue === undefined) {
      queue = new NodeQueue(nodeId, {
        nodeClient: this.#nodeClient,
        sessions: this.#sessions,
        events: this.#events,
        clock: this.#clock,
        onIdle: this.#forgetQueue,
      });
      this.#queues.set(nodeId, queue);
    }
    return queue;
  }

  readonly #forgetQueue = (nodeId: NodeId): void => {
    this.#queues.delete(nodeId);
  };

  readonly #lookupFailed = (failure: ChatError): void => this.#events.lookupFailed(failure);

  readonly #settle = (push: PendingPush, failure: ChatError | undefined): void => {
    this.#backlog.leave(push.bytes.length, push.receivers);
    if (failure === undefined) push.resolve();
    else push.reject(failure);
  };
}

/** A user named twice gets a push once. */
function distinct(userIds: readonly UserId[]): readonly UserId[] {
  if (userIds.length < 2) return userIds;
  if (userIds.length === 2) return userIds[0] === userIds[1] ? userIds.slice(0, 1) : userIds;
  const unique = new Set(userIds);
  return unique.size === userIds.length ? userIds : [...unique];
}
