// What follows from a deletion: the record that tells the others, and the end of the logins. The account's row says that
// it is still to be done, so whoever comes across it does it; every step can be repeated, by two at once too.
import { create, toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import type { AppId, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { type Account, closeDeletion } from '../domain/account.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { LoginGenerations } from '../stores/login-generations.js';
import type { OpenDeletionStore } from '../stores/open-deletion-store.js';
import type { EndLogins } from './end-logins.js';

export interface FinishDeletionDeps {
  readonly accounts: AccountStore;
  readonly openDeletions: OpenDeletionStore;
  readonly generations: LoginGenerations;
  readonly log: EventLog;
  readonly endLogins: EndLogins;
  readonly events: AuthEvents;
}

export class FinishDeletion {
  constructor(private readonly deps: FinishDeletionDeps) {}

  /** Does nothing to an account whose deletion is finished, or that lives. */
  async run(appId: AppId, account: Account): Promise<void> {
    const { accounts, openDeletions, generations, log, endLogins, events } = this.deps;
    const { userId } = account;
    if (account.openDeletion === undefined) return;
    await log.append(accountEventsTopic, `${appId}/${userId}`, recordOf(appId, account));
    await generations.advance(appId, userId);
    await events.accountChanged(appId, userId);
    await endLogins.disconnect(appId, userId);
    await accounts.change(appId, userId, (stored) => closeDeletion(stored, account.livesBefore));
    await openDeletions.remove(appId, userId);
  }

  /** The same for an account that may have changed since. */
  async runFor(appId: AppId, userId: UserId): Promise<void> {
    const account = await this.deps.accounts.get(appId, userId);
    if (account) await this.run(appId, account);
  }
}

function recordOf(appId: AppId, account: Account): Uint8Array {
  const record = create(authv1.AccountEventSchema, {
    appId,
    userId: account.userId,
    timeMs: BigInt(account.deletedAtMs),
    life: account.livesBefore + 1,
    event: { case: 'deleted', value: { operator: account.openDeletion?.operator ?? '' } },
  });
  return toBinary(authv1.AccountEventSchema, record);
}
