// A client logs out: its connection is nobody's any more, and its ticket is worth nothing.
import type { SessionRegistry } from '@parley/delivery';
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { EndedBy, type EndedLoginStore } from '../stores/ended-login-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';

export interface LogOutDeps {
  readonly sessions: SessionRegistry;
  readonly endedLogins: EndedLoginStore;
  readonly generations: LoginGenerations;
}

export class LogOut {
  constructor(private readonly deps: LogOutDeps) {}

  /** Unknown connections are none of our business. */
  async run(appId: AppId, userId: UserId, connectionId: ConnectionId): Promise<void> {
    const { sessions, endedLogins, generations } = this.deps;
    const own = await sessions.sessionsOf(appId, userId);
    const session = own.find((one) => one.connectionId === connectionId);
    if (session === undefined) return;
    await endedLogins.add(appId, userId, session, EndedBy.LOGOUT);
    await generations.advance(appId, userId);
    await sessions.unregister(appId, userId, { ...session, isLogout: true });
  }
}
