// The public methods about follows: each is one method of a session's part.
import type { FollowSDK } from '../model/follow-sdk.js';
import type { SessionParts } from '../session/session-parts.js';

/** `requireParts` throws when nobody is logged in. */
export function createFollowMethods(requireParts: () => SessionParts): FollowSDK {
  const call = async <T>(part: (parts: SessionParts) => Promise<T>) => ({
    code: 0 as const,
    data: await part(requireParts()),
  });
  return {
    followUser: (userIDList) => call(({ followCalls }) => followCalls.follow(userIDList)),
    unfollowUser: (userIDList) => call(({ followCalls }) => followCalls.unfollow(userIDList)),
    getMyFollowersList: (cursor) => call(({ followCalls }) => followCalls.followers(cursor)),
    getMyFollowingList: (cursor) => call(({ followCalls }) => followCalls.following(cursor)),
    getMutualFollowersList: (cursor) => call(({ followCalls }) => followCalls.mutual(cursor)),
    getUserFollowInfo: (userIDList) => call(({ followCalls }) => followCalls.infos(userIDList)),
    checkFollowType: (userIDList) => call(({ followCalls }) => followCalls.types(userIDList)),
  };
}
