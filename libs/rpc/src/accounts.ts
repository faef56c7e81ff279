// Which accounts exist, as the auth service says.
import type { AppId, UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { serviceContext } from './call-context.js';
import type { Client } from './transport.js';

const ACCOUNTS_PER_CALL = 500;

/** Remembers nothing: what it says held when auth answered. */
export class Accounts {
  /** `asker`: the service in whose name auth is asked. */
  constructor(
    private readonly auth: Client<typeof authv1.AuthService>,
    private readonly asker: UserId,
  ) {}

  /** Those of `users` that exist; a malformed UserID does not. @throws ChatError where auth does not answer. */
  async existing(appId: AppId, users: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let at = 0; at < users.length; at += ACCOUNTS_PER_CALL) {
      const userIds = users.slice(at, at + ACCOUNTS_PER_CALL);
      const { accounts } = await this.auth.checkAccounts({ userIds }, serviceContext(appId, this.asker));
      for (const { userId, isImported } of accounts) if (isImported) found.add(userId);
    }
    return found;
  }
}
