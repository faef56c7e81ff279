// Whose changes a user hears of.

import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import { presencev1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import type { Subscription, SubscriptionStore } from '../stores/subscription-store.js';

/** Users of one call; client-features.md 4.3. */
const USERS_MAX = 100;
/** Subscriptions of one user; of more the oldest end. Source: client-features.md 4.3. */
export const SUBSCRIPTIONS_MAX = 200;

export interface SubscriptionsDeps {
  readonly store: SubscriptionStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class Subscriptions {
  constructor(private readonly deps: SubscriptionsDeps) {}

  /** Answers those that failed. @throws ChatError 70402 for nobody or too many. */
  async subscribe(
    appId: AppId,
    userId: UserId,
    targets: readonly string[],
  ): Promise<presencev1.StatusResult[]> {
    checkCount(targets, 1);
    const { accounts, clock, store } = this.deps;
    const wanted = [...new Set(targets)];
    const existing = await accounts.existing(appId, wanted);
    const isGood = (target: string): target is UserId =>
      target !== userId && isUserId(target) && existing.has(target);
    const good = wanted.filter(isGood);
    if (good.length > 0) {
      const atMs = clock.now();
      const added = good.map((target) => ({ target, atMs }));
      await store.add(appId, userId, added);
      await this.endOldest(appId, userId);
    }
    return wanted.filter((target) => !isGood(target)).map((target) => refusalOf(target, userId));
  }

  /** Nobody named: all. @throws ChatError 70402 for too many. */
  async unsubscribe(appId: AppId, userId: UserId, targets: readonly string[]): Promise<void> {
    checkCount(targets, 0);
    const { store } = this.deps;
    const named = [...new Set(targets)].filter(isUserId);
    const all = targets.length > 0 ? named : (await store.list(appId, userId)).map(({ target }) => target);
    if (all.length > 0) await store.remove(appId, userId, all);
  }

  private async endOldest(appId: AppId, userId: UserId): Promise<void> {
    const all = await this.deps.store.list(appId, userId);
    if (all.length <= SUBSCRIPTIONS_MAX) return;
    const byAge = (a: Subscription, b: Subscription): number => b.atMs - a.atMs;
    const ended = [...all].sort(byAge).slice(SUBSCRIPTIONS_MAX);
    await this.deps.store.remove(
      appId,
      userId,
      ended.map(({ target }) => target),
    );
  }
}

function checkCount(targets: readonly string[], min: number): void {
  if (targets.length >= min && targets.length <= USERS_MAX) return;
  throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, `name ${min} to ${USERS_MAX} users`);
}

function refusalOf(target: string, userId: UserId): presencev1.StatusResult {
  const isSelf = target === userId;
  return create(presencev1.StatusResultSchema, {
    status: { userId: target },
    code: isSelf ? ErrorCode.ACCOUNT_BAD_PARAMETER : ErrorCode.ACCOUNT_NOT_FOUND,
    info: isSelf ? 'nobody subscribes to oneself' : 'the account does not exist',
  });
}
