// What an app asks and changes about the user's friends.

import { relationv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { FRIENDS_NAMED_MAX, RELATION_USERS_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check, isText } from '../groups/checks.js';
import type { ProfileField } from '../model/conversation.js';
import type {
  AddFriendData,
  AddFriendOptions,
  CheckFriendData,
  Friend,
  FriendProfileData,
  FriendsResult,
  UpdateFriendOptions,
} from '../model/relation-sdk.js';
import type { ProfileCalls } from '../profiles/profile-calls.js';
import { createEmptyProfile, toItem } from '../profiles/profile-view.js';
import { optionalText, requireFirst, requireNames } from './relation-checks.js';
import type { RelationSync } from './relation-sync.js';
import type { RelationTeller } from './relation-teller.js';
import { failuresOf, successesOf, toFriend, toRelation } from './relation-view.js';

export interface FriendCallsOptions {
  readonly caller: Caller;
  readonly profileCalls: ProfileCalls;
  readonly relationSync: RelationSync;
  readonly teller: RelationTeller;
}

const { SINGLE, BOTH } = relationv1.Sides;
/** The other one has to agree first: an answer, not a failure. */
const WAITS = 30_539;

export class FriendCalls {
  constructor(private readonly options: FriendCallsOptions) {}

  async list(): Promise<Friend[]> {
    await this.options.relationSync.need('contacts');
    return this.options.teller.friendList();
  }

  async add(options: AddFriendOptions): Promise<AddFriendData> {
    const { caller, relationSync } = this.options;
    check(isText(options?.to), 'to is a UserID');
    check(isText(options.source), 'source is AddSource_Type_ and up to 8 letters');
    const item = {
      userId: options.to,
      addSource: options.source,
      addWording: optionalText(options.wording, 'wording'),
      remark: optionalText(options.remark, 'remark'),
      group: optionalText(options.groupName, 'groupName'),
    };
    const sides = sidesOf(options.type, TYPES.SNS_ADD_TYPE_SINGLE, TYPES.SNS_ADD_TYPE_BOTH);
    const { results } = await caller.call(RELATION_METHOD.addFriends, { items: [item], sides });
    const { userId, code, info } = requireFirst(results, [WAITS]);
    await relationSync.settle();
    return { userID: userId, code, message: info };
  }

  async remove(options: { userIDList: string[]; type?: TYPES | undefined }): Promise<FriendsResult> {
    const { caller, relationSync } = this.options;
    const userIds = requireNames(options?.userIDList, FRIENDS_NAMED_MAX);
    const sides = sidesOf(options.type, TYPES.SNS_DELETE_TYPE_SINGLE, TYPES.SNS_DELETE_TYPE_BOTH);
    const { results } = await caller.call(RELATION_METHOD.deleteFriends, { userIds, sides });
    await relationSync.settle();
    return { successUserIDList: successesOf(results), failureUserIDList: failuresOf(results) };
  }

  async check(options: { userIDList: string[]; type: TYPES }): Promise<CheckFriendData> {
    const userIds = requireNames(options?.userIDList, RELATION_USERS_MAX);
    const sides = sidesOf(options.type, TYPES.SNS_CHECK_TYPE_SINGLE, TYPES.SNS_CHECK_TYPE_BOTH);
    const { results } = await this.options.caller.call(RELATION_METHOD.checkFriends, { userIds, sides });
    return {
      successUserIDList: results
        .filter(({ code }) => code === 0)
        .map(({ userId, relation }) => ({ userID: userId, code: 0, relation: toRelation(relation) })),
      failureUserIDList: failuresOf(results),
    };
  }

  async profiles(options: { userIDList: string[] }): Promise<FriendProfileData> {
    const { caller, profileCalls } = this.options;
    const userIds = requireNames(options?.userIDList, FRIENDS_NAMED_MAX);
    const { results } = await caller.call(RELATION_METHOD.getFriends, { userIds });
    const friends = results.flatMap(({ code, friend }) => (code === 0 && friend ? [friend] : []));
    const read = friends.length === 0 ? [] : await profileCalls.read(friends.map(({ userId }) => userId));
    const byID = new Map(read.map((profile) => [profile.userID, profile]));
    const friendList = friends.map((friend) =>
      toFriend(friend, byID.get(friend.userId) ?? createEmptyProfile(friend.userId)),
    );
    return { friendList, failureUserIDList: failuresOf(results) };
  }

  async update(options: UpdateFriendOptions): Promise<Friend> {
    const { caller, relationSync } = this.options;
    check(isText(options?.userID), 'userID is missing');
    const { userID, remark, friendCustomField } = options;
    check(remark === undefined || typeof remark === 'string', 'remark is a text');
    const custom = toCustomItems(friendCustomField);
    const item = { userId: userID, custom, ...(remark !== undefined && { remark }) };
    const { results } = await caller.call(RELATION_METHOD.updateFriends, { items: [item] });
    requireFirst(results);
    await relationSync.settle();
    const { friendList, failureUserIDList } = await this.profiles({ userIDList: [userID] });
    const [friend] = friendList;
    if (friend !== undefined) return friend;
    const [failure] = failureUserIDList;
    throw new ChatFailure(
      failure?.code ?? FailureCode.RELATION_BAD_PARAMETER,
      failure?.message ?? 'the account is no friend',
    );
  }
}

/** Without a type: both. */
function sidesOf(type: TYPES | undefined, single: TYPES, both: TYPES): relationv1.Sides {
  check(type === undefined || type === single || type === both, `type is ${single} or ${both}`);
  return type === single ? SINGLE : BOTH;
}

function toCustomItems(fields: readonly ProfileField[] | undefined) {
  check(fields === undefined || Array.isArray(fields), 'friendCustomField is an array of { key, value }');
  return (fields ?? []).map((field) => {
    const item = toItem(field?.key, field?.value);
    check(item !== undefined, 'a custom field is { key, value }, a text or an unsigned 32-bit integer');
    return item;
  });
}
