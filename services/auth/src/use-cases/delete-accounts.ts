// Accounts are deleted: a tombstone stays, logins end, the name is locked for a while.
import {
  ACCOUNTS_PER_BATCH_MAX,
  type AppId,
  ChatError,
  type Clock,
  ErrorCode,
  isUserId,
} from '@parley/kernel';
import { isLive, toTombstone } from '../domain/account.js';
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

/** How long after a deletion a retry of it may come: longer than any call lives. */
const RETRY_WINDOW_MS = 60_000;
/** The text of the compatible border. */
const NOT_FOUND_INFO = 'Err_TLS_PT_Open_Login_Account_Not_Exist';

export class DeleteAccounts {
  constructor(private readonly deps: DeleteAccountsDeps) {}

  /**
   * One result an account, in the order asked. A retry finds deleted what the attempt before deleted, and
   * answers success. @throws ChatError 70206 on an illegal number of accounts.
   */
  async run(appId: AppId, userIds: readonly string[], isRetry: boolean): Promise<DeleteResult[]> {
    if (userIds.length < 1 || userIds.length > ACCOUNTS_PER_BATCH_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BATCH_SIZE, `1 to ${ACCOUNTS_PER_BATCH_MAX} accounts at once`);
    }
    return Promise.all(userIds.map((userId) => this.deleteOne(appId, userId, isRetry)));
  }

  private async deleteOne(appId: AppId, userId: string, isRetry: boolean): Promise<DeleteResult> {
    if (!isUserId(userId)) return notFound(userId);
    const nowMs = this.deps.clock.now();
    const retriedFromMs = isRetry ? nowMs - RETRY_WINDOW_MS : Number.POSITIVE_INFINITY;
    let isDeletedByUs = false;
    await this.deps.accounts.change(appId, userId, (stored) => {
      const deletedAtMs = stored?.deletedAtMs ?? 0;
      isDeletedByUs = isLive(stored) || deletedAtMs >= retriedFromMs;
      return isLive(stored) ? toTombstone(stored, nowMs, this.deps.endLogins.nextSecond()) : undefined;
    });
    if (!isDeletedByUs) return notFound(userId);
    await this.deps.events.accountChanged(appId, userId);
    await this.deps.endLogins.disconnect(appId, userId);
    return { userId, code: ErrorCode.UNSPECIFIED, info: '' };
  }
}

const notFound = (userId: string): DeleteResult => ({
  userId,
  code: ErrorCode.ACCOUNT_NOT_FOUND,
  info: NOT_FOUND_INFO,
});
