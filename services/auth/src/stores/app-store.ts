// App rows ⇄ apps, with a short-lived copy in memory: every login and REST call needs its app.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { put, type Row, remove, type TableStore, type Write } from '@parley/table-store';
import { LRUCache } from 'lru-cache';
import type { App, AppKey } from '../domain/app.js';
import { appKeys, apps } from '../tables.js';
import { NoticedCache } from './noticed-cache.js';

/** Every app lives in one partition: they are few. Beyond this number they work, but are not listed. */
const SCOPE = 'all';
const APPS_MAX = 1_000;
/** A rotation leaves at most 8 live keys and removes ended ones; the rest is room for rotations at once. */
const KEYS_PER_APP_MAX = 100;
/** Bounds how long a change may go unseen if its notice was lost. */
const CACHE_TTL_MS = 30_000;
/** Wrong signatures of one app make it be read anew at most this often, ms. */
const RENEWED_EVERY_MS = 1_000;
const CHANGES_TRIED_MAX = 8;

export class AppStore {
  private readonly cache: NoticedCache<AppId, App | undefined>;
  private readonly renewedAtMs = new LRUCache<AppId, number>({ max: APPS_MAX });

  constructor(
    private readonly tables: TableStore,
    private readonly clock: Clock,
  ) {
    this.cache = new NoticedCache({ entriesMax: APPS_MAX, ttlMs: CACHE_TTL_MS, clock });
  }

  /** May be up to 30 s old when a notice was lost. */
  get(appId: AppId): Promise<App | undefined> {
    // Only real apps are kept, so unknown ids cannot push them out.
    return this.cache.get(
      appId,
      () => this.read(appId),
      (app) => app !== undefined,
    );
  }

  /** As it stands now. */
  getFresh(appId: AppId): Promise<App | undefined> {
    return this.read(appId);
  }

  forget(appId: AppId): void {
    this.cache.forget(appId);
  }

  /** The app anew, for a doubt about its keys; undefined where that was done within the last second, or there is none. */
  async renew(appId: AppId): Promise<App | undefined> {
    const nowMs = this.clock.now();
    if (nowMs - (this.renewedAtMs.get(appId) ?? Number.NEGATIVE_INFINITY) < RENEWED_EVERY_MS)
      return undefined;
    this.renewedAtMs.set(appId, nowMs);
    this.forget(appId);
    return this.get(appId);
  }

  /**
   * Puts what `decide` makes of the stored app, keys apart. Answers the app that stands afterwards; undefined: there is none.
   * @throws ChatError 70500 when the row changes faster than it can be followed.
   */
  async change(appId: AppId, decide: (stored: App) => App): Promise<App | undefined> {
    const key = { scope: SCOPE, app_id: appId };
    for (let attempt = 0; attempt < CHANGES_TRIED_MAX; attempt += 1) {
      const row = await this.tables.get(apps, key);
      const stored = row && (await this.fromRow(row));
      if (row === undefined || stored === undefined) return undefined;
      const next = decide(stored);
      const { isApplied } = await this.tables.compareAndSet(apps, key, row, toRow(next));
      this.forget(appId);
      if (isApplied) return next;
    }
    throw new ChatError(ErrorCode.ACCOUNT_INTERNAL, 'the app changes too fast; retry', { retryAfterMs: 100 });
  }

  /**
   * Creates the app with its keys, unless it exists; answers whether it did. The app's row decides
   * who creates it, so a loser's keys never become valid.
   */
  async create(app: App): Promise<boolean> {
    const key = { scope: SCOPE, app_id: app.appId };
    const { isApplied } = await this.tables.compareAndSet(apps, key, undefined, toRow(app));
    if (isApplied) await this.changeKeys(app.appId, app.keys, []);
    this.forget(app.appId);
    return isApplied;
  }

  /** Writes some keys and removes others. */
  async changeKeys(appId: AppId, changed: readonly AppKey[], removed: readonly AppKey[]): Promise<void> {
    const writes: Write<typeof appKeys>[] = [
      ...changed.map((key) => put(appKeys, toKeyRow(appId, key))),
      ...removed.map((key) => remove(appKeys, { app_id: appId, key_id: key.keyId })),
    ];
    await this.tables.batch(writes);
    this.forget(appId);
  }

  async list(): Promise<App[]> {
    const { rows } = await this.tables.scan(apps, { scope: SCOPE }, { limit: APPS_MAX });
    const found = await Promise.all(rows.map((row) => this.read(row.app_id as AppId)));
    return found.filter((app) => app !== undefined);
  }

  private async read(appId: AppId): Promise<App | undefined> {
    const row = await this.tables.get(apps, { scope: SCOPE, app_id: appId });
    return row && this.fromRow(row);
  }

  private async fromRow(row: Row<typeof apps>): Promise<App> {
    const appId = row.app_id as AppId;
    const keys = await this.tables.scan(appKeys, { app_id: appId }, { limit: KEYS_PER_APP_MAX });
    return {
      appId,
      name: row.name,
      admins: JSON.parse(row.admins) as UserId[],
      settings:
        row.settings.length > 0
          ? fromBinary(authv1.AppSettingsSchema, row.settings)
          : create(authv1.AppSettingsSchema),
      createdAtMs: Number(row.created_at_ms),
      keys: keys.rows.map((key) => ({
        keyId: key.key_id,
        secret: key.secret,
        createdAtMs: Number(key.created_at_ms),
        expiresAtMs: Number(key.expires_at_ms),
      })),
    };
  }
}

const toRow = (app: App): Row<typeof apps> => ({
  scope: SCOPE,
  app_id: app.appId,
  name: app.name,
  admins: JSON.stringify(app.admins),
  settings: toBinary(authv1.AppSettingsSchema, app.settings),
  created_at_ms: BigInt(app.createdAtMs),
});

const toKeyRow = (appId: AppId, key: AppKey) => ({
  app_id: appId as number,
  key_id: key.keyId,
  secret: key.secret,
  created_at_ms: BigInt(key.createdAtMs),
  expires_at_ms: BigInt(key.expiresAtMs),
});
