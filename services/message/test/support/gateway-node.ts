// A gateway node of a few lines: it has connections and notes what is pushed to each.
import { fromBinary } from '@bufbuild/protobuf';
import type { RoomRegistry, SessionRegistry } from '@parley/delivery';
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type GroupId,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import { gatewayv1, type messagev1, wirev1 } from '@parley/proto';
import { type Client, createClient, createInProcessTransport, createRouter, Platform } from '@parley/rpc';
import { silentLogger } from '@parley/telemetry';

const NODE = 'gateway-1' as NodeId;
const LEASE_MS = 24 * 60 * 60 * 1_000;

interface Connection {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
}

export class GatewayNode {
  readonly #client: Client<typeof gatewayv1.GatewayNodeService>;
  readonly #registries = new Set<SessionRegistry>();
  readonly #roomRegistries = new Set<RoomRegistry>();
  /** Connections by room. */
  readonly #rooms = new Map<string, Set<ConnectionId>>();
  readonly #connections: Connection[] = [];
  readonly #pushes = new Map<string, wirev1.Push[]>();
  /** Whether a push is refused, as by a node that hangs. */
  isAway = false;
  /** Told of every message that arrives at a connection. */
  onMessage: (connectionId: string, message: messagev1.Message) => void = () => undefined;

  constructor() {
    const router = createRouter({ logger: silentLogger });
    router.register(gatewayv1.GatewayNodeService, {
      deliver: async (request) => {
        if (this.isAway) throw new ChatError(ErrorCode.UNAVAILABLE, 'the node hangs');
        for (const delivery of request.deliveries) this.#take(delivery);
        return {};
      },
      disconnect: async () => ({}),
      changeRooms: async () => ({}),
      findInRoom: async () => ({}),
      listRoomPeople: async () => ({}),
      listVisitedRooms: async () => ({}),
    });
    this.#client = createClient(gatewayv1.GatewayNodeService, createInProcessTransport({ router }));
  }

  client(): Client<typeof gatewayv1.GatewayNodeService> {
    return this.#client;
  }

  /** A registry that must know this node's connections, now and later. */
  async connectTo(registry: SessionRegistry, rooms: RoomRegistry): Promise<void> {
    this.#registries.add(registry);
    this.#roomRegistries.add(rooms);
    await registry.renewLease(NODE, LEASE_MS);
    for (const key of this.#rooms.keys()) {
      const [appId, ...groupId] = key.split(' ');
      await rooms.register({ appId: Number(appId) as AppId, groupId: groupId.join(' ') as GroupId }, NODE);
    }
    for (const connection of this.#connections) await register(registry, connection);
  }

  async connect(userId: UserId, connectionId: string, appId: AppId): Promise<ConnectionId> {
    const connection = { appId, userId, connectionId: connectionId as ConnectionId };
    this.#connections.push(connection);
    for (const registry of this.#registries) await register(registry, connection);
    return connection.connectionId;
  }

  /** A connection of a member. */
  async enterRoom(appId: AppId, groupId: string, connectionId: string): Promise<void> {
    const key = roomKey(appId, groupId);
    const known = this.#rooms.get(key) ?? new Set();
    known.add(connectionId as ConnectionId);
    this.#rooms.set(key, known);
    for (const rooms of this.#roomRegistries)
      await rooms.register({ appId, groupId: groupId as GroupId }, NODE);
  }

  leaveRoom(appId: AppId, groupId: string, connectionId: string): void {
    this.#rooms.get(roomKey(appId, groupId))?.delete(connectionId as ConnectionId);
  }

  /** Messages pushed to a connection, in order. */
  messages(connectionId: string): messagev1.Message[] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'message' ? [push.event.value] : [],
    );
  }

  reads(connectionId: string): messagev1.ReadNotice[] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'read' ? [push.event.value] : [],
    );
  }

  /** Users of whose conversations the connection was told that an option was set. */
  options(connectionId: string): string[][] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'receiveOption' ? [push.event.value.peers] : [],
    );
  }

  changes(connectionId: string): messagev1.MessageChange[] {
    return this.#events(connectionId).flatMap((push) =>
      push.event.case === 'change' ? [push.event.value] : [],
    );
  }

  #receivers({ room, connectionIds, exceptConnectionId }: gatewayv1.Delivery): string[] {
    if (room === undefined) return connectionIds;
    const inside = this.#rooms.get(roomKey(room.appId, room.groupId)) ?? [];
    return [...inside].filter((connectionId) => connectionId !== exceptConnectionId);
  }

  #events(connectionId: string): readonly wirev1.Push[] {
    return this.#pushes.get(connectionId) ?? [];
  }

  #take(delivery: gatewayv1.Delivery): void {
    const push = fromBinary(wirev1.PushSchema, delivery.push);
    for (const connectionId of this.#receivers(delivery)) {
      const pushes = this.#pushes.get(connectionId);
      if (pushes === undefined) this.#pushes.set(connectionId, [push]);
      else pushes.push(push);
      if (push.event.case === 'message') this.onMessage(connectionId, push.event.value);
    }
  }
}

const roomKey = (appId: number, groupId: string): string => `${appId} ${groupId}`;

const register = (registry: SessionRegistry, { appId, userId, connectionId }: Connection): Promise<void> =>
  registry.register(appId, userId, {
    connectionId,
    nodeId: NODE,
    platform: Platform.WEB,
    instanceId: connectionId,
    sinceMs: 0,
  });
