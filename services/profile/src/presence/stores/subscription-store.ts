// Rows ⇄ who hears of whom. Both sides of a subscription are written at once; where one is missing, it ends early or lasts until
// its time is over.
import type { AppId, UserId } from '@parley/kernel';
import { put, remove, type TableStore } from '@parley/table-store';
import { statusSubscribers, statusSubscriptions } from '../tables.js';

/** Subscriptions of one user that are read; SUBSCRIPTIONS_MAX and what several devices add at once. */
const LIST_MAX = 1_000;
const PAGE_MAX = 500;

export interface Subscription {
  readonly target: UserId;
  readonly atMs: number;
}

export interface SubscriberPage {
  readonly userIds: readonly UserId[];
  readonly cursor?: string;
}

const keyOf = (appId: AppId, userId: UserId) => ({ app_id: appId as number, user_id: userId as string });

export class SubscriptionStore {
  constructor(private readonly tables: TableStore) {}

  async list(appId: AppId, userId: UserId): Promise<Subscription[]> {
    const { rows } = await this.tables.scan(statusSubscriptions, keyOf(appId, userId), { limit: LIST_MAX });
    return rows.map(({ target, at_ms }) => ({ target: target as UserId, atMs: Number(at_ms) }));
  }

  async add(appId: AppId, userId: UserId, subscriptions: readonly Subscription[]): Promise<void> {
    await this.tables.writeAll(
      subscriptions.flatMap(({ target, atMs }) => [
        put(statusSubscriptions, { ...keyOf(appId, userId), target, at_ms: BigInt(atMs) }),
        put(statusSubscribers, { ...keyOf(appId, target), subscriber: userId, at_ms: BigInt(atMs) }),
      ]),
    );
  }

  async remove(appId: AppId, userId: UserId, targets: readonly UserId[]): Promise<void> {
    await this.tables.writeAll(
      targets.flatMap((target) => [
        remove(statusSubscriptions, { ...keyOf(appId, userId), target }),
        remove(statusSubscribers, { ...keyOf(appId, target), subscriber: userId }),
      ]),
    );
  }

  /** At most 500 of those who subscribed to a user. */
  async subscribersOf(appId: AppId, userId: UserId, cursor?: string): Promise<SubscriberPage> {
    const options = { limit: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) };
    const page = await this.tables.scan(statusSubscribers, keyOf(appId, userId), options);
    const userIds = page.rows.map(({ subscriber }) => subscriber as UserId);
    return { userIds, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
  }
}
