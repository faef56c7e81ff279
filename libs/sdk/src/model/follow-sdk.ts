// The public methods about who follows whom.
import type { ChatResult } from './chat-sdk.js';

/** One target's result; `resultCode` 0 is success. */
export interface FollowOperationResult {
  userID: string;
  resultCode: number;
  resultInfo: string;
}

/** Somebody on a list of follows. */
export interface FollowedUser {
  userID: string;
  /** Seconds since 1970: when it began; of a mutual follow, when it became mutual. */
  followTime: number;
  nick: string;
  avatar: string;
}

export interface FollowListData {
  resultList: FollowedUser[];
  /** Empty on the last page. */
  nextCursor: string;
}

export interface FollowInfo {
  userID: string;
  followersCount: number;
  followingCount: number;
  mutualFollowersCount: number;
}

export interface FollowTypeResult extends FollowOperationResult {
  /** 0: none; 1: the user follows me; 2: I follow the user; 3: both. */
  followType: number;
}

/** What the events about follows say. */
export interface FollowListUpdate {
  userInfoList: FollowedUser[];
  isAdd: boolean;
}

export interface FollowSDK {
  /** Up to 20 users. */
  followUser(userIDList: string[]): Promise<ChatResult<FollowOperationResult[]>>;
  /** Up to 20 users. */
  unfollowUser(userIDList: string[]): Promise<ChatResult<FollowOperationResult[]>>;
  /** Up to 100 users a page. */
  getMyFollowersList(nextCursor?: string): Promise<ChatResult<FollowListData>>;
  getMyFollowingList(nextCursor?: string): Promise<ChatResult<FollowListData>>;
  getMutualFollowersList(nextCursor?: string): Promise<ChatResult<FollowListData>>;
  /** Up to 20 users; of this user without a list. Those that do not exist are left out. */
  getUserFollowInfo(userIDList?: string[]): Promise<ChatResult<FollowInfo[]>>;
  /** Up to 100 users. */
  checkFollowType(userIDList: string[]): Promise<ChatResult<FollowTypeResult[]>>;
}
