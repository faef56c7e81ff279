// A registry and a delivery over the memory engine, with fake gateway nodes.
import { createMemoryCoordination, type MemoryCoordination } from '@parley/coordination';
import type { AppId, ConnectionId, GroupId, NodeId, UserId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import { createLogRoot, createMetricRegistry } from '@parley/telemetry';
import { createDelivery } from '../create-delivery.js';
import type { Delivery, Room, RoomRegistry, SessionRegistry } from '../delivery.js';
import { createRoomRegistry } from '../room-registry.js';
import type { Session } from '../session.js';
import { createSessionRegistry } from '../session-registry.js';
import { FakeGatewayNode } from './fake-gateway-node.js';

export const APP = 1_400_000_001 as AppId;
export const LEASE_MS = 30_000;
export const user = (name: string): UserId => name as UserId;
export const group = (name: string): GroupId => name as GroupId;
export const roomOf = (name: string, appId = APP): Room => ({ appId, groupId: group(name) });
export const bytes = (text: string): Uint8Array => Buffer.from(text);

export const sessionOn = (node: string, connectionId: string, change: Partial<Session> = {}): Session => ({
  connectionId: connectionId as ConnectionId,
  nodeId: node as NodeId,
  platform: Platform.WEB,
  instanceId: 'instance',
  sinceMs: 1_700_000_000_000,
  ...change,
});

export class Fixture {
  #now = 1_700_000_000_000;
  readonly clock = { now: (): number => this.#now };
  readonly coordination: MemoryCoordination = createMemoryCoordination({ clock: this.clock });
  readonly sessions: SessionRegistry = createSessionRegistry(this);
  readonly rooms: RoomRegistry = createRoomRegistry(this);
  readonly metrics = createMetricRegistry();
  readonly logLines: string[] = [];
  readonly nodes = new Map<string, FakeGatewayNode>();
  readonly delivery: Delivery;

  constructor(
    parts: {
      readonly sessions?: (own: SessionRegistry) => SessionRegistry;
      readonly rooms?: (own: RoomRegistry) => RoomRegistry;
    } = {},
  ) {
    const log = createLogRoot({ level: 'warn', sink: { write: (line) => void this.logLines.push(line) } });
    this.delivery = createDelivery({
      sessions: parts.sessions?.(this.sessions) ?? this.sessions,
      rooms: parts.rooms?.(this.rooms) ?? this.rooms,
      nodeClient: (nodeId) => this.node(nodeId).client,
      metrics: this.metrics,
      logger: log.logger('delivery'),
      clock: this.clock,
    });
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  node(name: string): FakeGatewayNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  async startNode(name: string): Promise<FakeGatewayNode> {
    const node = new FakeGatewayNode(APP);
    this.nodes.set(name, node);
    await this.sessions.renewLease(name as NodeId, LEASE_MS);
    return node;
  }

  async connect(name: string, node: string, connectionId: string, appId = APP): Promise<Session> {
    const session = sessionOn(node, connectionId);
    await this.sessions.register(appId, user(name), session);
    return session;
  }

  push(names: readonly string[], text: string, exceptConnectionId?: string): Promise<void> {
    const target = { appId: APP, userIds: names.map(user) };
    return this.delivery.push(
      exceptConnectionId === undefined
        ? target
        : { ...target, exceptConnectionId: exceptConnectionId as ConnectionId },
      bytes(text),
    );
  }

  /** Puts a connection into a room, and registers its node. */
  async enter(name: string, node: string, connectionId: string): Promise<void> {
    this.node(node).enter(APP, name, connectionId);
    await this.rooms.register(roomOf(name), node as NodeId);
  }

  pushToRoom(name: string, text: string, exceptConnectionId?: string): Promise<void> {
    const target = roomOf(name);
    return this.delivery.pushToRoom(
      exceptConnectionId === undefined
        ? target
        : { ...target, exceptConnectionId: exceptConnectionId as ConnectionId },
      bytes(text),
    );
  }

  async connectionIds(name: string): Promise<string[]> {
    const sessions = await this.sessions.sessionsOf(APP, user(name));
    return sessions.map((session) => session.connectionId).sort();
  }
}

/** Resolves when the condition holds; looks again with every turn of the event loop. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (await condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition did not come true');
}
