// Connections enter and leave rooms; the registry follows.
import { LIVE_ROOMS_ID } from '@parley/kernel';
import type { Connection } from '../connections/connection.js';
import { type LocalRoom, RoomPeople } from './local-room.js';
import type { RoomRegistrar } from './room-registrar.js';
import type { RoomTable } from './room-table.js';

/** Rooms of one connection. The group service allows a user far fewer groups. */
export const ROOMS_PER_CONNECTION_MAX = 10_000;

export class Rooms {
  constructor(
    private readonly table: RoomTable,
    private readonly registrar: RoomRegistrar,
  ) {}

  /** Who is in the room; see RoomTable.membersOf. */
  membersOf(appId: number, groupId: string): readonly Connection[] {
    return this.table.membersOf(appId, groupId);
  }

  find(appId: number, groupId: string): LocalRoom | undefined {
    return this.table.find(appId, groupId);
  }

  /**
   * In effect at once on this node; adds to `unregistered` the rooms that the registry does not name this node
   * for yet. False: the connection has so many rooms that not all could be entered.
   */
  enter(connection: Connection, groupIds: readonly string[], unregistered: Set<LocalRoom>): boolean {
    for (const groupId of groupIds) {
      if (connection.rooms.length >= ROOMS_PER_CONNECTION_MAX) return false;
      const room = this.table.enter(connection, groupId);
      if (room.members.length === 1) this.registrar.filled(room);
      this.registrar.peopleChanged(room);
      if (!room.isRegistered) unregistered.add(room);
    }
    return true;
  }

  /** From now on the registry is told how many people are in these rooms; those that nobody is in do not matter. */
  countPeople(appId: number, groupIds: readonly string[]): void {
    for (const groupId of groupIds) {
      const room = this.table.find(appId, groupId);
      if (room === undefined || room.members.length === 0) continue;
      room.people ??= new RoomPeople();
      this.registrar.peopleChanged(room);
    }
  }

  /**
   * The connection, which has entered these rooms, visits live groups: their people are counted, and it is in the room of
   * all live groups of its app. As enter.
   */
  visit(
    connection: Connection,
    groupIds: readonly string[],
    { unregistered, nowMs }: { readonly unregistered: Set<LocalRoom>; readonly nowMs: number },
  ): boolean {
    this.countPeople(connection.appId, groupIds);
    for (const groupId of groupIds) {
      const room = this.table.find(connection.appId, groupId);
      if (room !== undefined && connection.rooms.includes(room)) room.people?.came(connection, nowMs);
    }
    return groupIds.length === 0 || this.enter(connection, [LIVE_ROOMS_ID], unregistered);
  }

  leave(connection: Connection, groupIds: readonly string[]): void {
    let hasLeftLive = false;
    for (const groupId of groupIds) {
      const room = this.table.leave(connection, groupId);
      hasLeftLive ||= room?.people !== undefined;
      this.#left(room, connection);
    }
    if (!hasLeftLive || connection.rooms.some(({ people }) => people !== undefined)) return;
    this.#left(this.table.leave(connection, LIVE_ROOMS_ID), connection);
  }

  /** The connection ends. */
  leaveAll(connection: Connection): void {
    while (connection.rooms.length > 0) this.#left(this.table.leaveLast(connection), connection);
  }

  #left(room: LocalRoom | undefined, connection: Connection): void {
    if (room === undefined) return;
    room.people?.went(connection);
    if (room.members.length === 0) this.registrar.emptied(room);
    else this.registrar.peopleChanged(room);
  }
}
