// Following and unfollowing: each target has its own result.

import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import { followv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import type { FollowRegister } from '../changing/follow-register.js';
import { checkRoom, type FollowLimits } from '../domain/follow-head.js';
import { type FollowStore, headOf } from '../stores/follow-store.js';

/** Source: rest-accounts-messages.md 10. */
const TARGETS_MAX = 20;

export interface ChangeFollowsDeps {
  readonly store: FollowStore;
  readonly register: FollowRegister;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly limits: FollowLimits;
}

type ChangeOne = (peer: UserId) => Promise<unknown>;

export class ChangeFollows {
  constructor(private readonly deps: ChangeFollowsDeps) {}

  /** @throws ChatError 30001 for no or too many targets, 30003 for a user that does not exist. */
  async follow(appId: AppId, userId: UserId, peers: readonly string[]): Promise<followv1.FollowResult[]> {
    const accounts = await this.deps.accounts.existing(appId, [userId, ...checked(peers)]);
    if (!accounts.has(userId)) throw notFound();
    return eachOf(peers, async (peer) => {
      if (!accounts.has(peer)) throw notFound();
      if (peer === userId) throw bad('nobody follows itself');
      await this.#followOne(appId, userId, peer);
    });
  }

  /** @throws ChatError 30001. */
  unfollow(appId: AppId, userId: UserId, peers: readonly string[]): Promise<followv1.FollowResult[]> {
    return eachOf(checked(peers), (peer) => this.unfollowOne(appId, userId, peer));
  }

  /** Ends what began until `untilMs`. */
  unfollowOne(appId: AppId, userId: UserId, peer: UserId, untilMs?: bigint): Promise<boolean> {
    return this.deps.register.changeOwn({ appId, userId }, peer, (edge) => {
      if (edge.followingAtMs === 0n || (untilMs !== undefined && edge.followingAtMs > untilMs))
        return undefined;
      return create(followv1.FollowEdgeSchema, { ...edge, followingAtMs: 0n });
    });
  }

  async #followOne(appId: AppId, userId: UserId, peer: UserId): Promise<void> {
    const { register, store, clock, limits } = this.deps;
    await register.changeOwn({ appId, userId }, peer, async (edge, head) => {
      if (edge.followingAtMs > 0n) return undefined;
      const target = headOf(await store.getHead(appId, peer));
      checkRoom(head, target, { limits, becomesMutual: edge.followerAtMs > 0n });
      return create(followv1.FollowEdgeSchema, { ...edge, followingAtMs: BigInt(clock.now()) });
    });
  }
}

function checked(peers: readonly string[]): readonly string[] {
  if (peers.length >= 1 && peers.length <= TARGETS_MAX) return peers;
  throw bad(`name 1 to ${TARGETS_MAX} users`);
}

/** One after the other: they change one head. */
async function eachOf(peers: readonly string[], change: ChangeOne): Promise<followv1.FollowResult[]> {
  const results: followv1.FollowResult[] = [];
  for (const userId of peers)
    results.push(create(followv1.FollowResultSchema, { userId, ...(await tried(userId, change)) }));
  return results;
}

async function tried(peer: string, change: ChangeOne): Promise<{ code: number; info: string }> {
  try {
    if (!isUserId(peer)) throw notFound();
    await change(peer);
    return { code: 0, info: '' };
  } catch (thrown) {
    const { code, info } = ChatError.from(thrown);
    return { code, info };
  }
}

const bad = (info: string): ChatError => new ChatError(ErrorCode.SNS_BAD_PARAMETER, info);
const notFound = (): ChatError =>
  new ChatError(ErrorCode.SNS_ACCOUNT_NOT_FOUND, 'the account does not exist');
