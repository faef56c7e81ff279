// The gateway nodes of all rooms that some pushes go to, of whatever apps, looked up at once.
import { ChatError, type NodeId } from '@parley/kernel';
import type { Room, RoomRegistry } from './delivery.js';
import { roomKeyOf } from './room-registry.js';

const NONE: readonly NodeId[] = Object.freeze([]);

export class RoomLookup {
  readonly #places = new Map<string, number>();
  readonly #rooms: Room[] = [];
  #found: readonly (readonly NodeId[])[] = [];
  #failure: ChatError | undefined;

  /** Why nothing was found. */
  get failure(): ChatError | undefined {
    return this.#failure;
  }

  add(room: Room): void {
    const key = roomKeyOf(room);
    if (this.#places.has(key)) return;
    this.#places.set(key, this.#rooms.length);
    this.#rooms.push(room);
  }

  /** Does not reject: see failure. */
  async run(rooms: RoomRegistry): Promise<void> {
    try {
      this.#found = await rooms.nodesOfMany(this.#rooms);
    } catch (thrown) {
      this.#failure = ChatError.from(thrown);
    }
  }

  nodesOf(room: Room): readonly NodeId[] {
    const place = this.#places.get(roomKeyOf(room));
    return (place === undefined ? undefined : this.#found[place]) ?? NONE;
  }
}
