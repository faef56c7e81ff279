// Who follows whom. Nothing of it is kept on the device: lists are asked for in pages, events tell what changed.
import { followv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { FOLLOW_METHOD } from '../calls/follow-method.js';
import { EVENT } from '../constants/event.js';
import {
  FOLLOWS_KNOWN_MAX,
  FOLLOWS_NAMED_MAX,
  FOLLOWS_PAGE,
  PROFILES_NAMED_MAX,
} from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { ToldOnce } from '../events/told-once.js';
import { check, requireUserIDs } from '../groups/checks.js';
import { toSeconds } from '../messages/read-message.js';
import type {
  FollowedUser,
  FollowInfo,
  FollowListData,
  FollowListUpdate,
  FollowOperationResult,
  FollowTypeResult,
} from '../model/follow-sdk.js';
import { toProfile } from '../profiles/profile-view.js';

export interface FollowCallsOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly hub: EventHub;
}

const { FOLLOWERS, FOLLOWING, MUTUAL } = followv1.FollowList;

export class FollowCalls {
  private readonly told = new ToldOnce(FOLLOWS_KNOWN_MAX);

  constructor(private readonly options: FollowCallsOptions) {}

  async follow(userIDList: string[]): Promise<FollowOperationResult[]> {
    const peers = requireSome(userIDList, FOLLOWS_NAMED_MAX);
    const { results } = await this.options.caller.call(FOLLOW_METHOD.follow, { peers });
    return results.map(toResult);
  }

  async unfollow(userIDList: string[]): Promise<FollowOperationResult[]> {
    const peers = requireSome(userIDList, FOLLOWS_NAMED_MAX);
    const { results } = await this.options.caller.call(FOLLOW_METHOD.unfollow, { peers });
    return results.map(toResult);
  }

  followers(cursor?: string): Promise<FollowListData> {
    return this.list(FOLLOWERS, cursor);
  }

  following(cursor?: string): Promise<FollowListData> {
    return this.list(FOLLOWING, cursor);
  }

  mutual(cursor?: string): Promise<FollowListData> {
    return this.list(MUTUAL, cursor);
  }

  async infos(userIDList: string[] = []): Promise<FollowInfo[]> {
    const named = requireUserIDs(userIDList, FOLLOWS_NAMED_MAX);
    const userIds = named.length === 0 ? [this.options.self] : named;
    const { infos } = await this.options.caller.call(FOLLOW_METHOD.getFollowInfo, { userIds });
    return infos
      .filter(({ code }) => code === 0)
      .map(({ userId, followers, following, mutual }) => ({
        userID: userId,
        followersCount: followers,
        followingCount: following,
        mutualFollowersCount: mutual,
      }));
  }

  async types(userIDList: string[]): Promise<FollowTypeResult[]> {
    const peers = requireSome(userIDList, PROFILES_NAMED_MAX);
    const { checks } = await this.options.caller.call(FOLLOW_METHOD.checkFollows, { peers });
    return checks.map((one) => ({
      ...toResult(one),
      followType: Number(one.isFollower) + 2 * Number(one.isFollowed),
    }));
  }

  onEvent(event: followv1.FollowEvent): void {
    const { other, isOwn, isAdded, isMutualChanged, revision } = event;
    if (other === undefined || !this.told.isNews(`${isOwn} ${other.userId}`, revision)) return;
    const update: FollowListUpdate = { userInfoList: [toFollowed(other)], isAdd: isAdded };
    this.options.hub.emit(isOwn ? EVENT.MY_FOLLOWING_LIST_UPDATED : EVENT.MY_FOLLOWERS_LIST_UPDATED, update);
    if (isMutualChanged) this.options.hub.emit(EVENT.MUTUAL_FOLLOWERS_LIST_UPDATED, update);
  }

  private async list(list: followv1.FollowList, cursor = ''): Promise<FollowListData> {
    check(typeof cursor === 'string', 'nextCursor is a text');
    const request = { list, cursor, limit: FOLLOWS_PAGE };
    const answer = await this.options.caller.call(FOLLOW_METHOD.listFollows, request);
    return { resultList: answer.items.map(toFollowed), nextCursor: answer.cursor };
  }
}

function requireSome(userIDList: string[], max: number): string[] {
  const userIDs = requireUserIDs(userIDList, max);
  check(userIDs.length > 0, 'userIDList is empty');
  return userIDs;
}

const toResult = ({ userId, code, info }: Pick<followv1.FollowResult, 'userId' | 'code' | 'info'>) => ({
  userID: userId,
  resultCode: code,
  resultInfo: info,
});

function toFollowed({ userId, timeMs, profileItems: items }: followv1.FollowItem): FollowedUser {
  const { nick, avatar } = toProfile({ userId, items });
  return { userID: userId, followTime: toSeconds(timeMs), nick, avatar };
}
