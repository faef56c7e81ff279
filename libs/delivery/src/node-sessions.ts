// Which sessions a gateway node has, and which nodes there are: so that somebody notices whose sessions ended with a node that died.
import type { Coordination, Hash } from '@parley/coordination';
import type { AppId, Clock, ConnectionId, NodeId, UserId } from '@parley/kernel';
import type { Platform } from '@parley/rpc';
import { LeaseBook } from './lease-book.js';
import { CHANGES_PER_WRITE_MAX } from './limits.js';
import type { Session } from './session.js';
import { type SessionChange, SessionChanges } from './session-changes.js';
import { shardOf } from './shards.js';

const NODES = 'gateway-nodes';
const KNOWN = '-';
/** Of 10,000 connections each. */
const SHARDS = 32;
const VALUE = /^(\d{1,4}) (\d{1,10}) (.+)$/s;

const keyOf = (nodeId: NodeId, shard: number): string => `node-sessions:{${nodeId}:${shard}}`;
const keyFor = (nodeId: NodeId, connectionId: ConnectionId): string =>
  keyOf(nodeId, shardOf(connectionId, SHARDS));

/** Rejects with the codes of Coordination; add with OVERLOADED beyond 10,000 connections in one of 32 hashes. */
export class NodeSessions {
  constructor(private readonly coordination: Coordination) {}

  async addNode(nodeId: NodeId): Promise<void> {
    await this.coordination.hashSet(NODES, { [nodeId]: KNOWN });
  }

  async add(appId: AppId, userId: UserId, { nodeId, connectionId, platform }: Session): Promise<void> {
    const value = `${platform} ${appId} ${userId}`;
    await this.coordination.hashSet(keyFor(nodeId, connectionId), { [connectionId]: value });
  }

  async remove(nodeId: NodeId, connectionId: ConnectionId): Promise<void> {
    await this.coordination.hashDelete(keyFor(nodeId, connectionId), [connectionId]);
  }
}

export interface DeadNodeSweepOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
}

/** Nodes that one sweep takes; the next one goes on. */
const NODES_PER_SWEEP_MAX = 4;

/** Says of the sessions of nodes without a lease that they are lost, and forgets them. */
export class DeadNodeSweep {
  readonly #coordination: Coordination;
  readonly #leases: LeaseBook;
  readonly #changes: SessionChanges;

  constructor({ coordination, clock }: DeadNodeSweepOptions) {
    this.#coordination = coordination;
    this.#leases = new LeaseBook(coordination, clock);
    this.#changes = new SessionChanges(coordination);
  }

  /** One sweep, of some nodes. Whatever is cut short is done by the next. Answers how many sessions were lost. */
  async run(): Promise<number> {
    const nodeIds = Object.keys(await this.#coordination.hashGetAll(NODES)) as NodeId[];
    const isLive = await Promise.all(nodeIds.map((nodeId) => this.#leases.askAnew(nodeId)));
    const dead = nodeIds.filter((_, at) => isLive[at] === false).slice(0, NODES_PER_SWEEP_MAX);
    let lost = 0;
    for (const nodeId of dead) lost += await this.#sweep(nodeId);
    return lost;
  }

  async #sweep(nodeId: NodeId): Promise<number> {
    let lost = 0;
    for (let shard = 0; shard < SHARDS; shard++) {
      lost += await this.#sweepHash(nodeId, keyOf(nodeId, shard));
    }
    await this.#forget(nodeId, NODES, { [nodeId]: KNOWN });
    return lost;
  }

  async #sweepHash(nodeId: NodeId, key: string): Promise<number> {
    const entries = Object.entries(await this.#coordination.hashGetAll(key));
    for (let at = 0; at < entries.length; at += CHANGES_PER_WRITE_MAX) {
      const some = entries.slice(at, at + CHANGES_PER_WRITE_MAX);
      // Said first, forgotten then: whoever dies in between says it twice.
      await this.#changes.noticeAll(some.flatMap(([, value]) => lostSession(value)));
      await this.#forget(nodeId, key, Object.fromEntries(some));
    }
    return entries.length;
  }

  /** A node that came back meanwhile took its lease before it registered again: then it is put back. */
  async #forget(nodeId: NodeId, key: string, entries: Hash): Promise<void> {
    await this.#coordination.hashDelete(key, Object.keys(entries));
    if (await this.#leases.askAnew(nodeId)) await this.#coordination.hashSet(key, entries);
  }
}

function lostSession(value: string): SessionChange[] {
  const [, platform, appId, userId] = VALUE.exec(value) ?? [];
  if (userId === undefined) return [];
  return [
    {
      kind: 'lost',
      appId: Number(appId) as AppId,
      userId: userId as UserId,
      platform: Number(platform) as Platform,
    },
  ];
}
