// An operator keeps an account out, or lets it in again.
import { ChatError, ErrorCode, isUserId, toAppId } from '@parley/kernel';
import { isLive } from '../domain/account.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';
import type { EndLogins } from './end-logins.js';

export interface BlockAccountDeps {
  readonly accounts: AccountStore;
  readonly generations: LoginGenerations;
  readonly endLogins: EndLogins;
  readonly events: AuthEvents;
}

export interface Block {
  readonly appId: number;
  readonly userId: string;
  readonly blocked: boolean;
}

export class BlockAccount {
  constructor(private readonly deps: BlockAccountDeps) {}

  /** @throws ChatError 70402 for a malformed UserID, 70107 for an unknown account. */
  async run({ appId: sdkAppId, userId, blocked }: Block): Promise<void> {
    if (!isUserId(userId))
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, 'UserID is missing or malformed');
    const { accounts, generations, endLogins, events } = this.deps;
    const appId = toAppId(sdkAppId);
    await accounts.change(appId, userId, (stored) => {
      if (!isLive(stored)) throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account does not exist');
      return { ...stored, isBlocked: blocked };
    });
    await generations.advance(appId, userId);
    await events.accountChanged(appId, userId);
    if (blocked) await endLogins.disconnect(appId, userId);
  }
}
