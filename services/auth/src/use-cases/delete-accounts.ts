// Accounts are deleted: a tombstone stays, the others are told, logins end, the name is locked for a while.
import {
  ACCOUNTS_PER_BATCH_MAX,
  type AppId,
  ChatError,
  type Clock,
  ErrorCode,
  isUserId,
  type UserId,
} from '@parley/kernel';
import { isLive, toTombstone } from '../domain/account.js';
import type { AccountStore } from '../stores/account-store.js';
import type { AppStore } from '../stores/app-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';
import type { OpenDeletionStore } from '../stores/open-deletion-store.js';
import type { EndLogins } from './end-logins.js';
import type { FinishDeletion } from './finish-deletion.js';

export interface DeleteResult {
  readonly userId: string;
  readonly code: ErrorCode;
  readonly info: string;
}

export interface DeleteAccountsDeps {
  readonly apps: AppStore;
  readonly accounts: AccountStore;
  readonly openDeletions: OpenDeletionStore;
  readonly generations: LoginGenerations;
  readonly finishDeletion: FinishDeletion;
  readonly endLogins: EndLogins;
  readonly clock: Clock;
}

export interface Deletion {
  readonly appId: AppId;
  readonly userIds: readonly string[];
  /** Who deletes; empty: an app's back end. */
  readonly operator: string;
  readonly isRetry: boolean;
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
  async run(deletion: Deletion): Promise<DeleteResult[]> {
    const { appId, userIds } = deletion;
    if (userIds.length < 1 || userIds.length > ACCOUNTS_PER_BATCH_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BATCH_SIZE, `1 to ${ACCOUNTS_PER_BATCH_MAX} accounts at once`);
    }
    const app = await this.deps.apps.getFresh(appId);
    const admins: ReadonlySet<string> = new Set(app?.admins);
    return Promise.all(
      userIds.map((userId) => {
        if (!isUserId(userId)) return notFound(userId);
        return admins.has(userId) ? isAdmin(userId) : this.deleteOne(deletion, userId);
      }),
    );
  }

  private async deleteOne({ appId, operator, isRetry }: Deletion, userId: UserId): Promise<DeleteResult> {
    const { accounts, openDeletions, generations, finishDeletion, endLogins, clock } = this.deps;
    const nowMs = clock.now();
    const retriedFromMs = isRetry ? nowMs - RETRY_WINDOW_MS : Number.POSITIVE_INFINITY;
    if (isLive(await accounts.get(appId, userId))) {
      await Promise.all([openDeletions.add(appId, userId), generations.advance(appId, userId)]);
    }
    let isDeletedByUs = false;
    const account = await accounts.change(appId, userId, (stored) => {
      const deletedAtMs = stored?.deletedAtMs ?? 0;
      isDeletedByUs = isLive(stored) || deletedAtMs >= retriedFromMs;
      const sigValidFromS = endLogins.nextSecond();
      return isLive(stored)
        ? toTombstone(stored, { deletedAtMs: nowMs, sigValidFromS, operator })
        : undefined;
    });
    if (account) await finishDeletion.run(appId, account);
    return isDeletedByUs ? { userId, code: ErrorCode.UNSPECIFIED, info: '' } : notFound(userId);
  }
}

const isAdmin = (userId: string): DeleteResult => ({
  userId,
  code: ErrorCode.ACCOUNT_BAD_PARAMETER,
  info: 'an admin of the app cannot be deleted; take the admin’s rights away first',
});

const notFound = (userId: string): DeleteResult => ({
  userId,
  code: ErrorCode.ACCOUNT_NOT_FOUND,
  info: NOT_FOUND_INFO,
});
