// Friends and applications between the wire and the API.
import { relationv1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import type { Profile } from '../model/conversation.js';
import type { Friend, FriendApplication, FriendGroup, RelationFailure } from '../model/relation-sdk.js';

export function toFriend(friend: relationv1.Friend, profile: Profile): Friend {
  return {
    userID: friend.userId,
    remark: friend.remark,
    groupList: [...friend.groups],
    source: friend.addSource,
    wording: friend.addWording,
    profile: { ...profile },
    friendCustomField: friend.custom.map(({ tag, value }) => ({ key: tag, value: value.value ?? '' })),
  };
}

export function toApplication(application: relationv1.Application, profile: Profile): FriendApplication {
  const isReceived = application.direction === relationv1.Direction.RECEIVED;
  return {
    userID: application.userId,
    avatar: profile.avatar,
    nick: profile.nick,
    time: Math.floor(Number(application.timeMs) / 1_000),
    source: application.addSource,
    wording: application.addWording,
    type: isReceived ? TYPES.SNS_APPLICATION_SENT_TO_ME : TYPES.SNS_APPLICATION_SENT_BY_ME,
  };
}

export function toFriendGroup(name: string, friends: readonly relationv1.Friend[]): FriendGroup {
  const userIDList = friends.filter(({ groups }) => groups.includes(name)).map(({ userId }) => userId);
  return { name, userIDList, count: userIDList.length };
}

const RELATIONS: Readonly<Record<relationv1.Relation, TYPES>> = {
  [relationv1.Relation.UNSPECIFIED]: TYPES.SNS_TYPE_NO_RELATION,
  [relationv1.Relation.NONE]: TYPES.SNS_TYPE_NO_RELATION,
  [relationv1.Relation.A_WITH_B]: TYPES.SNS_TYPE_A_WITH_B,
  [relationv1.Relation.B_WITH_A]: TYPES.SNS_TYPE_B_WITH_A,
  [relationv1.Relation.BOTH]: TYPES.SNS_TYPE_BOTH_WAY,
};

export const toRelation = (relation: relationv1.Relation): TYPES => RELATIONS[relation];

interface WireResult {
  readonly userId: string;
  readonly code: number;
  readonly info: string;
}

export const failuresOf = (results: readonly WireResult[]): RelationFailure[] =>
  results
    .filter(({ code }) => code !== 0)
    .map(({ userId, code, info }) => ({ userID: userId, code, message: info }));

export const successesOf = (results: readonly WireResult[]): { userID: string; code: 0 }[] =>
  results.filter(({ code }) => code === 0).map(({ userId }) => ({ userID: userId, code: 0 }));
