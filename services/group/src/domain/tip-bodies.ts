// What members read in a group about its changes: the body of a tip (TIMGroupTipElem), under the names of the
// REST border. Values: client-features.md 10.8.
import { groupv1 } from '@parley/proto';
import type { GroupPolicy, TipFate } from './policy.js';

/** OpType of a tip. */
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

export interface TipMember {
  readonly Member_Account: string;
  /** Seconds; 0: no longer muted. Where it changed, as the rest. */
  readonly MuteTime?: number;
  readonly Role?: string;
}

export interface TipContent {
  readonly OpType: number;
  /** Empty: the app's back end. */
  readonly Operator_Account: string;
  /** Whom it concerns. */
  readonly MemberList: readonly TipMember[];
  /** What has changed of the group. */
  readonly GroupInfo?: Readonly<Record<string, unknown>>;
  /** Afterwards; absent in live groups, where nobody counts. */
  readonly MemberNum?: number;
  /** Joins: 1 by himself, 2 invited. */
  readonly JoinType?: number;
  readonly Reason?: string;
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
      return aboutUsers(change, policy.tips.members, what.value.userIds, {
        OpType: TipType.JOINED,
        JoinType: what.value.way,
      });
    case 'membersRemoved':
      return aboutUsers(change, policy.tips.members, what.value.userIds, {
        OpType: what.value.kicked ? TipType.KICKED : TipType.QUIT,
        ...(what.value.reason === '' ? {} : { Reason: what.value.reason }),
      });
    case 'modified':
      return what.value.fields === undefined ? [] : profileTips(change, what.value.fields, policy);
    case 'ownerChanged':
      return aboutUsers(change, policy.tips.profile, [what.value.newOwner], {
        OpType: TipType.PROFILE_CHANGED,
        GroupInfo: { Owner_Account: what.value.newOwner },
      });
    case 'memberModified':
      return memberTips(change, what.value, policy);
    case 'membersMuted':
      return muteTips(change, what.value.users, policy.tips.roles);
    case 'membersBanned':
      return policy.hasMembers ? [] : banTips(change, what.value, policy);
    default:
      return [];
  }
}

type Part = Pick<TipContent, 'OpType' | 'GroupInfo' | 'JoinType' | 'Reason'>;

function tip(change: groupv1.GroupChange, fate: TipFate, MemberList: TipMember[], part: Part): Tip[] {
  if (fate === 'off' || change.group === undefined) return [];
  const { operator: Operator_Account, group } = change;
  const counted = group.maxMemberNum > 0 ? { MemberNum: group.memberNum } : {};
  return [{ fate, content: { ...part, Operator_Account, MemberList, ...counted } }];
}

/** As many tips as the number of members asks for. */
function aboutMembers(change: groupv1.GroupChange, fate: TipFate, members: TipMember[], part: Part): Tip[] {
  const tips: Tip[] = [];
  for (let at = 0; at < members.length; at += USERS_PER_TIP_MAX) {
    tips.push(...tip(change, fate, members.slice(at, at + USERS_PER_TIP_MAX), part));
  }
  return tips;
}

const aboutUsers = (
  change: groupv1.GroupChange,
  fate: TipFate,
  users: readonly string[],
  part: Part,
): Tip[] =>
  aboutMembers(
    change,
    fate,
    users.map((Member_Account) => ({ Member_Account })),
    part,
  );

function memberTips(
  change: groupv1.GroupChange,
  { member, roleChanged, muteChanged }: groupv1.MemberModified,
  policy: GroupPolicy,
): Tip[] {
  if (member === undefined) return [];
  const { userId, mutedUntilS: untilS } = member;
  const isAdmin = member.role === groupv1.Role.ADMIN;
  const OpType = isAdmin ? TipType.ADMIN_SET : TipType.ADMIN_CANCELLED;
  const promoted = [{ Member_Account: userId, Role: isAdmin ? 'Admin' : 'Member' }];
  return [
    ...(roleChanged ? aboutMembers(change, policy.tips.roles, promoted, { OpType }) : []),
    ...(muteChanged ? muteTips(change, [{ userId, untilS }], policy.tips.roles) : []),
  ];
}

function muteTips(
  change: groupv1.GroupChange,
  users: readonly Pick<groupv1.TimedUser, 'userId' | 'untilS'>[],
  fate: TipFate,
): Tip[] {
  const nowS = Math.floor(Number(change.timeMs) / 1_000);
  const muted = users.map(({ userId, untilS }) => ({
    Member_Account: userId,
    MuteTime: Math.max(0, untilS - nowS),
  }));
  return aboutMembers(change, fate, muted, { OpType: TipType.MEMBER_CHANGED });
}

/** Only live groups tell of bans; in the others the removal is told. */
function banTips(
  change: groupv1.GroupChange,
  { users, lifted }: groupv1.MembersBanned,
  policy: GroupPolicy,
): Tip[] {
  const OpType = lifted ? TipType.UNBANNED : TipType.BANNED;
  const userIds = users.map((user) => user.userId);
  return aboutUsers(change, policy.tips.members, userIds, { OpType });
}

const optionName = (option: groupv1.JoinOption, disabled: string): string => {
  if (option === groupv1.JoinOption.FREE) return 'FreeAccess';
  return option === groupv1.JoinOption.NEED_PERMISSION ? 'NeedPermission' : disabled;
};

function profileTips(change: groupv1.GroupChange, fields: groupv1.GroupFields, policy: GroupPolicy): Tip[] {
  const profile: Record<string, unknown> = {};
  if (fields.name !== undefined) profile.Name = fields.name;
  if (fields.introduction !== undefined) profile.Introduction = fields.introduction;
  if (fields.notification !== undefined) profile.Notification = fields.notification;
  if (fields.faceUrl !== undefined) profile.FaceUrl = fields.faceUrl;
  const custom = Object.entries(fields.custom).map(([Key, Value]) => ({ Key, Value }));
  if (custom.length > 0) profile.AppDefinedData = custom;
  const options: Record<string, unknown> = {};
  if (fields.muteAll !== undefined) options.MuteAllMember = fields.muteAll ? 'On' : 'Off';
  const { applyJoinOption, inviteJoinOption } = fields;
  if (applyJoinOption !== 0) options.ApplyJoinOption = optionName(applyJoinOption, 'DisableApply');
  if (inviteJoinOption !== 0) options.InviteJoinOption = optionName(inviteJoinOption, 'DisableInvite');
  if (fields.enablePermission !== undefined) options.EnablePermission = fields.enablePermission ? 1 : 0;
  if (fields.defaultPermission !== undefined) options.DefaultPermission = Number(fields.defaultPermission);
  return [
    ...changedTip(change, policy.tips.profile, profile),
    ...changedTip(change, policy.tips.options, options),
  ];
}

function changedTip(
  change: groupv1.GroupChange,
  fate: TipFate,
  GroupInfo: Readonly<Record<string, unknown>>,
): Tip[] {
  if (Object.keys(GroupInfo).length === 0) return [];
  return tip(change, fate, [], { OpType: TipType.PROFILE_CHANGED, GroupInfo });
}

/** A visitor came into a live group, or left it. */
export const visitTip = (userId: string, hasCome: boolean): TipContent => ({
  OpType: hasCome ? TipType.JOINED : TipType.QUIT,
  ...(hasCome ? { JoinType: groupv1.JoinWay.APPLIED } : {}),
  Operator_Account: userId,
  MemberList: [{ Member_Account: userId }],
});
