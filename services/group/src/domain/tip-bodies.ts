// What members read in a group about its changes: the body of a tip (TIMGroupTipElem). The names within are those
// that the web SDK gives to an app, so that nobody has to translate them. Values: client-features.md 10.8.
import { groupv1 } from '@parley/proto';
import type { GroupPolicy, TipFate } from './policy.js';

/** operationType of a tip. */
export const TipType = {
  JOINED: 1,
  QUIT: 2,
  KICKED: 3,
  ADMIN_SET: 4,
  ADMIN_CANCELLED: 5,
  PROFILE_CHANGED: 6,
  MEMBER_CHANGED: 7,
  BANNED: 10,
  UNBANNED: 11,
} as const;

export interface TipContent {
  readonly operationType: number;
  /** Empty: the app's back end. */
  readonly operatorID: string;
  readonly userIDList: readonly string[];
  readonly memberList?: readonly { readonly userID: string; readonly muteTime: number }[];
  readonly groupProfile: { readonly groupID: string; readonly name: string; readonly type: string };
  /** What has changed, under the names of a group's profile. */
  readonly newGroupProfile?: Readonly<Record<string, unknown>>;
  readonly memberCount: number;
  /** Joins: 1 by himself, 2 invited. */
  readonly joinType?: number;
  readonly reason?: string;
}

export interface Tip {
  readonly fate: Exclude<TipFate, 'off'>;
  readonly content: TipContent;
}

/** Users named by one tip: a message is at most 12 KiB. */
const USERS_PER_TIP_MAX = 100;

/** The tips that a change gives, in order. */
export function tipsOf(change: groupv1.GroupChange, policy: GroupPolicy): Tip[] {
  if (change.silent || change.group === undefined) return [];
  const { change: what } = change;
  switch (what.case) {
    case 'membersAdded':
      return split(change, policy.tips.members, what.value.userIds, {
        operationType: TipType.JOINED,
        joinType: what.value.way,
      });
    case 'membersRemoved':
      return split(change, policy.tips.members, what.value.userIds, {
        operationType: what.value.kicked ? TipType.KICKED : TipType.QUIT,
        ...(what.value.reason === '' ? {} : { reason: what.value.reason }),
      });
    case 'modified':
      return what.value.fields === undefined ? [] : profileTips(change, what.value.fields, policy);
    case 'ownerChanged':
      return tip(change, policy.tips.profile, [what.value.newOwner], {
        operationType: TipType.PROFILE_CHANGED,
        newGroupProfile: { ownerID: what.value.newOwner },
      });
    case 'memberModified':
      return memberTips(change, what.value, policy);
    case 'membersMuted':
      return muteTips(change, what.value.users, policy.tips.roles);
    case 'membersBanned':
      // In other groups the removal is told.
      return policy.hasMembers
        ? []
        : split(
            change,
            policy.tips.members,
            what.value.users.map((user) => user.userId),
            { operationType: what.value.lifted ? TipType.UNBANNED : TipType.BANNED },
          );
    default:
      return [];
  }
}

type Part = Omit<TipContent, 'operatorID' | 'userIDList' | 'groupProfile' | 'memberCount'>;

function tip(change: groupv1.GroupChange, fate: TipFate, userIDList: readonly string[], part: Part): Tip[] {
  if (fate === 'off' || change.group === undefined) return [];
  const { groupId: groupID, name, type, memberNum } = change.group;
  const content = {
    ...part,
    operatorID: change.operator,
    userIDList,
    groupProfile: { groupID, name, type },
    memberCount: memberNum,
  };
  return [{ fate, content }];
}

function split(change: groupv1.GroupChange, fate: TipFate, users: readonly string[], part: Part): Tip[] {
  const tips: Tip[] = [];
  for (let at = 0; at < users.length; at += USERS_PER_TIP_MAX) {
    tips.push(...tip(change, fate, users.slice(at, at + USERS_PER_TIP_MAX), part));
  }
  return tips;
}

function memberTips(
  change: groupv1.GroupChange,
  { member, roleChanged, muteChanged }: groupv1.MemberModified,
  policy: GroupPolicy,
): Tip[] {
  if (member === undefined) return [];
  const { ADMIN_SET, ADMIN_CANCELLED } = TipType;
  const isAdmin = member.role === groupv1.Role.ADMIN;
  const operationType = isAdmin ? ADMIN_SET : ADMIN_CANCELLED;
  return [
    ...(roleChanged ? tip(change, policy.tips.roles, [member.userId], { operationType }) : []),
    ...(muteChanged
      ? muteTips(change, [{ userId: member.userId, untilS: member.mutedUntilS }], policy.tips.roles)
      : []),
  ];
}

function muteTips(
  change: groupv1.GroupChange,
  users: readonly Pick<groupv1.TimedUser, 'userId' | 'untilS'>[],
  fate: TipFate,
): Tip[] {
  const nowS = Math.floor(Number(change.timeMs) / 1_000);
  const tips: Tip[] = [];
  for (let at = 0; at < users.length; at += USERS_PER_TIP_MAX) {
    const some = users.slice(at, at + USERS_PER_TIP_MAX);
    const memberList = some.map((user) => ({
      userID: user.userId,
      muteTime: Math.max(0, user.untilS - nowS),
    }));
    const part = { operationType: TipType.MEMBER_CHANGED, memberList };
    const userIds = some.map((user) => user.userId);
    tips.push(...tip(change, fate, userIds, part));
  }
  return tips;
}

/** Names of a group's profile in the web SDK. */
const OPTION_NAMES: Readonly<Record<number, string>> = {
  [groupv1.JoinOption.FREE]: 'FreeAccess',
  [groupv1.JoinOption.NEED_PERMISSION]: 'NeedPermission',
};

function profileTips(change: groupv1.GroupChange, fields: groupv1.GroupFields, policy: GroupPolicy): Tip[] {
  const profile: Record<string, unknown> = {};
  if (fields.name !== undefined) profile.groupName = fields.name;
  if (fields.introduction !== undefined) profile.introduction = fields.introduction;
  if (fields.notification !== undefined) profile.notification = fields.notification;
  if (fields.faceUrl !== undefined) profile.avatar = fields.faceUrl;
  const custom = Object.entries(fields.custom).map(([key, value]) => ({ key, value }));
  if (custom.length > 0) profile.groupCustomField = custom;
  const options: Record<string, unknown> = {};
  if (fields.muteAll !== undefined) options.muteAllMembers = fields.muteAll;
  const { applyJoinOption, inviteJoinOption } = fields;
  if (applyJoinOption !== 0) options.joinOption = OPTION_NAMES[applyJoinOption] ?? 'DisableApply';
  if (inviteJoinOption !== 0) options.inviteOption = OPTION_NAMES[inviteJoinOption] ?? 'DisableInvite';
  return [
    ...changedTip(change, policy.tips.profile, profile),
    ...changedTip(change, policy.tips.options, options),
  ];
}

function changedTip(
  change: groupv1.GroupChange,
  fate: TipFate,
  newGroupProfile: Readonly<Record<string, unknown>>,
): Tip[] {
  if (Object.keys(newGroupProfile).length === 0) return [];
  return tip(change, fate, [], { operationType: TipType.PROFILE_CHANGED, newGroupProfile });
}
