// App rows ⇄ apps, with a short-lived copy in memory: every login and REST call needs its app.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, Clock, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { put, remove, type TableStore, type Write } from '@parley/table-store';
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

export class AppStore {
  private readonly cache: NoticedCache<AppId, App | undefined>;

  constructor(
    private readonly tables: TableStore,
    clock: Clock,
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

  /**
   * Creates the app with its keys, unless it exists; answers whether it did. The app's row decides
   * who creates it, so a loser's keys never become valid.
   */
  async create(app: App): Promise<boolean> {
    const key = { scope: SCOPE, app_id: app.appId };
    const row = {
      ...key,
      name: app.name,
      admins: JSON.stringify(app.admins),
      settings: toBinary(authv1.AppSettingsSchema, app.settings),
      created_at_ms: BigInt(app.createdAtMs),
    };
    const { isApplied } = await this.tables.compareAndSet(apps, key, undefined, row);
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
    if (!row) return undefined;
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

const toKeyRow = (appId: AppId, key: AppKey) => ({
  app_id: appId as number,
  key_id: key.keyId,
  secret: key.secret,
  created_at_ms: BigInt(key.createdAtMs),
  expires_at_ms: BigInt(key.expiresAtMs),
});
