// Which accounts exist, as the auth service says.
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { SERVICE_NAME } from '../changing/carry-out.js';

const ACCOUNTS_PER_CALL = 500;

export class AccountLookup {
  constructor(private readonly auth: Client<typeof authv1.AuthService>) {}

  /** Those of `users` that exist. */
  async existing(appId: AppId, users: readonly UserId[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let at = 0; at < users.length; at += ACCOUNTS_PER_CALL) {
      const userIds = users.slice(at, at + ACCOUNTS_PER_CALL);
      const { accounts } = await this.auth.checkAccounts({ userIds }, serviceContext(appId, SERVICE_NAME));
      for (const { userId, isImported } of accounts) if (isImported) found.add(userId);
    }
    return found;
  }

  /** @throws ChatError 10019 */
  async require(appId: AppId, user: UserId): Promise<void> {
    if ((await this.existing(appId, [user])).has(user)) return;
    throw new ChatError(ErrorCode.GROUP_ACCOUNT_NOT_FOUND, 'the account does not exist');
  }
}
