// Where some pushes go: the sessions of everybody whom they name and the nodes of all
// their rooms, looked up at once. Each room and each user is asked for once.
import type { AppId, ChatError, NodeId } from '@parley/kernel';
import type { Room, RoomRegistry, SessionRegistry } from './delivery.js';
import type { PendingPush } from './pending-push.js';
import { RoomLookup } from './room-lookup.js';
import { SessionLookup } from './session-lookup.js';

export interface Registries {
  readonly sessions: SessionRegistry;
  readonly rooms: RoomRegistry;
}

const NONE: readonly NodeId[] = Object.freeze([]);

export class TurnLookup {
  readonly #byApp = new Map<AppId, SessionLookup>();
  #rooms: RoomLookup | undefined;

  add(push: PendingPush): void {
    const { room, appId } = push;
    if (room !== undefined) {
      this.#rooms ??= new RoomLookup();
      this.#rooms.add(room);
      return;
    }
    let lookup = this.#byApp.get(appId);
    if (lookup === undefined) {
      lookup = new SessionLookup(appId);
      this.#byApp.set(appId, lookup);
    }
    lookup.add(push.userIds);
  }

  /** Does not reject: see failureOf. */
  async run({ sessions, rooms }: Registries): Promise<void> {
    const running = Array.from(this.#byApp.values(), (lookup) => lookup.run(sessions));
    if (this.#rooms !== undefined) running.push(this.#rooms.run(rooms));
    await Promise.all(running);
  }

  /** Names every failure, of one app's sessions or of the rooms. */
  eachFailure(tell: (failure: ChatError) => void): void {
    for (const { failure } of this.#byApp.values()) if (failure !== undefined) tell(failure);
    if (this.#rooms?.failure !== undefined) tell(this.#rooms.failure);
  }

  sessionsFor(appId: AppId): SessionLookup | undefined {
    return this.#byApp.get(appId);
  }

  nodesOf(room: Room): readonly NodeId[] {
    return this.#rooms?.nodesOf(room) ?? NONE;
  }

  /** Why it is not known where this push goes. */
  failureOf(push: PendingPush): ChatError | undefined {
    return push.room === undefined ? this.#byApp.get(push.appId)?.failure : this.#rooms?.failure;
  }
}
