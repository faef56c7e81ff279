// The sessions of everybody whom some pushes of one app go to, looked up at once.
import { type AppId, ChatError, type UserId } from '@parley/kernel';
import type { SessionRegistry } from './delivery.js';
import type { Session } from './session.js';

const NONE: readonly Session[] = Object.freeze([]);

export class SessionLookup {
  readonly #places = new Map<UserId, number>();
  readonly #userIds: UserId[] = [];
  #found: readonly (readonly Session[])[] = [];
  #failure: ChatError | undefined;

  constructor(private readonly appId: AppId) {}

  /** Why nothing was found. */
  get failure(): ChatError | undefined {
    return this.#failure;
  }

  add(userIds: readonly UserId[]): void {
    for (const userId of userIds) {
      if (this.#places.has(userId)) continue;
      this.#places.set(userId, this.#userIds.length);
      this.#userIds.push(userId);
    }
  }

  /** Does not reject: see failure. */
  async run(sessions: SessionRegistry): Promise<void> {
    try {
      this.#found = await sessions.sessionsOfMany(this.appId, this.#userIds);
    } catch (thrown) {
      this.#failure = ChatError.from(thrown);
    }
  }

  sessionsOf(userId: UserId): readonly Session[] {
    const place = this.#places.get(userId);
    return (place === undefined ? undefined : this.#found[place]) ?? NONE;
  }
}
