// Tips and notices of groups: from the JSON of the wire to the payloads of the API. The only
// place that knows the names of these fields.
//
// TIMGroupTipElem, said in a group:
//   OpType             GRP_TIP_*
//   Operator_Account   '' for an app's back end
//   MemberNum          afterwards
//   MemberList         whom it concerns: Member_Account; MuteTime (s, 0: unmuted), Role, NameCard where they changed
//   GroupInfo          what changed of the group, by the names of the border; Owner_Account for a new owner
//   JoinType           joins: 1 by himself, 2 invited
//   Reason
//
// TIMGroupSystemNoticeElem, said to a person by @TIM#SYSTEM:
//   ReportType         1-24: see NOTICE
//   GroupId, GroupName, GroupType, Operator_Account
//   Member_Account     who applies or is invited
//   Inviter_Account    invitations
//   ApplicationId, ApplyMessage, HandleMessage, Reason, UserDefinedField
//   MuteTime           s
import { TYPES } from '../constants/types.js';
import { hasFlag, MessageFlag } from '../messages/message-flags.js';
import type { MessageRecord } from '../model/message.js';
import type { GroupSystemNoticePayload, GroupTipPayload, TipMember, TipProfile } from '../model/notice.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a notice is about; values of the compatible border (client-features.md 10.8). */
export const NOTICE = {
  JOIN_REQUESTED: 1,
  JOIN_ACCEPTED: 2,
  JOIN_REFUSED: 3,
  KICKED: 4,
  DISMISSED: 5,
  CREATED: 6,
  INVITED: 7,
  QUIT: 8,
  ADMIN_GRANTED: 9,
  ADMIN_REVOKED: 10,
  RECYCLED: 11,
  INVITATION_FOR_INVITEE: 12,
  INVITATION_ACCEPTED: 13,
  INVITATION_REFUSED: 14,
  READ_SYNCED: 15,
  CUSTOM: 16,
  MUTED: 17,
  REMIND_TYPE_CHANGED: 21,
  BANNED: 22,
  UNBANNED: 23,
  INVITATION_FOR_ADMIN: 24,
} as const;

export function decodeTip(content: Fields): GroupTipPayload {
  const members = list(content.MemberList).map(decodeTipMember);
  const operatorID = text(content.Operator_Account);
  return {
    operationType: number(content.OpType),
    operatorID,
    operatorInfo: { userID: operatorID, nick: '', avatar: '' },
    userIDList: members.map(({ userID }) => userID),
    memberList: members,
    ...(content.MemberNum === undefined ? {} : { memberCount: number(content.MemberNum) }),
    newGroupProfile: decodeTipProfile(object(content.GroupInfo)),
    joinType: number(content.JoinType),
    reason: text(content.Reason),
  };
}

export function decodeNotice(content: Fields): GroupSystemNoticePayload {
  return {
    operationType: number(content.ReportType),
    operatorID: text(content.Operator_Account),
    groupProfile: {
      groupID: text(content.GroupId),
      name: text(content.GroupName),
      type: text(content.GroupType),
    },
    userID: text(content.Member_Account),
    inviterID: text(content.Inviter_Account),
    applicationID: text(content.ApplicationId),
    applyMessage: text(content.ApplyMessage),
    handleMessage: text(content.HandleMessage) || text(content.Reason),
    userDefinedField: text(content.UserDefinedField),
    muteTime: number(content.MuteTime),
  };
}

function decodeTipMember(content: Fields): TipMember {
  return {
    userID: text(content.Member_Account),
    nick: '',
    avatar: '',
    ...(content.MuteTime === undefined ? {} : { muteTime: number(content.MuteTime) }),
    ...(content.Role === undefined ? {} : { role: text(content.Role) }),
    ...(content.NameCard === undefined ? {} : { nameCard: text(content.NameCard) }),
  };
}

/** Fields of the border that a tip gives, under the names of the API. */
const PROFILE_TEXTS: Readonly<
  Record<string, 'name' | 'introduction' | 'notification' | 'avatar' | 'ownerID'>
> = {
  Name: 'name',
  Introduction: 'introduction',
  Notification: 'notification',
  FaceUrl: 'avatar',
  Owner_Account: 'ownerID',
};

/** The border has a name of its own for inviting that is off. */
const INVITE_OPTIONS: Readonly<Record<string, TYPES>> = {
  NeedPermission: TYPES.JOIN_OPTIONS_NEED_PERMISSION,
  DisableInvite: TYPES.JOIN_OPTIONS_DISABLE_APPLY,
};

function decodeTipProfile(info: Fields): TipProfile {
  const profile: TipProfile = {};
  for (const [wire, field] of Object.entries(PROFILE_TEXTS)) {
    if (typeof info[wire] === 'string') profile[field] = info[wire];
  }
  if (info.MuteAllMember !== undefined) profile.muteAllMembers = info.MuteAllMember === 'On';
  if (typeof info.ApplyJoinOption === 'string') profile.joinOption = info.ApplyJoinOption as TYPES;
  if (typeof info.InviteJoinOption === 'string') {
    profile.inviteOption = INVITE_OPTIONS[info.InviteJoinOption] ?? TYPES.JOIN_OPTIONS_FREE_ACCESS;
  }
  if (Array.isArray(info.AppDefinedData)) {
    profile.groupCustomField = list(info.AppDefinedData).map(({ Key, Value }) => ({
      key: text(Key),
      value: text(Value),
    }));
  }
  return profile;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(object) : []);

/** Nobody else can say these: a tip has the flag that only the platform may set, a notice comes from its own account. */
export const isOfPlatform = ({ message, flags }: MessageRecord): boolean =>
  (message.type === TYPES.MSG_GRP_TIP && hasFlag(flags, MessageFlag.SYSTEM)) ||
  (message.type === TYPES.MSG_GRP_SYS_NOTICE && message.from === TYPES.CONV_SYSTEM);
