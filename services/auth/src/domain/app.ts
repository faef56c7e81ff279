// An app: the tenant, its admins, its keys.
import type { AppId, UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';

export interface AppKey {
  readonly keyId: string;
  readonly secret: string;
  readonly createdAtMs: number;
  /** 0: has no end. */
  readonly expiresAtMs: number;
}

export interface App {
  readonly appId: AppId;
  readonly name: string;
  readonly admins: readonly UserId[];
  readonly settings: authv1.AppSettings;
  readonly createdAtMs: number;
  readonly keys: readonly AppKey[];
}

/** The secrets that may sign now, the newest first. */
export function liveSecrets(app: App, nowMs: number): string[] {
  return app.keys
    .filter((key) => key.expiresAtMs === 0 || key.expiresAtMs > nowMs)
    .sort((a, b) => b.createdAtMs - a.createdAtMs)
    .map((key) => key.secret);
}

/** How a rotation ends the keys that were live: after the overlap, and never later than they would have ended. */
export function endKeys(keys: readonly AppKey[], endMs: number): AppKey[] {
  return keys
    .filter((key) => key.expiresAtMs === 0 || key.expiresAtMs > endMs)
    .map((key) => ({ ...key, expiresAtMs: endMs }));
}
