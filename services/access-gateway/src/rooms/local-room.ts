// A room as this node knows it: who of its connections is in it, and how the registry stands to it.
import type { Room } from '@parley/delivery';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import type { Connection } from '../connections/connection.js';

/** Told how an attempt to register ended; undefined is success. */
export type RegistrationWaiter = (failure: Error | undefined) => void;

/** Connections whose coming is remembered: the newest. Source: rest-groups.md 5 get_members. */
const NEWEST_MAX = 1_000;

/** A visitor as a node knows him. */
export interface RoomVisitor {
  readonly userId: UserId;
  readonly sinceMs: number;
}

/** The people of a room that are counted: what the registry was told of their number, and who came last. */
export class RoomPeople {
  /** When they came, the oldest first. */
  readonly #newest = new Map<Connection, number>();
  told: number | undefined = undefined;
  /** When they were last counted. */
  countedAtMs = Number.NEGATIVE_INFINITY;

  /** Coming twice is coming once. */
  came(connection: Connection, nowMs: number): void {
    if (this.#newest.has(connection)) return;
    this.#newest.set(connection, nowMs);
    if (this.#newest.size <= NEWEST_MAX) return;
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }

  went(connection: Connection): void {
    this.#newest.delete(connection);
  }

  /** Who came last comes first; who is there with several devices is there since the first of them came. */
  newest(limit: number): RoomVisitor[] {
    const since = new Map<UserId, number>();
    for (const [{ userId }, sinceMs] of this.#newest) if (!since.has(userId)) since.set(userId, sinceMs);
    const visitors = Array.from(since, ([userId, sinceMs]) => ({ userId, sinceMs }));
    return visitors.slice(-limit).reverse();
  }
}

export class LocalRoom implements Room {
  /** In no particular order. Replaced or changed by the table only. */
  members: Connection[] = [];
  /** The registry names this node. */
  isRegistered = false;
  /** It was tried, so an entry has to be taken out. */
  mayBeRegistered = false;
  /** Registering failed: members may have missed pushes, and are told so once it works. */
  isLate = false;
  waiters: RegistrationWaiter[] | undefined = undefined;
  /** Undefined: the registry does not want to know how many people are in it. */
  people: RoomPeople | undefined = undefined;

  constructor(
    readonly appId: AppId,
    readonly groupId: GroupId,
  ) {}
}
