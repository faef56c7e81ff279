// Which accounts exist, as the auth service says.
import type { AppId, UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';

/** As whom the service calls others. */
export const SERVICE_NAME = 'profile' as UserId;
const ACCOUNTS_PER_CALL = 500;

export class Accounts {
  constructor(private readonly auth: Client<typeof authv1.AuthService>) {}

  /** Those of `users` that exist; a malformed UserID does not. */
  async existing(appId: AppId, users: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let at = 0; at < users.length; at += ACCOUNTS_PER_CALL) {
      const userIds = users.slice(at, at + ACCOUNTS_PER_CALL);
      const { accounts } = await this.auth.checkAccounts({ userIds }, serviceContext(appId, SERVICE_NAME));
      for (const { userId, isImported } of accounts) if (isImported) found.add(userId);
    }
    return found;
  }
}
