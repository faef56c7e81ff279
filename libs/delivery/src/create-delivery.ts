// Delivery: pushes of a turn are collected, the sessions of their receivers are
// looked up together, and each node's part goes to that node's queue.
//
// Lookups run one after the other, in the order of the pushes, and each node has
// one batch under way: together that keeps the order per connection.
import { type AppId, ChatError, type Clock, type NodeId, type UserId } from '@parley/kernel';
import type { Logger, Metrics } from '@parley/telemetry';
import { Backlog } from './backlog.js';
import type { Delivery, PushTarget, SessionRegistry } from './delivery.js';
import { DeliveryEvents } from './events.js';
import { CONNECTIONS_PER_DELIVERY_MAX, RECEIVERS_PER_LOOKUP_MAX } from './limits.js';
import { type NodeClient, NodeQueue } from './node-queue.js';
import { PendingPush } from './pending-push.js';
import { PLATFORM_CONTEXT } from './platform-context.js';
import type { Session } from './session.js';
import { SessionLookup } from './session-lookup.js';

export interface DeliveryOptions {
  readonly sessions: SessionRegistry;
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

class TurnDelivery implements Delivery {
  readonly #sessions: SessionRegistry;
  readonly #nodeClient: (nodeId: NodeId) => NodeClient;
  readonly #clock: Clock;
  readonly #events: DeliveryEvents;
  readonly #backlog = new Backlog();
  readonly #queues = new Map<NodeId, NodeQueue>();
  #collected: PendingPush[] = [];
  #isRunning = false;

  constructor(options: DeliveryOptions) {
    this.#sessions = options.sessions;
    this.#nodeClient = options.nodeClient;
    this.#clock = options.clock;
    this.#events = new DeliveryEvents({ ...options, waiting: () => this.#backlog.pushes });
  }

  push(target: PushTarget, push: Uint8Array): Promise<void> {
    const userIds = distinct(target.userIds);
    if (userIds.length === 0) return Promise.resolve();
    const refusal = this.#backlog.enter(push.length, userIds.length);
    if (refusal !== undefined) {
      this.#events.refused();
      return Promise.reject(refusal);
    }
    this.#events.pushed();
    return new Promise((resolve, reject) => {
      this.#collected.push(new PendingPush(target, userIds, push, this.#settle, resolve, reject));
      this.#start();
    });
  }

  async disconnect(sessions: readonly Session[], code: number, reason: string): Promise<void> {
    const byNode = new Map<NodeId, string[]>();
    for (const { nodeId, connectionId } of sessions) {
      const known = byNode.get(nodeId);
      if (known === undefined) byNode.set(nodeId, [connectionId]);
      else known.push(connectionId);
    }
    const outcomes = await Promise.allSettled(
      Array.from(byNode, ([nodeId, connectionIds]) =>
        this.#disconnect(nodeId, connectionIds, { code, reason }),
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw ChatError.from(failed.reason);
  }

  async #disconnect(
    nodeId: NodeId,
    connectionIds: readonly string[],
    bye: { readonly code: number; readonly reason: string },
  ): Promise<void> {
    try {
      for (let first = 0; first < connectionIds.length; first += CONNECTIONS_PER_DELIVERY_MAX) {
        const some = connectionIds.slice(first, first + CONNECTIONS_PER_DELIVERY_MAX);
        await this.#nodeClient(nodeId).disconnect({ connectionIds: some, ...bye }, PLATFORM_CONTEXT);
      }
    } catch (thrown) {
      const error = ChatError.from(thrown);
      this.#events.nodeFailed(nodeId, error);
      throw error;
    }
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
      const lookups = await this.#lookUp(pushes);
      this.#dispatch(pushes, lookups);
    }
    this.#isRunning = false;
  }

  #take(): PendingPush[] {
    let count = 0;
    let receivers = 0;
    for (const { userIds } of this.#collected) {
      receivers += userIds.length;
      if (count > 0 && receivers > RECEIVERS_PER_LOOKUP_MAX) break;
      count += 1;
    }
    if (count < this.#collected.length) return this.#collected.splice(0, count);
    const all = this.#collected;
    this.#collected = [];
    return all;
  }

  async #lookUp(pushes: readonly PendingPush[]): Promise<ReadonlyMap<AppId, SessionLookup>> {
    const lookups = new Map<AppId, SessionLookup>();
    for (const { appId, userIds } of pushes) {
      let lookup = lookups.get(appId);
      if (lookup === undefined) {
        lookup = new SessionLookup(appId);
        lookups.set(appId, lookup);
      }
      lookup.add(userIds);
    }
    await Promise.all(Array.from(lookups.values(), (lookup) => lookup.run(this.#sessions)));
    for (const { failure } of lookups.values()) if (failure !== undefined) this.#events.lookupFailed(failure);
    return lookups;
  }

  #dispatch(pushes: readonly PendingPush[], lookups: ReadonlyMap<AppId, SessionLookup>): void {
    for (const push of pushes) {
      const lookup = lookups.get(push.appId);
      if (lookup !== undefined) this.#enqueue(push, lookup);
      push.closed(lookup?.failure);
    }
    for (const queue of this.#queues.values()) queue.send();
  }

  #enqueue(push: PendingPush, lookup: SessionLookup): void {
    for (const userId of push.userIds) {
      for (const { nodeId, connectionId } of lookup.sessionsOf(userId)) {
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

  readonly #settle = (push: PendingPush, failure: ChatError | undefined): void => {
    this.#backlog.leave(push.bytes.length, push.userIds.length);
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
