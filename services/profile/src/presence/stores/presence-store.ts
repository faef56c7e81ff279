// What coordination holds of a user's presence beside its sessions: what was told last, and what it says of itself.
import { randomUUID } from 'node:crypto';
import type { Coordination } from '@parley/coordination';
import type { AppId, UserId } from '@parley/kernel';
import { type CustomStatus, decodeCustomStatus, encodeCustomStatus } from '../domain/custom-status.js';
import { decodeToldState, encodeToldState, type ToldState } from '../domain/told-state.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Of whoever is online; begins anew with every change. */
const ONLINE_MS = 30 * DAY_MS;
/** Of whoever is away: for so long it is known that the connection broke; client-features.md 4.3 for the length. */
const OFFLINE_MS = 7 * DAY_MS;
/** Of whoever logged out, which is also how a user of whom nothing is known looks. */
const LOGGED_OUT_MS = 60 * 60 * 1_000;
const AT_ONCE_MS = 1;

const toldKeyOf = (appId: AppId, userId: UserId): string => `presence:{${appId}:${userId}}`;
const customKeyOf = (appId: AppId, userId: UserId): string => `presence-custom:{${appId}:${userId}}`;

/** A value with the text by which it is replaced. */
export interface Held<T> {
  readonly value: T | undefined;
  readonly text: string | undefined;
}

export class PresenceStore {
  constructor(private readonly coordination: Coordination) {}

  async told(appId: AppId, userId: UserId): Promise<Held<ToldState>> {
    const text = await this.coordination.get(toldKeyOf(appId, userId));
    return { value: decodeToldState(text), text };
  }

  /** Answers the text that stands now, or undefined where somebody else was faster. */
  async tell(
    appId: AppId,
    userId: UserId,
    change: { expected: string | undefined; told: ToldState },
  ): Promise<string | undefined> {
    const text = encodeToldState(change.told);
    const ttlMs = ttlOf(change.told);
    const key = toldKeyOf(appId, userId);
    return (await this.coordination.replace(key, change.expected, text, ttlMs)) ? text : undefined;
  }

  async custom(appId: AppId, userId: UserId): Promise<Held<CustomStatus>> {
    const text = await this.coordination.get(customKeyOf(appId, userId));
    return { value: decodeCustomStatus(text), text };
  }

  async setCustom(appId: AppId, userId: UserId, custom: CustomStatus): Promise<void> {
    const text = encodeCustomStatus(custom, randomUUID());
    await this.coordination.set(customKeyOf(appId, userId), text, ONLINE_MS);
  }

  /** Unless it was set anew. */
  async dropCustom(appId: AppId, userId: UserId, { text }: Held<CustomStatus>): Promise<void> {
    if (text === undefined) return;
    await this.coordination.replace(customKeyOf(appId, userId), text, '', AT_ONCE_MS);
  }
}

function ttlOf({ isOnline, reason }: ToldState): number {
  if (isOnline) return ONLINE_MS;
  return reason === 'logout' ? LOGGED_OUT_MS : OFFLINE_MS;
}
