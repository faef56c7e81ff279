// Groups and members between the wire and the API.
import { groupv1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import type { Group, GroupField, GroupMember, GroupSelf } from '../model/conversation.js';

const { JoinOption, ReceiveOption, Role } = groupv1;

const ROLES: readonly (readonly [string, groupv1.Role])[] = [
  [TYPES.GRP_MBR_ROLE_MEMBER, Role.MEMBER],
  [TYPES.GRP_MBR_ROLE_ADMIN, Role.ADMIN],
  [TYPES.GRP_MBR_ROLE_OWNER, Role.OWNER],
];

const JOIN_OPTIONS: readonly (readonly [TYPES, groupv1.JoinOption])[] = [
  [TYPES.JOIN_OPTIONS_FREE_ACCESS, JoinOption.FREE],
  [TYPES.JOIN_OPTIONS_NEED_PERMISSION, JoinOption.NEED_PERMISSION],
  [TYPES.JOIN_OPTIONS_DISABLE_APPLY, JoinOption.DISABLED],
];

const REMIND_TYPES: readonly (readonly [TYPES, groupv1.ReceiveOption])[] = [
  [TYPES.MSG_REMIND_ACPT_AND_NOTE, ReceiveOption.NOTIFY],
  [TYPES.MSG_REMIND_ACPT_NOT_NOTE, ReceiveOption.NOT_NOTIFY],
  [TYPES.MSG_REMIND_DISCARD, ReceiveOption.DISCARD],
  [TYPES.NOT_RECEIVE_OFFLINE_PUSH_EXCEPT_AT, ReceiveOption.NOT_NOTIFY_EXCEPT_AT],
];

/** Undefined for what is none of the API's values. */
export const toWireRole = (role: unknown) => ROLES.find(([name]) => name === role)?.[1];
export const toWireJoinOption = (option: unknown) => JOIN_OPTIONS.find(([name]) => name === option)?.[1];
export const toWireRemindType = (type: unknown) => REMIND_TYPES.find(([name]) => name === type)?.[1];

export const fromRole = (role: groupv1.Role): string =>
  ROLES.find(([, value]) => value === role)?.[0] ?? TYPES.GRP_MBR_ROLE_MEMBER;

export const fromRemindType = (option: groupv1.ReceiveOption): TYPES =>
  REMIND_TYPES.find(([, value]) => value === option)?.[0] ?? TYPES.MSG_REMIND_ACPT_AND_NOTE;

const fromJoinOption = (option: groupv1.JoinOption): TYPES =>
  JOIN_OPTIONS.find(([, value]) => value === option)?.[0] ?? TYPES.JOIN_OPTIONS_FREE_ACCESS;

/** Writes what the service says of a group into the app's object of it. */
export function updateGroup(view: Group, group: groupv1.Group): void {
  Object.assign(view, {
    name: group.name,
    avatar: group.faceUrl,
    type: group.type,
    introduction: group.introduction,
    notification: group.notification,
    ownerID: group.owner,
    createTime: String(group.createTimeS),
    infoSequence: Number(group.infoSeq),
    lastInfoTime: group.lastInfoTimeS,
    memberCount: group.memberNum,
    maxMemberCount: group.maxMemberNum,
    muteAllMembers: group.muteAll,
    joinOption: fromJoinOption(group.applyJoinOption),
    inviteOption: fromJoinOption(group.inviteJoinOption),
    groupCustomField: fromCustom(group.custom),
    isSupportTopic: group.supportTopic,
  });
}

export const toSelf = (member: groupv1.Member): GroupSelf => ({
  userID: member.userId,
  role: fromRole(member.role),
  joinTime: member.joinTimeS,
  nameCard: member.nameCard,
  muteUntil: member.mutedUntilS,
  messageRemindType: fromRemindType(member.receiveOption),
  memberCustomField: fromCustom(member.custom),
});

export const toMember = (member: groupv1.Member): GroupMember => ({
  userID: member.userId,
  nick: '',
  avatar: '',
  role: fromRole(member.role),
  joinTime: member.joinTimeS,
  nameCard: member.nameCard,
  muteUntil: member.mutedUntilS,
  memberCustomField: fromCustom(member.custom),
});

export const fromCustom = (custom: Readonly<Record<string, string>>): GroupField[] =>
  Object.entries(custom).map(([key, value]) => ({ key, value }));
