// A room as this node knows it: who of its connections is in it, and how the registry stands to it.
import type { Room } from '@parley/delivery';
import type { AppId, GroupId } from '@parley/kernel';
import type { Connection } from '../connections/connection.js';

/** Told how an attempt to register ended; undefined is success. */
export type RegistrationWaiter = (failure: Error | undefined) => void;

/** What the registry was told of how many people are in a room. */
export class RoomPeople {
  told: number | undefined = undefined;
  /** When they were last counted. */
  countedAtMs = Number.NEGATIVE_INFINITY;
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
