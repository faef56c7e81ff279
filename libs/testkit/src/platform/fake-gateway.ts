// A gateway node without sockets: connections are registered by the test, and
// what the platform sends to them is recorded.
import { fromBinary } from '@bufbuild/protobuf';
import { type AppId, type ConnectionId, type GroupId, LIVE_ROOMS_ID, type UserId } from '@parley/kernel';
import { gatewayv1, type messagev1, wirev1 } from '@parley/proto';
import { Platform as ClientPlatform, type Router } from '@parley/rpc';
import type { Platform } from '@parley/runtime';

export interface RecordedPush {
  readonly connectionId: string;
  readonly push: wirev1.Push;
}

export interface RecordedDisconnect {
  readonly connectionId: string;
  readonly code: number;
  readonly reason: string;
}

export interface FakeConnection {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
}

export interface ConnectOptions {
  /** Default WEB. */
  readonly platform?: ClientPlatform;
  /** Default: a new one. */
  readonly instanceId?: string;
}

export interface RecordedRoomsChange {
  readonly connectionId: string;
  readonly enter: readonly string[];
  readonly leave: readonly string[];
}

const LEASE_MS = 24 * 60 * 60 * 1000;

export class FakeGateway {
  /** In the order of arrival. */
  readonly pushes: RecordedPush[] = [];
  readonly disconnects: RecordedDisconnect[] = [];
  /** One for each connection that a change named, in the order of arrival. */
  readonly roomsChanges: RecordedRoomsChange[] = [];
  /** Set by a test: makes the node fail every call. */
  failure: Error | undefined;
  readonly #connections = new Map<string, FakeConnection>();
  /** Rooms of a connection. A room is never unregistered. */
  readonly #rooms = new Map<string, Set<string>>();
  /** Rooms whose people are counted, as `<appId> <groupId>`. */
  readonly #counted = new Set<string>();
  /** When a connection came into a room, by `<connectionId> <groupId>`. */
  readonly #cameMs = new Map<string, number>();
  #nextId = 1;

  constructor(private readonly platform: Platform) {}

  async start(router: Router): Promise<void> {
    router.register(gatewayv1.GatewayNodeService, {
      deliver: async (request) => this.#deliver(request),
      disconnect: async (request) => this.#disconnect(request),
      changeRooms: async (request) => this.#changeRooms(request),
      findInRoom: async (request) => this.#findInRoom(request),
      listRoomPeople: async (request) => this.#listRoomPeople(request),
      listVisitedRooms: async (request) => this.#listVisitedRooms(request),
    });
    await this.platform.sessions.renewLease(this.platform.nodeId, LEASE_MS);
  }

  /** An id for a connection that logs in through AuthService. */
  newConnectionId(): ConnectionId {
    return `connection-${this.#nextId++}` as ConnectionId;
  }

  /** Takes a connection on without a login: registered, and known to the node. */
  async connect(appId: AppId, userId: string, options: ConnectOptions = {}): Promise<FakeConnection> {
    const connection = this.attach(appId, userId, this.newConnectionId());
    await this.platform.sessions.register(connection.appId, connection.userId, {
      connectionId: connection.connectionId,
      nodeId: this.platform.nodeId,
      platform: options.platform ?? ClientPlatform.WEB,
      instanceId: options.instanceId ?? `instance-of-${connection.connectionId}`,
      sinceMs: this.platform.clock.now(),
    });
    return connection;
  }

  /** Makes a connection known to the node only: the registry learns of it elsewhere. */
  attach(appId: AppId, userId: string, connectionId: ConnectionId): FakeConnection {
    const connection = { appId, userId: userId as UserId, connectionId };
    this.#connections.set(connectionId, connection);
    return connection;
  }

  /** The socket is gone; the registry does not know it yet. */
  lose(connectionId: ConnectionId): void {
    this.#connections.delete(connectionId);
    this.#rooms.delete(connectionId);
  }

  /** Puts a connection into a group's room, as a login does with what GroupService.ListRooms answers. */
  async enterRoom(connectionId: ConnectionId, groupId: string): Promise<void> {
    const connection = this.#connections.get(connectionId);
    if (connection === undefined) throw new Error(`no connection ${connectionId}`);
    const rooms = this.#rooms.get(connectionId) ?? new Set();
    if (!rooms.has(groupId)) this.#cameMs.set(`${connectionId} ${groupId}`, this.platform.clock.now());
    this.#rooms.set(connectionId, rooms.add(groupId));
    await this.#register(connection.appId, groupId);
  }

