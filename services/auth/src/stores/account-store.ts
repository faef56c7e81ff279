// Account rows ⇄ accounts. Every change is a compare-and-set: two imports, or an
// import and a kick, never overwrite one another.
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import type { Row, TableStore } from '@parley/table-store';
import type { Account } from '../domain/account.js';
import { accounts } from '../tables.js';

type AccountRow = Row<typeof accounts>;

const fromRow = (row: AccountRow): Account => ({
  userId: row.user_id as UserId,
  nick: row.nick,
  faceUrl: row.face_url,
  createdAtMs: Number(row.created_at_ms),
  deletedAtMs: Number(row.deleted_at_ms),
  sigValidFromS: Number(row.sig_valid_from_s),
});

const toRow = (appId: AppId, account: Account): AccountRow => ({
  app_id: appId,
  user_id: account.userId,
  nick: account.nick,
  face_url: account.faceUrl,
  created_at_ms: BigInt(account.createdAtMs),
  deleted_at_ms: BigInt(account.deletedAtMs),
  sig_valid_from_s: BigInt(account.sigValidFromS),
});

const ATTEMPTS_MAX = 8;

export class AccountStore {
  constructor(private readonly tables: TableStore) {}

  async get(appId: AppId, userId: UserId): Promise<Account | undefined> {
    const row = await this.tables.get(accounts, { app_id: appId, user_id: userId });
    return row && fromRow(row);
  }

  /** In the order asked. */
  async getMany(appId: AppId, userIds: readonly UserId[]): Promise<(Account | undefined)[]> {
    const rows = await this.tables.getMany(
      accounts,
      userIds.map((userId) => ({ app_id: appId, user_id: userId })),
    );
    return rows.map((row) => row && fromRow(row));
  }

  /**
   * Puts what `decide` makes of the stored account; `decide` runs again when somebody
   * else was faster. Undefined leaves everything as it is. Answers the account that stands afterwards.
   * @throws ChatError 70500 when the row changes faster than it can be followed.
   */
  async change(
    appId: AppId,
    userId: UserId,
    decide: (stored: Account | undefined) => Account | undefined,
  ): Promise<Account | undefined> {
    const key = { app_id: appId, user_id: userId };
    let row = await this.tables.get(accounts, key);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const next = decide(row && fromRow(row));
      if (next === undefined) return row && fromRow(row);
      const result = await this.tables.compareAndSet(accounts, key, row, toRow(appId, next));
      if (result.isApplied) return next;
      row = result.current;
    }
    throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, 'the account changes too fast; retry', {
      retryAfterMs: 100,
    });
  }
}
