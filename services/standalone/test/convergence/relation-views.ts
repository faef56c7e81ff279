// A user's relations as a device holds them and as the back end sees them, in one shape.
import { type Device, type Json, restOk, type World } from '../scenarios/world.js';

const byUser = (a: Json, b: Json): number => (a.userID < b.userID ? -1 : 1);

export interface SeenByBackEnd {
  readonly friends: Json[];
  readonly groups: Json[];
  readonly blocked: string[];
}

export interface SeenByDevice extends SeenByBackEnd {
  /** `<type> <user>` */
  readonly applications: string[];
  readonly unreadCount: number;
}

/** What the SDK says of the lists that it keeps. */
export async function seenByDevice({ chat }: Device): Promise<SeenByDevice> {
  const { data: friends } = await chat.getFriendList();
  const { data: groups } = await chat.getFriendGroupList();
  const { data: blocked } = await chat.getBlacklist();
  const { data: applications } = await chat.getFriendApplicationList();
  return {
    friends: friends
      .map(({ userID, remark, groupList, profile, friendCustomField }: Json) => ({
        ...{ userID, remark, groups: [...groupList].sort(), nick: profile.nick },
        note: friendCustomField[0]?.value ?? '',
      }))
      .sort(byUser),
    groups: groups.map(({ name, userIDList }: Json) => ({ name, members: [...userIDList].sort() })),
    blocked: [...blocked].sort(),
    applications: applications.friendApplicationList
      .map(({ userID, type }: Json) => `${type} ${userID}`)
      .sort(),
    unreadCount: applications.unreadCount,
  };
}

export async function seenByBackEnd(world: World, From_Account: string): Promise<SeenByBackEnd> {
  const { UserDataItem } = await restOk(world, 'sns/friend_get', { From_Account, StartIndex: 0 });
  const friends: Json[] = [];
  for (const { To_Account, ValueItem } of UserDataItem) {
    const values = Object.fromEntries(ValueItem.map(({ Tag, Value }: Json) => [Tag, Value]));
    friends.push({
      ...{ userID: To_Account, remark: values.Tag_SNS_IM_Remark ?? '' },
      ...{ groups: [...(values.Tag_SNS_IM_Group ?? [])].sort(), nick: await nickOf(world, To_Account) },
      note: values.Tag_SNS_Custom_Note ?? '',
    });
  }
  const NeedFriend = 'Need_Friend_Type_Yes';
  const { ResultItem } = await restOk(world, 'sns/group_get', { From_Account, NeedFriend });
  const page = { StartIndex: 0, MaxLimited: 100, LastSequence: 0 };
  const { BlackListItem } = await restOk(world, 'sns/black_list_get', { From_Account, ...page });
  return {
    friends: friends.sort(byUser),
    groups: ResultItem.map(({ GroupName, To_Account }: Json) => ({
      name: GroupName,
      members: [...(To_Account ?? [])].sort(),
    })),
    blocked: BlackListItem.map(({ To_Account }: Json) => To_Account).sort(),
  };
}

async function nickOf(world: World, user: string): Promise<string> {
  const asked = { To_Account: [user], TagList: ['Tag_Profile_IM_Nick'] };
  const { UserProfileItem } = await restOk(world, 'profile/portrait_get', asked);
  return UserProfileItem[0].ProfileItem?.[0]?.Value ?? '';
}

/** What the service says of two users who look at each other. */
export async function between(world: World, From_Account: string, user: string): Promise<Json> {
  const To_Account = [user];
  const friends = { From_Account, To_Account, CheckType: 'CheckResult_Type_Both' };
  const blocked = { From_Account, To_Account, CheckType: 'BlackCheckResult_Type_Both' };
  const { InfoItem } = await restOk(world, 'sns/friend_check', friends);
  const { BlackListCheckItem } = await restOk(world, 'sns/black_list_check', blocked);
  return { friend: InfoItem[0].Relation, block: BlackListCheckItem[0].Relation };
}
