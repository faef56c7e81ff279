// Brings a connection into the rooms of its user's groups: at the login before the Welcome, or, if the group
// service does not answer then, as soon as it does, with a Resync for what was missed.
//
// The group service may change a user's rooms while it is being asked about them. Such a change is newer than
// the answer may be: whoever has left a room meanwhile is not brought back into it (ADR 0010).
import { ChatError, type Clock } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { encodeResyncFrame } from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { Outbox } from '../connections/outbox.js';
import { frameEncoded } from '../connections/websocket-frame.js';
import type { GatewayEvents } from '../events.js';
import type { LocalRoom } from '../rooms/local-room.js';
import type { RoomRegistrar } from '../rooms/room-registrar.js';
import type { Rooms } from '../rooms/rooms.js';

export interface JoinRoomsOptions {
  readonly groups: Pick<Client<typeof groupv1.GroupService>, 'listRooms'>;
  readonly rooms: Rooms;
  readonly registrar: RoomRegistrar;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
  readonly clock: Clock;
}

/** How long a login waits for the group service, ms. */
export const LIST_ROOMS_DEADLINE_MS = 2_000;
/** Connections that are tried again together. */
const RETRIES_AT_ONCE = 64;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

export class JoinRooms {
  /** Groups that a connection has left while its rooms are being asked for. */
  readonly #asking = new Map<Connection, Set<string>>();
  /** Connections whose rooms are not known. Those that end are dropped with the next retry. */
  readonly #without = new Set<Connection>();
  #isRetrying = false;
  #retryMs = RETRY_MS_MIN;
  #retryAtMs = 0;

  constructor(private readonly parts: JoinRoomsOptions) {}

  /** At the login. Never rejects: what fails is tried again. */
  async run(connection: Connection): Promise<void> {
    const failure = await this.#join(connection);
    if (failure === undefined || !connection.isLive) return;
    this.#without.add(connection);
    this.parts.events.roomsNotListed(1, failure);
  }

  /** Somebody changes rooms of a connection; see above. */
  changing(connection: Connection, enter: readonly string[], leave: readonly string[]): void {
    const left = this.#asking.get(connection);
    if (left === undefined) return;
    for (const groupId of leave) left.add(groupId);
    for (const groupId of enter) left.delete(groupId);
  }

  tick(): void {
    for (const connection of this.parts.registrar.takeLate()) this.#resync(connection);
    if (this.#without.size === 0 || this.#isRetrying || this.parts.clock.now() < this.#retryAtMs) return;
    this.#isRetrying = true;
    void this.#retry();
  }

  /** Answers why the rooms are not known. */
  async #join(connection: Connection): Promise<ChatError | undefined> {
    const left = new Set<string>();
    this.#asking.set(connection, left);
    let unregistered: Set<LocalRoom>;
    try {
      const groupIds = await this.#list(connection);
      if (!connection.isLive || groupIds.length === 0) return undefined;
      unregistered = this.#enter(
        connection,
        groupIds.filter((groupId) => !left.has(groupId)),
      );
    } catch (thrown) {
      return ChatError.from(thrown);
    } finally {
      this.#asking.delete(connection);
    }
    if (unregistered.size > 0) await this.#registered(unregistered);
    return undefined;
  }

  async #list({ appId, userId }: Connection): Promise<readonly string[]> {
    const { groups, clock } = this.parts;
    const context = { ...serviceContext(appId, userId), deadlineMs: clock.now() + LIST_ROOMS_DEADLINE_MS };
    const { groupIds } = await groups.listRooms({ user: userId }, context);
    return groupIds;
  }

  #enter(connection: Connection, groupIds: readonly string[]): Set<LocalRoom> {
    const unregistered = new Set<LocalRoom>();
    if (!this.parts.rooms.enter(connection, groupIds, unregistered)) {
      this.parts.events.tooManyRooms(connection);
    }
    return unregistered;
  }

  async #registered(rooms: Set<LocalRoom>): Promise<void> {
    try {
      await this.parts.registrar.whenRegistered(rooms);
    } catch {
      // The registrar has logged it; it goes on trying, and a Resync comes once it has worked.
    }
  }

  /** Batch after batch, until one fails. */
  async #retry(): Promise<void> {
    let failure: ChatError | undefined;
    while (this.#without.size > 0 && failure === undefined) failure = await this.#retrySome();
    this.#isRetrying = false;
    if (failure === undefined) {
      this.#retryMs = RETRY_MS_MIN;
      return;
    }
    this.#retryAtMs = this.parts.clock.now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
    this.parts.events.roomsNotListed(this.#without.size, failure);
  }

  async #retrySome(): Promise<ChatError | undefined> {
    const some: Connection[] = [];
    for (const connection of this.#without) {
      this.#without.delete(connection);
      if (connection.isLive) some.push(connection);
      if (some.length === RETRIES_AT_ONCE) break;
    }
    const failures = await Promise.all(some.map((connection) => this.#join(connection)));
    for (const [at, connection] of some.entries()) {
      if (failures[at] === undefined) this.#resync(connection);
      else if (connection.isLive) this.#without.add(connection);
    }
    return failures.find((failure) => failure !== undefined);
  }

  #resync(connection: Connection): void {
    const { outbox, closer } = this.parts;
    if (!connection.isLive) return;
    // The Welcome comes first; a Resync right behind it makes up for this one.
    if (connection.state !== ConnectionState.OPEN) connection.missedPush = true;
    else if (!outbox.enqueue(connection, frameEncoded(encodeResyncFrame()))) {
      closer.end(connection, 'slow_reader', 'pushes are read too slowly');
    }
  }
}
