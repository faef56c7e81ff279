// Which gateway nodes have connections in a room: one hash per room with a field per node, whose value is
// how many people the node has there, where that is counted.
// Entries of a node without a lease are not returned, and are removed when somebody comes across them.
import type { Coordination, Hash } from '@parley/coordination';
import type { Clock, NodeId } from '@parley/kernel';
import { DeadEntries } from './dead-entries.js';
import type { Room, RoomRegistry } from './delivery.js';
import { LeaseBook } from './lease-book.js';
import { readHashes } from './read-hashes.js';

export interface RoomRegistryOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
}

/**
 * Answers may name a node for up to a second after its lease ended. Rejects with the codes of
 * Coordination, which holds at most 10,000 nodes of one room.
 */
export const createRoomRegistry = (options: RoomRegistryOptions): RoomRegistry =>
  new CoordinatedRooms(options);

const NONE: readonly NodeId[] = Object.freeze([]);
/** The value of a node that does not count: that there is a field says all. */
const HERE = '-';

export const roomKeyOf = ({ appId, groupId }: Room): string => `rooms:{${appId}:${groupId}}`;

class CoordinatedRooms implements RoomRegistry {
  readonly #coordination: Coordination;
  readonly #leases: LeaseBook;
  readonly #deadEntries: DeadEntries;

  constructor(options: RoomRegistryOptions) {
    this.#coordination = options.coordination;
    this.#leases = new LeaseBook(options.coordination, options.clock);
    this.#deadEntries = new DeadEntries(options.coordination, this.#leases);
  }

  async register(room: Room, nodeId: NodeId, people?: number): Promise<void> {
    const value = people === undefined ? HERE : String(people);
    await this.#coordination.hashSet(roomKeyOf(room), { [nodeId]: value });
  }

  async unregister(room: Room, nodeId: NodeId): Promise<void> {
    await this.#coordination.hashDelete(roomKeyOf(room), [nodeId]);
  }

  async nodesOfMany(rooms: readonly Room[]): Promise<readonly (readonly NodeId[])[]> {
    const keys = rooms.map(roomKeyOf);
    const hashes = await readHashes(this.#coordination, keys);
    const registered = hashes.map(nodesIn);
    await this.#askAboutUnknown(registered);
    return registered.map((nodeIds, at) => this.#onlyLive(nodeIds, keys[at], hashes[at]));
  }

  async countPeople(room: Room): Promise<number> {
    const key = roomKeyOf(room);
    const [hash = {}] = await readHashes(this.#coordination, [key]);
    const nodeIds = nodesIn(hash);
    await this.#askAboutUnknown([nodeIds]);
    return this.#onlyLive(nodeIds, key, hash).reduce((sum, nodeId) => sum + peopleIn(hash[nodeId]), 0);
  }

  async #askAboutUnknown(registered: readonly (readonly NodeId[])[]): Promise<void> {
    let unknown: Set<NodeId> | undefined;
    for (const nodeIds of registered) {
      for (const nodeId of nodeIds) {
        if (this.#leases.isKnown(nodeId)) continue;
        unknown ??= new Set();
        unknown.add(nodeId);
      }
    }
    if (unknown !== undefined) await this.#leases.ask(unknown);
  }

  #onlyLive(nodeIds: readonly NodeId[], key: string | undefined, hash: Hash | undefined): readonly NodeId[] {
    if (nodeIds.every((nodeId) => this.#leases.isLive(nodeId))) return nodeIds;
    const dead = nodeIds.filter((nodeId) => !this.#leases.isLive(nodeId));
    if (key !== undefined && hash !== undefined) {
      this.#deadEntries.removeLater(
        key,
        hash,
        dead.map((nodeId) => ({ field: nodeId, nodeId })),
      );
    }
    return nodeIds.filter((nodeId) => this.#leases.isLive(nodeId));
  }
}

function nodesIn(hash: Hash): readonly NodeId[] {
  const nodeIds = Object.keys(hash);
  return nodeIds.length === 0 ? NONE : (nodeIds as NodeId[]);
}

function peopleIn(value: string | undefined): number {
  const people = Number(value);
  return Number.isSafeInteger(people) && people > 0 ? people : 0;
}
