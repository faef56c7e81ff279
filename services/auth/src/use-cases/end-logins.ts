// Every login of an account ends, and the UserSigs issued so far with it.
import type { Delivery, SessionRegistry } from '@parley/delivery';
import type { AppId, Clock, UserId } from '@parley/kernel';
import { ByeCode } from '@parley/wire';

export interface EndLoginsDeps {
  readonly sessions: SessionRegistry;
  readonly delivery: Delivery;
  readonly clock: Clock;
}

const SECOND_MS = 1000;

export class EndLogins {
  constructor(private readonly deps: EndLoginsDeps) {}

  /** The first second whose UserSigs are valid again: UserSigs know whole seconds only, so the current one is lost. */
  nextSecond(): number {
    return Math.floor(this.deps.clock.now() / SECOND_MS) + 1;
  }

  async disconnect(appId: AppId, userId: UserId): Promise<void> {
    const sessions = await this.deps.sessions.sessionsOf(appId, userId);
    if (sessions.length === 0) return;
    await this.deps.delivery.disconnect(sessions, ByeCode.KICKED_BY_ADMIN, 'the login state was invalidated');
    await Promise.all(
      sessions.map((session) => this.deps.sessions.unregister(appId, userId, { ...session, isLogout: true })),
    );
  }

  /** Waits, at most a second, until a UserSig issued now is valid: a caller that issues one after the answer is never refused. */
  async untilNextSecond(second: number): Promise<void> {
    const waitMs = second * SECOND_MS - this.deps.clock.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, SECOND_MS)));
  }
}
