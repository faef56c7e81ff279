// GatewayNodeService: what the rest of the platform asks of this node.
import { VISITED_ROOMS_MAX, VISITORS_LISTED_MAX } from '@parley/delivery';
import { type Clock, LIVE_ROOMS_ID } from '@parley/kernel';
import type { gatewayv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import { BYE_GIVE_UP_MAX, BYE_RECONNECT_MIN, ByeCode } from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { framePush } from '../connections/websocket-frame.js';
import type { GatewayEvents } from '../events.js';
import type { LocalRoom } from '../rooms/local-room.js';
import type { RoomRegistrar } from '../rooms/room-registrar.js';
import type { Rooms } from '../rooms/rooms.js';
import type { JoinRooms } from '../use-cases/join-rooms.js';

export interface GatewayNodeOptions {
  readonly table: ConnectionTable;
  readonly rooms: Rooms;
  readonly registrar: RoomRegistrar;
  readonly joinRooms: JoinRooms;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
  readonly clock: Clock;
}

export class GatewayNodeHandlers implements ServiceHandlers<typeof gatewayv1.GatewayNodeService> {
  constructor(private readonly parts: GatewayNodeOptions) {}

  /**
   * A push is framed once for all of its connections; a slow reader is dropped and does not hold up the others.
   * Queueing is done in this turn, which keeps the order per connection; see Outbox for how much one turn writes.
   */
  async deliver(request: gatewayv1.DeliverRequest): Promise<{ unknownConnectionIds: string[] }> {
    const unknownConnectionIds: string[] = [];
    for (const delivery of request.deliveries) {
      let frame: Uint8Array | undefined;
      for (const id of delivery.connectionIds) {
        const connection = this.parts.table.find(id);
        if (connection === undefined || !connection.isLive) unknownConnectionIds.push(id);
        else {
          frame ??= framePush(delivery.push);
          this.parts.events.frameQueued();
          this.#push(connection, frame);
        }
      }
      if (delivery.room !== undefined) this.#pushToRoom(delivery, delivery.room);
    }
    return { unknownConnectionIds };
  }

  /** Resolves when the registry names this node for every room that was entered. */
  async changeRooms(request: gatewayv1.ChangeRoomsRequest): Promise<{ unknownConnectionIds: string[] }> {
    const unknownConnectionIds: string[] = [];
    const unregistered = new Set<LocalRoom>();
    for (const change of request.changes) {
      for (const id of change.connectionIds) {
        const connection = this.parts.table.find(id);
        const isHere = connection?.isLive === true && connection.state !== ConnectionState.GREETING;
        if (isHere) this.#changeRoomsOf(connection, change, unregistered);
        else unknownConnectionIds.push(id);
      }
    }
    if (unregistered.size > 0) await this.parts.registrar.whenRegistered(unregistered);
    return { unknownConnectionIds };
  }

  async findInRoom(request: gatewayv1.FindInRoomRequest): Promise<{ connectionIds: string[] }> {
    const { room, connectionIds } = request;
    const found = room && this.parts.rooms.find(room.appId, room.groupId);
    if (found === undefined) return { connectionIds: [] };
    const isIn = (id: string): boolean => this.parts.table.find(id)?.rooms.includes(found) === true;
    return { connectionIds: connectionIds.filter(isIn) };
  }

  async listRoomPeople({ room, limit }: gatewayv1.ListRoomPeopleRequest) {
    const people = room && this.parts.rooms.find(room.appId, room.groupId)?.people;
    const visitors = people?.newest(Math.min(limit || VISITORS_LISTED_MAX, VISITORS_LISTED_MAX)) ?? [];
    return { visitors: visitors.map(({ userId, sinceMs }) => ({ userId, sinceMs: BigInt(sinceMs) })) };
  }

  async listVisitedRooms({ connectionIds, limit }: gatewayv1.ListVisitedRoomsRequest) {
    const most = Math.min(limit || VISITED_ROOMS_MAX, VISITED_ROOMS_MAX);
    const groupIds = new Set<string>();
    for (const id of connectionIds) {
      for (const { people, groupId } of this.parts.table.find(id)?.rooms ?? []) {
        if (groupIds.size >= most) break;
        if (people !== undefined && groupId !== LIVE_ROOMS_ID) groupIds.add(groupId);
      }
    }
    return { groupIds: [...groupIds] };
  }

  async disconnect(request: gatewayv1.DisconnectRequest): Promise<Record<string, never>> {
    const isByeCode = request.code >= BYE_RECONNECT_MIN && request.code <= BYE_GIVE_UP_MAX;
    const code = isByeCode ? request.code : ByeCode.GOING_AWAY;
    for (const id of request.connectionIds) {
      const connection = this.parts.table.find(id);
      if (connection === undefined) continue;
      this.parts.closer.endWith(connection, 'disconnected', { code, reason: request.reason });
    }
    return {};
  }

  #changeRoomsOf(connection: Connection, change: gatewayv1.RoomChange, unregistered: Set<LocalRoom>): void {
    const { rooms, joinRooms, events, clock } = this.parts;
    const { enterGroupIds, leaveGroupIds } = change;
    joinRooms.changing(connection, enterGroupIds, leaveGroupIds);
    rooms.leave(connection, leaveGroupIds);
    if (!rooms.enter(connection, enterGroupIds, unregistered)) events.tooManyRooms(connection);
    if (!change.countsPeople) return;
    const visit = { unregistered, nowMs: clock.now() };
    if (!rooms.visit(connection, enterGroupIds, visit)) events.tooManyRooms(connection);
  }

  #pushToRoom({ push, exceptConnectionId }: gatewayv1.Delivery, { appId, groupId }: gatewayv1.Room): void {
    const members = this.parts.rooms.membersOf(appId, groupId);
    if (members.length === 0) return;
    const frame = framePush(push);
    this.parts.events.roomPushed(members.length);
    // From the end, because a slow reader leaves the room on the way.
    for (let at = members.length - 1; at >= 0; at--) {
      const connection = members[at];
      if (connection !== undefined && connection.id !== exceptConnectionId) this.#push(connection, frame);
    }
  }

  #push(connection: Connection, frame: Uint8Array): void {
    const { outbox, closer } = this.parts;
    if (connection.state !== ConnectionState.OPEN) {
      // The Welcome comes first on every connection; a Resync right behind it makes up for this push.
      connection.missedPush = true;
      return;
    }
    if (outbox.enqueue(connection, frame)) return;
    closer.end(connection, 'slow_reader', 'pushes are read too slowly');
  }
}
