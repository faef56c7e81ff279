// Account rows ⇄ accounts. Every change is a compare-and-set: two imports, or an
// import and a kick, never overwrite one another.
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import type { Row, TableStore } from '@parley/table-store';
import type { Account } from '../domain/account.js';
import { accounts } from '../tables.js';
import { NoticedCache } from './noticed-cache.js';

type AccountRow = Row<typeof accounts>;

const fromRow = (row: AccountRow): Account => ({
  userId: row.user_id as UserId,
  nick: row.nick,
  faceUrl: row.face_url,
  createdAtMs: Number(row.created_at_ms),
  deletedAtMs: Number(row.deleted_at_ms),
  sigValidFromS: Number(row.sig_valid_from_s),
  livesBefore: row.lives_before,
  openDeletion: row.deletion_open ? { operator: row.deleted_by } : undefined,
  isBlocked: row.is_blocked,
});

const toRow = (appId: AppId, account: Account): AccountRow => ({
  app_id: appId,
  user_id: account.userId,
  nick: account.nick,
  face_url: account.faceUrl,
  created_at_ms: BigInt(account.createdAtMs),
  deleted_at_ms: BigInt(account.deletedAtMs),
  sig_valid_from_s: BigInt(account.sigValidFromS),
  lives_before: account.livesBefore,
  deletion_open: account.openDeletion !== undefined,
  deleted_by: account.openDeletion?.operator ?? '',
  is_blocked: account.isBlocked,
});

const ATTEMPTS_MAX = 8;
const CACHED_MAX = 50_000;
/** Bounds how long a kick may go unseen if its notice was lost. */
const CACHE_TTL_MS = 30_000;

/** What an account says to a UserSig that its app's key signed. */
export type Gate = Pick<Account, 'sigValidFromS' | 'isBlocked'>;

export const gateOfAccount = (account: Account | undefined): Gate => ({
  sigValidFromS: account?.sigValidFromS ?? 0,
  isBlocked: account?.isBlocked ?? false,
});

const cacheKey = (appId: AppId, userId: UserId): string => `${appId} ${userId}`;

export class AccountStore {
  private readonly gates: NoticedCache<string, Gate>;

  constructor(
    private readonly tables: TableStore,
    clock: Clock,
  ) {
    this.gates = new NoticedCache({ entriesMax: CACHED_MAX, ttlMs: CACHE_TTL_MS, clock });
  }

  /** What lets a UserSig of the account pass, also of one that never was; may be up to 30 s old when a notice was lost. */
  gateOf(appId: AppId, userId: UserId): Promise<Gate> {
    const load = async () => gateOfAccount(await this.get(appId, userId));
    return this.gates.get(cacheKey(appId, userId), load);
  }

  /** Somebody changed the account. */
  forget(appId: AppId, userId: UserId): void {
    this.gates.forget(cacheKey(appId, userId));
  }

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
      this.forget(appId, userId);
      if (result.isApplied) return next;
      row = result.current;
    }
    throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, 'the account changes too fast; retry', {
      retryAfterMs: 100,
    });
  }
}
