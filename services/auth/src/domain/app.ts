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

const isKeyLive = (key: AppKey, nowMs: number): boolean => key.expiresAtMs === 0 || key.expiresAtMs > nowMs;

/** The keys that may sign now, the newest first. */
export const liveKeys = (app: App, nowMs: number): AppKey[] =>
  app.keys.filter((key) => isKeyLive(key, nowMs)).sort((a, b) => b.createdAtMs - a.createdAtMs);

export const liveSecrets = (app: App, nowMs: number): string[] =>
  liveKeys(app, nowMs).map((key) => key.secret);

/** Whether what this key signed is still good. */
export const isLiveKey = (app: App, keyId: string, nowMs: number): boolean =>
  app.keys.some((key) => key.keyId === keyId && isKeyLive(key, nowMs));

export interface Rotation {
  /** Keys that get an earlier end. */
  readonly changed: readonly AppKey[];
  /** Keys that have ended already. */
  readonly removed: readonly AppKey[];
  /** How many of the keys are still live after it. */
  readonly liveAfter: number;
}

/** What a rotation makes of the keys that exist: they end at `endMs`, and never later than they would have ended. */
export function decideRotation(keys: readonly AppKey[], nowMs: number, endMs: number): Rotation {
  const hasEnded = (key: AppKey): boolean => key.expiresAtMs !== 0 && key.expiresAtMs <= nowMs;
  const live = keys.filter((key) => !hasEnded(key));
  const changed = live
    .filter((key) => key.expiresAtMs === 0 || key.expiresAtMs > endMs)
    .map((key) => ({ ...key, expiresAtMs: endMs }));
  return { changed, removed: keys.filter(hasEnded), liveAfter: endMs > nowMs ? live.length : 0 };
}
