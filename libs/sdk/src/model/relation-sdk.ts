// The public methods about friends, applications to be one, groups of friends, and the blocklist.
import type { TYPES } from '../constants/types.js';
import type { ChatResult } from './chat-sdk.js';
import type { Profile, ProfileField } from './conversation.js';

export interface Friend {
  userID: string;
  remark: string;
  /** Names of the friend groups that the friend is in. */
  groupList: string[];
  /** AddSource_Type_…, or '' */
  source: string;
  wording: string;
  profile: Profile;
  /** Keys are whole tags: `Tag_SNS_Custom_…`. */
  friendCustomField: ProfileField[];
}

export interface FriendApplication {
  /** Who asks, where it was received; who is asked, where it was sent. */
  userID: string;
  avatar: string;
  nick: string;
  /** s */
  time: number;
  source: string;
  wording: string;
  /** SNS_APPLICATION_SENT_TO_ME or SNS_APPLICATION_SENT_BY_ME. */
  type: TYPES;
}

export interface FriendApplicationList {
  /** The newest first. */
  friendApplicationList: FriendApplication[];
  /** Of those received. */
  unreadCount: number;
}

export interface FriendGroup {
  name: string;
  userIDList: string[];
  count: number;
}

export interface RelationFailure {
  userID: string;
  code: number;
  message: string;
}

export interface RelationSuccess {
  userID: string;
  code: 0;
}

export interface AddFriendOptions {
  to: string;
  /** AddSource_Type_ and up to 8 letters. */
  source: string;
  /** At most 256 bytes. */
  wording?: string | undefined;
  /** Default: SNS_ADD_TYPE_BOTH. */
  type?: TYPES | undefined;
  /** At most 96 bytes. */
  remark?: string | undefined;
  /** At most 30 bytes; made when it is not there. */
  groupName?: string | undefined;
}

export interface AddFriendData {
  userID: string;
  /** 0: a friend now; 30539: the other one has to agree. */
  code: number;
  message: string;
}

export interface FriendsResult {
  successUserIDList: RelationSuccess[];
  failureUserIDList: RelationFailure[];
}

export interface CheckedFriend extends RelationSuccess {
  /** A SNS_TYPE_ constant, from the user who asks (A) to the one who is named (B). */
  relation: TYPES;
}

export interface CheckFriendData {
  successUserIDList: CheckedFriend[];
  failureUserIDList: RelationFailure[];
}

export interface FriendProfileData {
  friendList: Friend[];
  failureUserIDList: RelationFailure[];
}

/** What is left out stays as it is. */
export interface UpdateFriendOptions {
  userID: string;
  remark?: string | undefined;
  /** An empty text takes a field away. */
  friendCustomField?: ProfileField[] | undefined;
}

export interface AcceptApplicationOptions {
  userID: string;
  remark?: string | undefined;
  type: TYPES;
}

export interface FriendGroupOptions {
  name: string;
  /** At most 1,000. */
  userIDList: string[];
}

export interface FriendGroupData {
  friendGroup: FriendGroup;
  failureUserIDList: RelationFailure[];
}

/**
 * The lists are kept on the device once they were asked for; a call that changes them resolves when they show it.
 * Rejections carry the service's codes: 30001 for what is malformed, 30003, 30009-30014, 30515, 30516, 30525, 30614, …
 */
export interface RelationSDK {
  getFriendList(): Promise<ChatResult<Friend[]>>;
  addFriend(options: AddFriendOptions): Promise<ChatResult<AddFriendData>>;
  /** At most 100. Default: both sides. */
  deleteFriend(options: {
    userIDList: string[];
    type?: TYPES | undefined;
  }): Promise<ChatResult<FriendsResult>>;
  /** At most 1,000. */
  checkFriend(options: { userIDList: string[]; type: TYPES }): Promise<ChatResult<CheckFriendData>>;
  /** At most 100. */
  getFriendProfile(options: { userIDList: string[] }): Promise<ChatResult<FriendProfileData>>;
  /** Resolves with the friend as it is now. */
  updateFriend(options: UpdateFriendOptions): Promise<ChatResult<Friend>>;
  getFriendApplicationList(): Promise<ChatResult<FriendApplicationList>>;
  acceptFriendApplication(options: AcceptApplicationOptions): Promise<ChatResult<Record<string, never>>>;
  refuseFriendApplication(options: { userID: string }): Promise<ChatResult<Record<string, never>>>;
  deleteFriendApplication(options: {
    userID: string;
    type: TYPES;
  }): Promise<ChatResult<Record<string, never>>>;
  /** All that came up to now. */
  setFriendApplicationRead(): Promise<ChatResult<Record<string, never>>>;
  getFriendGroupList(): Promise<ChatResult<FriendGroup[]>>;
  /** 30001 when there is one of this name. */
  createFriendGroup(options: FriendGroupOptions): Promise<ChatResult<FriendGroupData>>;
  /** Resolves with the group that was. */
  deleteFriendGroup(options: { name: string }): Promise<ChatResult<FriendGroup>>;
  addToFriendGroup(options: FriendGroupOptions): Promise<ChatResult<FriendGroupData>>;
  removeFromFriendGroup(options: FriendGroupOptions): Promise<ChatResult<FriendGroupData>>;
  renameFriendGroup(options: { oldName: string; newName: string }): Promise<ChatResult<FriendGroup>>;
  /** UserIDs. */
  getBlacklist(): Promise<ChatResult<string[]>>;
  /** At most 1,000. Ends friendship of both sides. Resolves with those that were added. */
  addToBlacklist(options: { userIDList: string[] }): Promise<ChatResult<string[]>>;
  removeFromBlacklist(options: { userIDList: string[] }): Promise<ChatResult<string[]>>;
}
