// An admin invalidates the login state of one account.
import { type AppId, ChatError, ErrorCode, isUserId } from '@parley/kernel';
import { isLive } from '../domain/account.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';
import type { EndLogins } from './end-logins.js';

export interface KickDeps {
  readonly accounts: AccountStore;
  readonly generations: LoginGenerations;
  readonly endLogins: EndLogins;
  readonly events: AuthEvents;
}

export class Kick {
  constructor(private readonly deps: KickDeps) {}

  /** @throws ChatError 70402 for a malformed UserID, 70107 for an unknown account. */
  async run(appId: AppId, userId: string): Promise<void> {
    if (!isUserId(userId))
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, 'UserID is missing or malformed');
    const { accounts, generations, endLogins, events } = this.deps;
    const sigValidFromS = endLogins.nextSecond();
    // Before it too: of a kick that dies half-way no ticket is believed without a look.
    await generations.advance(appId, userId);
    await accounts.change(appId, userId, (stored) => {
      if (!isLive(stored)) throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account does not exist');
      return { ...stored, sigValidFromS };
    });
    await generations.advance(appId, userId);
    await events.accountChanged(appId, userId);
    await endLogins.disconnect(appId, userId);
    await endLogins.untilNextSecond(sigValidFromS);
  }
}
