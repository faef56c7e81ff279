// Which accounts exist: the auth service's answer, remembered while it stands.
import type { Coordination } from '@parley/coordination';
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';

const ACCOUNTS_PER_CALL = 500;
/** `auth:changed` carries `<appId> <userId>` or `<appId>`. */
const CHANGED_CHANNEL = 'auth:changed';
/** Notices are sent at most once, so no answer is trusted longer. */
const TRUST_MS = 5 * 60 * 1_000;

interface Question {
  readonly user: UserId;
  readonly answer: (exists: boolean) => void;
  readonly fail: (error: unknown) => void;
}

export interface AccountDirectoryOptions {
  readonly auth: Client<typeof authv1.AuthService>;
  readonly coordination: Coordination;
  readonly clock: Clock;
  /** Accounts remembered at once. */
  readonly accountsMax: number;
}

export class AccountDirectory {
  /** Key → until when it is trusted; in the order of asking, so the first is the oldest. */
  readonly #known = new Map<string, number>();
  readonly #questions = new Map<AppId, Question[]>();
  #changes = 0;
  #subscription: { close(): Promise<void> } | undefined;

  constructor(private readonly options: AccountDirectoryOptions) {}

  async start(): Promise<void> {
    this.#subscription = await this.options.coordination.subscribe(CHANGED_CHANNEL, (notice) =>
      this.#forget(notice),
    );
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  /** Whether the account is known to exist, without asking anybody. */
  isKnown(appId: AppId, user: UserId): boolean {
    const until = this.#known.get(keyOf(appId, user));
    return until !== undefined && until > this.options.clock.now();
  }

  /** Whether the account exists. Questions of one turn become one call; only a yes is remembered. */
  exists(appId: AppId, user: UserId): Promise<boolean> {
    if (this.isKnown(appId, user)) return Promise.resolve(true);
    return new Promise((answer, fail) => {
      const question = { user, answer, fail };
      const waiting = this.#questions.get(appId);
      if (waiting !== undefined) {
        waiting.push(question);
        return;
      }
      this.#questions.set(appId, [question]);
      queueMicrotask(() => this.#askAll(appId));
    });
  }

  #askAll(appId: AppId): void {
    const questions = this.#questions.get(appId) ?? [];
    this.#questions.delete(appId);
    for (let at = 0; at < questions.length; at += ACCOUNTS_PER_CALL) {
      const some = questions.slice(at, at + ACCOUNTS_PER_CALL);
      this.#ask(appId, some).catch((error: unknown) => {
        for (const question of some) question.fail(error);
      });
    }
  }

  async #ask(appId: AppId, questions: readonly Question[]): Promise<void> {
    const changesBefore = this.#changes;
    const userIds = [...new Set(questions.map((question) => question.user as string))];
    const context = serviceContext(appId, 'message' as UserId);
    const { accounts } = await this.options.auth.checkAccounts({ userIds }, context);
    const existing = new Set(accounts.filter((account) => account.isImported).map((one) => one.userId));
    // An account that changed while the answer was on its way may be in it as it was before.
    if (changesBefore === this.#changes) for (const user of existing) this.#remember(appId, user as UserId);
    for (const question of questions) question.answer(existing.has(question.user));
  }

  #remember(appId: AppId, user: UserId): void {
    const key = keyOf(appId, user);
    this.#known.delete(key);
    this.#known.set(key, this.options.clock.now() + TRUST_MS);
    if (this.#known.size <= this.options.accountsMax) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      break;
    }
  }

  #forget(notice: string): void {
    this.#changes++;
    const [app, ...user] = notice.split(' ');
    if (user.length > 0) this.#known.delete(`${app} ${user.join(' ')}`);
    else this.#known.clear();
  }
}

const keyOf = (appId: AppId, user: UserId): string => `${appId} ${user}`;
