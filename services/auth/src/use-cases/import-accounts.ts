// Accounts are made: one or up to a hundred at once, each with its own result.
import {
  ACCOUNTS_PER_BATCH_MAX,
  type AppId,
  ChatError,
  type Clock,
  ErrorCode,
  type UserId,
} from '@parley/kernel';
import {
  type AccountInput,
  checkAccountInput,
  decideImport,
  type ImportDecision,
  type ImportRules,
} from '../domain/account.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { FinishDeletion } from './finish-deletion.js';

export interface AccountFailure {
  readonly userId: string;
  readonly code: ErrorCode;
  readonly info: string;
}

export interface ImportAccountsDeps {
  readonly accounts: AccountStore;
  readonly finishDeletion: FinishDeletion;
  readonly clock: Clock;
  readonly events: AuthEvents;
  readonly deletedLockDays: number;
}

export class ImportAccounts {
  constructor(private readonly deps: ImportAccountsDeps) {}

  /** Creates or updates the account. @throws ChatError 70402, 40601 or 70399. */
  async importOne(appId: AppId, input: AccountInput): Promise<void> {
    const userId = checkAccountInput(input);
    const rules = { nowMs: this.deps.clock.now(), deletedLockDays: this.deps.deletedLockDays };
    let decision = await this.decide(appId, { ...input, userId }, rules);
    if (decision === 'finish-deletion') {
      await this.deps.finishDeletion.runFor(appId, userId);
      decision = await this.decide(appId, { ...input, userId }, rules);
    }
    if (decision === 'create' || decision === 'update') await this.deps.events.accountChanged(appId, userId);
  }

  private async decide(
    appId: AppId,
    input: AccountInput & { userId: UserId },
    rules: ImportRules,
  ): Promise<ImportDecision['kind']> {
    let kind: ImportDecision['kind'] = 'unchanged';
    await this.deps.accounts.change(appId, input.userId, (stored) => {
      const decision = decideImport(stored, input, rules);
      kind = decision.kind;
      if (decision.kind === 'locked') {
        throw new ChatError(
          ErrorCode.ACCOUNT_DELETED_RECENTLY,
          'the account was deleted; its UserID is still locked',
        );
      }
      return 'account' in decision ? decision.account : undefined;
    });
    return kind;
  }

  /** Answers those that failed. @throws ChatError 70206 on an illegal number of accounts. */
  async run(appId: AppId, inputs: readonly AccountInput[]): Promise<AccountFailure[]> {
    if (inputs.length < 1 || inputs.length > ACCOUNTS_PER_BATCH_MAX) {
      throw new ChatError(ErrorCode.ACCOUNT_BATCH_SIZE, `1 to ${ACCOUNTS_PER_BATCH_MAX} accounts at once`);
    }
    const results = await Promise.all(inputs.map((input) => this.tryOne(appId, input)));
    return results.filter((failure) => failure !== undefined);
  }

  private async tryOne(appId: AppId, input: AccountInput): Promise<AccountFailure | undefined> {
    try {
      await this.importOne(appId, input);
      return undefined;
    } catch (thrown) {
      const { code, info, isRetryable } = ChatError.from(thrown);
      // What is wrong with the platform fails the call; what is wrong with one account fails that one.
      if (code === ErrorCode.INTERNAL || isRetryable) throw thrown;
      return { userId: input.userId, code, info };
    }
  }
}
