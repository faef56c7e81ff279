// A group and its members as the answers show them: every field under all of its names.
import type { AppId } from '@parley/kernel';
import { groupv1, type messagev1 } from '@parley/proto';
import { RECEIVE_OPTIONS, ROLES } from './member-fields.js';
import type { FieldFilter } from './response-filter.js';

type Json = Record<string, unknown>;
/** A field's names, the newest first, and its value; undefined: the field is left out. */
type FieldTable<Facts> = readonly (readonly [names: readonly string[], read: (facts: Facts) => unknown])[];

const { JoinOption } = groupv1;

/** What is known about one group. */
export interface GroupView {
  readonly appId: AppId;
  readonly group: groupv1.Group;
  /** Of its conversation; absent when nobody asked for it. */
  readonly head: messagev1.Head | undefined;
}

const onOff = (isOn: boolean): string => (isOn ? 'On' : 'Off');
const zeroOne = (isOn: boolean): number => (isOn ? 1 : 0);
/** Without durable members and history: an AVChatRoom, or of a live type of the app's own. */
export const isLive = ({ live }: groupv1.Group): boolean => live;
const isCommunity = ({ type }: groupv1.Group): boolean => type === 'Community';

const joinOption = (option: groupv1.JoinOption, disabled: string): string | undefined => {
  if (option === JoinOption.FREE) return 'FreeAccess';
  if (option === JoinOption.NEED_PERMISSION) return 'NeedPermission';
  return option === JoinOption.DISABLED ? disabled : undefined;
};

const GROUP_FIELDS: FieldTable<GroupView> = [
  [['Type'], ({ group }) => group.type],
  [['Name'], ({ group }) => group.name],
  [['Introduction'], ({ group }) => group.introduction],
  [['Notification'], ({ group }) => group.notification],
  [['FaceUrl'], ({ group }) => group.faceUrl],
  [['Owner_Account'], ({ group }) => group.owner],
  [['CreateTime'], ({ group }) => group.createTimeS],
  [['InfoSeq'], ({ group }) => Number(group.infoSeq)],
  [['LastInfoTime'], ({ group }) => group.lastInfoTimeS],
  [['LastMsgTime'], ({ head }) => head && Number(head.lastTimeMs / 1_000n)],
  [['NextMsgSeq'], ({ head }) => head && Number(head.seq) + 1],
  [['MemberNum'], ({ group }) => group.memberNum],
  [['MaxMemberNum'], ({ group }) => group.maxMemberNum],
  [['ApplyJoinOption'], ({ group }) => joinOption(group.applyJoinOption, 'DisableApply')],
  [['InviteJoinOption'], ({ group }) => joinOption(group.inviteJoinOption, 'DisableInvite')],
  [['MuteAllMember', 'ShutUpAllMember'], ({ group }) => onOff(group.muteAll)],
  [['HistoryMsgBeforeJoin'], ({ group }) => onOff(group.historyBeforeJoin)],
  [['SupportTopic'], ({ group }) => zeroOne(group.supportTopic)],
  [['EnablePermission'], ({ group }) => (isCommunity(group) ? zeroOne(group.enablePermission) : undefined)],
  [['DefaultPermission'], ({ group }) => (isCommunity(group) ? Number(group.defaultPermission) : undefined)],
  [['Appid'], ({ appId }) => appId],
  [['HugeGroupFlag'], ({ group }) => zeroOne(isLive(group))],
];

/** GroupId and what the filter wants. */
export const renderGroup = (view: GroupView, filter: FieldFilter): Json => ({
  GroupId: view.group.groupId,
  ...renderFields(GROUP_FIELDS, view, filter),
});

/** Whether {@link renderGroup} reads the head of the conversation. */
export const wantsHead = (filter: FieldFilter): boolean => filter.wants('LastMsgTime', 'NextMsgSeq');

/** What is known about one member. */
export interface MemberView {
  readonly member: groupv1.Member;
  /** In what is said; absent when nobody asked for it. */
  readonly standing?: messagev1.Standing | undefined;
  /** Online, PushOnline or Offline. */
  readonly onlineStatus?: string | undefined;
}

const nameOf = <T>(names: ReadonlyMap<string, T>, value: T): string | undefined =>
  [...names].find(([, each]) => each === value)?.[0];

export const roleName = (role: groupv1.Role): string => nameOf(ROLES, role) ?? 'Member';

const MEMBER_FIELDS: FieldTable<MemberView> = [
  [['Role'], ({ member }) => roleName(member.role)],
  [['JoinTime'], ({ member }) => member.joinTimeS],
  [['MsgSeq'], ({ standing }) => standing && Number(standing.readSeq)],
  [['MsgFlag'], ({ member }) => nameOf(RECEIVE_OPTIONS, member.receiveOption)],
  [['LastSendMsgTime'], ({ standing }) => standing && Number(standing.lastSentMs / 1_000n)],
  [['NameCard'], ({ member }) => member.nameCard],
  [['MuteUntil', 'ShutUpUntil'], ({ member }) => member.mutedUntilS],
  [['OnlineStatus'], ({ onlineStatus }) => onlineStatus],
];

/** Of the REST border. */
export const receiveOptionName = (option: groupv1.ReceiveOption) => nameOf(RECEIVE_OPTIONS, option);

/** Whether {@link renderMember} reads where the member stands. */
export const wantsStanding = (filter: FieldFilter): boolean => filter.wants('MsgSeq', 'LastSendMsgTime');

/** Member_Account and what the filters want. */
export function renderMember(
  view: MemberView,
  filters: { readonly member: FieldFilter; readonly custom: FieldFilter },
): Json {
  const custom = renderCustom(view.member.custom, filters.custom);
  return {
    Member_Account: view.member.userId,
    ...renderFields(MEMBER_FIELDS, view, filters.member),
    ...(custom.length > 0 ? { AppMemberDefinedData: custom } : {}),
  };
}

/** A user's own part in a group. */
export const renderSelf = (view: MemberView, filter: FieldFilter): Json =>
  renderFields(MEMBER_FIELDS, view, filter);

/** The entries that the filter wants, by key. */
export const renderCustom = (custom: Readonly<Record<string, string>>, filter: FieldFilter) =>
  Object.entries(custom)
    .filter(([key]) => filter.wants(key))
    .map(([Key, Value]) => ({ Key, Value }));

function renderFields<Facts>(table: FieldTable<Facts>, facts: Facts, filter: FieldFilter): Json {
  const fields: Json = {};
  for (const [names, read] of table) {
    if (!filter.wants(...names)) continue;
    const value = read(facts);
    for (const name of value === undefined ? [] : names) fields[name] = value;
  }
  return fields;
}
