// Accounts are deleted: a tombstone stays, logins end, the name is locked for a while.
import {
  ACCOUNTS_PER_BATCH_MAX,
  type AppId,
  ChatError,
  type Clock,
  ErrorCode,
  isUserId,
} from '@parley/kernel';
import { isLive } from '../domain/account.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { EndLogins } from './end-logins.js';

export interface DeleteResult {
  readonly userId: string;
  readonly code: ErrorCode;
  readonly info: string;
}

export interface DeleteAccountsDeps {
  readonly accounts: AccountStore;
  readonly endLogins: EndLogins;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

const NOT_FOUND_INFO = 'Err_TLS_PT_Open_Login_Account_Not_Exist';

export class DeleteAccounts {
  constructor(private readonly deps: DeleteAccountsDeps) {}

  /** One result an account, in the order asked. @throws ChatError 70206 on an illegal number of accounts. */
  async run(appId: AppId, userIds: readonly string[]): Promise<DeleteResult[]> {
    if (userIds.length < 1 || userIds.length > ACCOUNTS_PER_BATCH_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BATCH_SIZE, `1 to ${ACCOUNTS_PER_BATCH_MAX} accounts at once`);
    }
    return Promise.all(userIds.map((userId) => this.deleteOne(appId, userId)));
  }

  private async deleteOne(appId: AppId, userId: string): Promise<DeleteResult> {
    if (!isUserId(userId)) return { userId, code: ErrorCode.ACCOUNT_NOT_FOUND, info: NOT_FOUND_INFO };
    let wasLive = false;
    await this.deps.accounts.change(appId, userId, (stored) => {
      wasLive = isLive(stored);
      if (!isLive(stored)) return undefined;
      const deletedAtMs = this.deps.clock.now();
      return {
        ...stored,
        nick: '',
        faceUrl: '',
        deletedAtMs,
        sigValidFromS: this.deps.endLogins.nextSecond(),
      };
    });
    if (!wasLive) return { userId, code: ErrorCode.ACCOUNT_NOT_FOUND, info: NOT_FOUND_INFO };
    await this.deps.events.accountChanged(appId, userId);
    await this.deps.endLogins.disconnect(appId, userId);
    return { userId, code: ErrorCode.UNSPECIFIED, info: '' };
  }
}
