// Which accounts exist?
import { type AppId, ChatError, ErrorCode, isUserId, TARGETS_PER_BATCH_MAX } from '@parley/kernel';
import { isLive } from '../domain/account.js';
import type { AccountStore } from '../stores/account-store.js';

export interface AccountState {
  readonly userId: string;
  readonly isImported: boolean;
  readonly isDeleted: boolean;
}

export class CheckAccounts {
  constructor(private readonly accounts: AccountStore) {}

  /** In the order asked; a malformed UserID is one that does not exist. @throws ChatError 70206 on an illegal number. */
  async run(appId: AppId, userIds: readonly string[]): Promise<AccountState[]> {
    if (userIds.length < 1 || userIds.length > TARGETS_PER_BATCH_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BATCH_SIZE, `1 to ${TARGETS_PER_BATCH_MAX} accounts at once`);
    }
    const wellFormed = userIds.filter(isUserId);
    const stored = await this.accounts.getMany(appId, wellFormed);
    const known = new Map(wellFormed.map((userId, index) => [userId as string, stored[index]]));
    return userIds.map((userId) => {
      const account = known.get(userId);
      return { userId, isImported: isLive(account), isDeleted: account !== undefined && !isLive(account) };
    });
  }
}
