// Reading follows: how two users stand, lists, counts.

import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, isUserId, toUserId, type UserId } from '@parley/kernel';
import { followv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import type { ProfileReader } from '../../ports.js';
import type { FollowRegister } from '../changing/follow-register.js';
import { shownItems } from '../domain/shown-items.js';
import type { FollowStore } from '../stores/follow-store.js';

/** Source: rest-accounts-messages.md 10. */
const CHECKED_MAX = 100;
const INFOS_MAX = 20;
const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

export interface ReadFollowsDeps {
  readonly store: FollowStore;
  readonly register: FollowRegister;
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
}

export class ReadFollows {
  constructor(private readonly deps: ReadFollowsDeps) {}

  /** In the order asked. @throws ChatError 30001. */
  async check(appId: AppId, userId: UserId, peers: readonly string[]): Promise<followv1.FollowCheck[]> {
    checkCount(peers, CHECKED_MAX);
    const { store, register, accounts } = this.deps;
    const wellFormed = peers.filter(isUserId);
    const [existing] = await Promise.all([
      accounts.existing(appId, wellFormed),
      register.settle(appId, userId),
    ]);
    const edges = new Map<string, followv1.FollowEdge>();
    for (const edge of await store.getEdges(appId, userId, wellFormed)) edges.set(edge.peer, edge);
    return peers.map((peer) => {
      const edge = edges.get(peer);
      if (edge === undefined || !existing.has(peer)) return create(followv1.FollowCheckSchema, missing(peer));
      return create(followv1.FollowCheckSchema, {
        userId: peer,
        isFollowed: edge.followingAtMs > 0n,
        isFollower: edge.followerAtMs > 0n,
      });
    });
  }

  /** @throws ChatError 30001. */
  async list(
    appId: AppId,
    userId: UserId,
    request: followv1.ListFollowsRequest,
  ): Promise<followv1.ListFollowsResponse> {
    const { list, cursor } = request;
    if (list === followv1.FollowList.UNSPECIFIED || followv1.FollowList[list] === undefined) {
      throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, 'there is no such list');
    }
    const limit = request.limit === 0 ? PAGE_DEFAULT : request.limit;
    if (limit > PAGE_MAX) {
      throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, `at most ${PAGE_MAX} users a page`);
    }
    await this.deps.register.settle(appId, userId);
    const page = await this.deps.store.list(appId, userId, {
      list,
      limit,
      ...(cursor === '' ? {} : { cursor: toUserId(cursor, ErrorCode.SNS_BAD_PARAMETER) }),
    });
    const items = await this.deps.profiles.itemsOf(
      appId,
      page.users.map(({ peer }) => peer),
    );
    return create(followv1.ListFollowsResponseSchema, {
      items: page.users.map(({ peer, atMs }, at) => ({
        userId: peer as string,
        timeMs: atMs,
        profileItems: shownItems(items[at] ?? []),
      })),
      cursor: page.cursor ?? '',
    });
  }

  /** In the order asked. @throws ChatError 30001. */
  async infos(appId: AppId, userIds: readonly string[]): Promise<followv1.FollowInfo[]> {
    checkCount(userIds, INFOS_MAX);
    const existing = await this.deps.accounts.existing(appId, userIds);
    return Promise.all(
      userIds.map(async (userId) => {
        if (!isUserId(userId) || !existing.has(userId)) {
          return create(followv1.FollowInfoSchema, missing(userId));
        }
        const { following, followers, mutual } = await this.deps.register.settle(appId, userId);
        return create(followv1.FollowInfoSchema, { userId, following, followers, mutual });
      }),
    );
  }
}

function checkCount(userIds: readonly string[], max: number): void {
  if (userIds.length >= 1 && userIds.length <= max) return;
  throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, `name 1 to ${max} users`);
}

const missing = (userId: string) => ({
  userId,
  code: ErrorCode.SNS_ACCOUNT_NOT_FOUND,
  info: 'the account does not exist',
});