  /** With the number of people where that is counted: at once, where a real node takes its time. */
  async #register(appId: AppId, groupId: string): Promise<void> {
    const { rooms, nodeId } = this.platform;
    const people = new Set(
      this.#inRoom({ appId, groupId }).map((connectionId) => this.#connections.get(connectionId)?.userId),
    );
    const isCounted = this.#counted.has(`${appId} ${groupId}`);
    const room = { appId, groupId: groupId as GroupId };
    await rooms.register(room, nodeId, ...(isCounted ? [people.size] : []));
  }

  /** Groups in whose rooms the connection is, in the order in which it entered. */
  roomsOf(connectionId: ConnectionId): string[] {
    return [...(this.#rooms.get(connectionId) ?? [])].filter((groupId) => groupId !== LIVE_ROOMS_ID);
  }

  isConnected(connectionId: ConnectionId): boolean {
    return this.#connections.has(connectionId);
  }

  pushesTo(connectionId: ConnectionId): wirev1.Push[] {
    return this.pushes.filter((one) => one.connectionId === connectionId).map((one) => one.push);
  }

  /** Messages only, in the order of arrival. */
  messagesTo(connectionId: ConnectionId): messagev1.Message[] {
    return this.pushesTo(connectionId).flatMap(({ event }) =>
      event.case === 'message' ? [event.value] : [],
    );
  }

  #deliver(request: gatewayv1.DeliverRequest) {
    if (this.failure !== undefined) throw this.failure;
    const unknown = new Set<string>();
    for (const { connectionIds, push, room, exceptConnectionId } of request.deliveries) {
      const decoded = fromBinary(wirev1.PushSchema, push);
      for (const connectionId of this.#inRoom(room)) {
        if (connectionId !== exceptConnectionId) this.pushes.push({ connectionId, push: decoded });
      }
      for (const connectionId of connectionIds) {
        if (this.#connections.has(connectionId)) this.pushes.push({ connectionId, push: decoded });
        else unknown.add(connectionId);
      }
    }
    return { unknownConnectionIds: [...unknown] };
  }

  #inRoom(room: Pick<gatewayv1.Room, 'appId' | 'groupId'> | undefined): string[] {
    if (room === undefined) return [];
    const here = [...this.#connections.values()].filter(({ appId }) => appId === room.appId);
    return here
      .map(({ connectionId }) => connectionId)
      .filter((connectionId) => this.#rooms.get(connectionId)?.has(room.groupId));
  }

  async #changeRooms({ changes }: gatewayv1.ChangeRoomsRequest) {
    if (this.failure !== undefined) throw this.failure;
    const unknownConnectionIds: string[] = [];
    for (const { connectionIds, enterGroupIds: enter, leaveGroupIds: leave, countsPeople } of changes) {
      for (const connectionId of connectionIds as ConnectionId[]) {
        const connection = this.#connections.get(connectionId);
        if (connection === undefined) {
          unknownConnectionIds.push(connectionId);
          continue;
        }
        this.roomsChanges.push({ connectionId, enter, leave });
        const { appId } = connection;
        for (const groupId of leave) {
          const wasIn = this.#rooms.get(connectionId)?.delete(groupId) === true;
          if (wasIn && this.#counted.has(`${appId} ${groupId}`)) await this.#register(appId, groupId);
        }
        if (countsPeople) for (const groupId of enter) this.#counted.add(`${appId} ${groupId}`);
        for (const groupId of enter) await this.enterRoom(connectionId, groupId);
        await this.#visitAll(connection, countsPeople);
      }
    }
    return { unknownConnectionIds };
  }

  /** As a real node does it: whoever is in a live group is in the room of all of them. */
  async #visitAll({ appId, connectionId }: FakeConnection, countsPeople: boolean): Promise<void> {
    const isIn = [...(this.#rooms.get(connectionId) ?? [])].some((id) => this.#counted.has(`${appId} ${id}`));
    if (countsPeople && isIn) await this.enterRoom(connectionId, LIVE_ROOMS_ID);
    if (!isIn) this.#rooms.get(connectionId)?.delete(LIVE_ROOMS_ID);
  }

  #findInRoom({ room, connectionIds }: gatewayv1.FindInRoomRequest) {
    if (this.failure !== undefined) throw this.failure;
    const here = new Set(this.#inRoom(room));
    return { connectionIds: connectionIds.filter((id) => here.has(id)) };
  }

  #listRoomPeople({ room, limit }: gatewayv1.ListRoomPeopleRequest) {
    if (this.failure !== undefined) throw this.failure;
    if (room === undefined || !this.#counted.has(`${room.appId} ${room.groupId}`)) return { visitors: [] };
    const since = new Map<string, number>();
    for (const id of this.#inRoom(room)) {
      const userId = this.#connections.get(id)?.userId ?? '';
      const cameMs = this.#cameMs.get(`${id} ${room.groupId}`) ?? 0;
      since.set(userId, Math.min(since.get(userId) ?? cameMs, cameMs));
    }
    const visitors = Array.from(since, ([userId, sinceMs]) => ({ userId, sinceMs: BigInt(sinceMs) }));
    return { visitors: visitors.sort((a, b) => Number(b.sinceMs - a.sinceMs)).slice(0, limit) };
  }

  #listVisitedRooms({ connectionIds }: gatewayv1.ListVisitedRoomsRequest) {
    if (this.failure !== undefined) throw this.failure;
    const groupIds = new Set<string>();
    for (const id of connectionIds as ConnectionId[]) {
      const appId = this.#connections.get(id)?.appId;
      for (const groupId of this.#rooms.get(id) ?? []) {
        if (this.#counted.has(`${appId} ${groupId}`)) groupIds.add(groupId);
      }
    }
    return { groupIds: [...groupIds] };
  }

  #disconnect({ connectionIds, code, reason }: gatewayv1.DisconnectRequest) {
    if (this.failure !== undefined) throw this.failure;
    for (const connectionId of connectionIds) {
      this.#rooms.delete(connectionId);
      if (this.#connections.delete(connectionId)) this.disconnects.push({ connectionId, code, reason });
    }
    return {};
  }
}
