// Friends with their fields. Source: rest-accounts-messages.md 9.8, 9.9.
import { ChatError } from '@parley/kernel';
import type { relationv1 } from '@parley/proto';
import { optionalInteger, requiredInteger } from '../../json/fields.js';
import { defineCommand } from '../command.js';
import { toJson } from '../profile/profile-fields.js';
import {
  answered,
  BAD,
  CUSTOM_PREFIX,
  fromAccount,
  rendered,
  SNS,
  TAGS,
  textsOf,
} from './relation-fields.js';

const PAGE = 100;
const NAMED_MAX = 100;
const TAGS_MAX = 100;

interface TagValue {
  readonly Tag: string;
  readonly Value: unknown;
}

const standardOf = (friend: relationv1.Friend): TagValue[] => [
  { Tag: TAGS.addSource, Value: friend.addSource },
  { Tag: TAGS.remark, Value: friend.remark },
  { Tag: TAGS.group, Value: friend.groups },
  { Tag: TAGS.addWording, Value: friend.addWording },
  { Tag: TAGS.addTime, Value: friend.addTimeS },
];

interface ListQuery {
  readonly userId: string;
  readonly startIndex: number;
  readonly friendsVersion: bigint;
  readonly customVersion: bigint;
}

export const friendGet = defineCommand<ListQuery, relationv1.ListFriendsResponse>({
  path: 'sns/friend_get',
  ...SNS,
  parse(body) {
    const sequence = (name: string) =>
      BigInt(optionalInteger(body, name, { code: BAD, max: Number.MAX_SAFE_INTEGER }) ?? 0);
    return {
      userId: fromAccount(body),
      startIndex: requiredInteger(body, 'StartIndex', { code: BAD }),
      friendsVersion: sequence('StandardSequence'),
      customVersion: sequence('CustomSequence'),
    };
  },
  call: (query, { tools, context }) => tools.relations.listFriends({ ...query, limit: PAGE }, context),
  render({ friends, versions, friendCount, nextIndex }, { friendsVersion }) {
    const standard = versions?.friends ?? 0n;
    const isKnown = friendsVersion !== 0n && friendsVersion === standard;
    return answered({
      UserDataItem: friends.map((friend) => ({
        To_Account: friend.userId,
        ValueItem: [...(isKnown ? [] : standardOf(friend)), ...friend.custom.map(toJson)],
      })),
      StandardSequence: Number(standard),
      CustomSequence: Number(versions?.custom ?? 0n),
      FriendNum: friendCount,
      CompleteFlag: nextIndex === 0 ? 1 : 0,
      NextStartIndex: nextIndex,
    });
  },
});

interface NamedQuery {
  readonly userId: string;
  readonly userIds: string[];
  readonly tags: string[];
}

export const friendGetList = defineCommand<NamedQuery, readonly relationv1.FriendResult[]>({
  path: 'sns/friend_get_list',
  ...SNS,
  parse(body) {
    const tags = textsOf(body, 'TagList', TAGS_MAX);
    const own = new Set<string>(Object.values(TAGS));
    const isKnown = (tag: string) =>
      own.has(tag) || tag.startsWith(CUSTOM_PREFIX) || tag.startsWith('Tag_Profile_');
    if (!tags.every(isKnown)) throw new ChatError(BAD, 'TagList holds tags of profiles and of friends');
    return { userId: fromAccount(body), userIds: textsOf(body, 'To_Account', NAMED_MAX), tags };
  },
  async call({ userId, userIds, tags }, { tools, context }) {
    const profileTags = tags.filter((tag) => tag.startsWith('Tag_Profile_'));
    return (await tools.relations.getFriends({ userId, userIds, profileTags }, context)).results;
  },
  render(results, { tags }) {
    const asked = new Set(tags);
    const told = ({ friend }: relationv1.FriendResult) => {
      if (friend === undefined) return {};
      const all = [...friend.profile.map(toJson), ...standardOf(friend), ...friend.custom.map(toJson)];
      return { SnsProfileItem: all.filter(({ Tag }) => asked.has(Tag)) };
    };
    const infos = { 30001: 'Err_SNS_FriendGetList_Friend_Not_Exist' };
    return answered(rendered('InfoItem', results, { told, infos }));
  },
});
