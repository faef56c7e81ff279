// Which connections of this node are in which rooms. Structure only; see Rooms.
//
// Both directions are plain arrays: a room has its members, a connection its rooms and, beside them, its
// place among the members of each. So leaving takes one step however large the room is. A membership is
// 24 bytes of entries. Measured with all that is around them: 33 to 36 bytes per membership where connections
// are in ten rooms or more of hundreds, 98 in rooms of four, 125 where a connection is in one room only.
import type { AppId, GroupId } from '@parley/kernel';
import type { Connection } from '../connections/connection.js';
import { LocalRoom } from './local-room.js';

const NO_ONE: readonly Connection[] = Object.freeze([]);
/** Up to here an array is copied to grow: its own way of growing adds sixteen places at once. */
const COPIED_UP_TO = 16;

const keyOf = (appId: number, groupId: string): string => `${appId}:${groupId}`;

export class RoomTable {
  readonly #rooms = new Map<string, LocalRoom>();
  #memberships = 0;

  /** Rooms with members, and those that are kept for a while without. */
  get size(): number {
    return this.#rooms.size;
  }

  get memberships(): number {
    return this.#memberships;
  }

  all(): IterableIterator<LocalRoom> {
    return this.#rooms.values();
  }

  find(appId: number, groupId: string): LocalRoom | undefined {
    return this.#rooms.get(keyOf(appId, groupId));
  }

  /** Leaving while going through them is safe for who goes from the end to the start. */
  membersOf(appId: number, groupId: string): readonly Connection[] {
    return this.#rooms.get(keyOf(appId, groupId))?.members ?? NO_ONE;
  }

  /** The room, made if need be. Entering twice is entering once. */
  enter(connection: Connection, groupId: string): LocalRoom {
    const room = this.#roomOf(connection.appId, groupId);
    if (connection.rooms.includes(room)) return room;
    connection.rooms = appended(connection.rooms, room);
    connection.roomPlaces = appended(connection.roomPlaces, room.members.length);
    room.members = appended(room.members, connection);
    this.#memberships += 1;
    return room;
  }

  /** The room that the connection has left; undefined when it was not in it. */
  leave(connection: Connection, groupId: string): LocalRoom | undefined {
    const room = this.#rooms.get(keyOf(connection.appId, groupId));
    const at = room === undefined ? -1 : connection.rooms.indexOf(room);
    return at < 0 ? undefined : this.#leaveAt(connection, at);
  }

  /** The room that the connection had entered last, which it has left; undefined when it is in none. */
  leaveLast(connection: Connection): LocalRoom | undefined {
    return this.#leaveAt(connection, connection.rooms.length - 1);
  }

  /** Forgets a room without members. */
  remove(room: LocalRoom): void {
    if (room.members.length === 0) this.#rooms.delete(keyOf(room.appId, room.groupId));
  }

  #roomOf(appId: AppId, groupId: string): LocalRoom {
    const key = keyOf(appId, groupId);
    let room = this.#rooms.get(key);
    if (room === undefined) {
      room = new LocalRoom(appId, groupId as GroupId);
      this.#rooms.set(key, room);
    }
    return room;
  }

  #leaveAt(connection: Connection, at: number): LocalRoom | undefined {
    const room = connection.rooms[at];
    const place = connection.roomPlaces[at];
    if (room === undefined || place === undefined) return undefined;
    takeOut(connection.rooms, at);
    takeOut(connection.roomPlaces, at);
    takeOut(room.members, place);
    const moved = room.members[place];
    if (moved !== undefined) moved.roomPlaces[moved.rooms.indexOf(room)] = place;
    this.#memberships -= 1;
    return room;
  }
}

function appended<T>(list: T[], one: T): T[] {
  if (list.length === 0) return [one];
  if (list.length < COPIED_UP_TO) return list.concat([one]); // not [...list, one], which leaves places free
  list.push(one);
  return list;
}

/** The last one takes the place. */
function takeOut<T>(list: T[], at: number): void {
  const last = list.pop();
  if (last !== undefined && at < list.length) list[at] = last;
}
