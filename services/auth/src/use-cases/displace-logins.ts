// Logins that end because another one took their place: remembered for their tickets, then sent away.
import type { Delivery, Session, SessionRegistry } from '@parley/delivery';
import type { AppId, UserId } from '@parley/kernel';
import { ByeCode } from '@parley/wire';
import type { Displaced, Displacement } from '../domain/decide-login.js';
import type { AuthEvents } from '../events.js';
import { EndedBy, type EndedLoginStore } from '../stores/ended-login-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';

const BYE_CODE: Readonly<Record<Displacement, ByeCode>> = {
  replaced: ByeCode.LOGGED_OUT,
  'other-device': ByeCode.KICKED_BY_OTHER_DEVICE,
  'same-platform': ByeCode.KICKED_BY_SAME_PLATFORM,
};

/** A connection that its own instance replaced leaves no mark: the instance goes on. */
const ENDED_BY: Readonly<Record<Displacement, EndedBy | undefined>> = {
  replaced: undefined,
  'other-device': EndedBy.OTHER_DEVICE,
  'same-platform': EndedBy.SAME_PLATFORM,
};

export interface DisplaceLoginsDeps {
  readonly sessions: SessionRegistry;
  readonly delivery: Delivery;
  readonly endedLogins: EndedLoginStore;
  readonly generations: LoginGenerations;
  readonly events: AuthEvents;
}

export class DisplaceLogins {
  constructor(private readonly deps: DisplaceLoginsDeps) {}

  /** From when it resolves their tickets are worth nothing. */
  async mark(appId: AppId, userId: UserId, displaced: readonly Displaced<Session>[]): Promise<void> {
    const { endedLogins, generations } = this.deps;
    const marks = displaced.flatMap(({ session, why }) => {
      const endedBy = ENDED_BY[why];
      return endedBy === undefined ? [] : [endedLogins.add(appId, userId, session, endedBy)];
    });
    if (marks.length === 0) return;
    await Promise.all(marks);
    await generations.advance(appId, userId);
  }

  async sendAway(appId: AppId, userId: UserId, displaced: readonly Displaced<Session>[]): Promise<void> {
    await Promise.all(displaced.map((one) => this.sendOneAway(appId, userId, one)));
  }

  private async sendOneAway(appId: AppId, userId: UserId, one: Displaced<Session>): Promise<void> {
    const { session, why } = one;
    await this.deps.sessions.unregister(appId, userId, { ...session, isLogout: true });
    try {
      await this.deps.delivery.disconnect([session], BYE_CODE[why], 'another login took the place');
    } catch (cause) {
      // Its node is away or dead: that must not keep anybody from logging in elsewhere.
      this.deps.events.displacementFailed(appId, userId, session.connectionId, cause);
    }
  }
}
