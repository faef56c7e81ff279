// What single persons are told about a group: the body of a notice (TIMGroupSystemNoticeElem), under the names of
// the REST border. Values: client-features.md 10.8.
import { groupv1 } from '@parley/proto';

/** ReportType of a notice. */
export const NoticeType = {
  JOIN_REQUEST: 1,
  ACCEPTED: 2,
  REFUSED: 3,
  KICKED: 4,
  DISMISSED: 5,
  CREATED: 6,
  PULLED_IN: 7,
  QUIT: 8,
  ADMIN_GRANTED: 9,
  ADMIN_REVOKED: 10,
  INVITATION_FOR_INVITEE: 12,
  INVITATION_ACCEPTED: 13,
  INVITATION_REFUSED: 14,
  MUTED: 17,
  BANNED: 22,
  UNBANNED: 23,
  INVITATION_FOR_ADMIN: 24,
} as const;

export interface NoticeContent {
  readonly ReportType: number;
  /** Empty: the app's back end. */
  readonly Operator_Account: string;
  readonly GroupId: string;
  readonly GroupName: string;
  readonly GroupType: string;
  /** Who applies, or is invited. */
  readonly Member_Account?: string;
  readonly Inviter_Account?: string;
  /** What HandleApplication names. */
  readonly ApplicationId?: string;
  readonly ApplyMessage?: string;
  /** What whoever decided wrote. */
  readonly HandleMessage?: string;
  readonly Reason?: string;
  /** Seconds from now; mutes and bans. */
  readonly MuteTime?: number;
}

export interface Notice {
  readonly to: string;
  readonly content: NoticeContent;
}

type Part = Omit<NoticeContent, 'Operator_Account' | 'GroupId' | 'GroupName' | 'GroupType'>;

/** The notices that a change gives. */
export function noticesOfChange(change: groupv1.GroupChange): Notice[] {
  if (change.group === undefined) return [];
  const { change: what } = change;
  // A silent removal is told to whoever was removed, and to nobody else.
  if (change.silent && what.case !== 'membersRemoved') return [];
  switch (what.case) {
    case 'created':
      return created(change, what.value.memberIds);
    case 'destroyed':
      return tell(change, what.value.memberIds, { ReportType: NoticeType.DISMISSED });
    case 'membersAdded':
      return what.value.way === groupv1.JoinWay.INVITED
        ? tell(change, what.value.userIds, { ReportType: NoticeType.PULLED_IN })
        : [];
    case 'membersRemoved':
      return removed(change, what.value);
    case 'memberModified':
      return memberModified(change, what.value);
    case 'membersMuted':
      return what.value.users.flatMap((user) => timed(change, user, NoticeType.MUTED));
    case 'membersBanned': {
      const type = what.value.lifted ? NoticeType.UNBANNED : NoticeType.BANNED;
      return what.value.users.flatMap((user) => timed(change, user, type));
    }
    case 'applicationMade':
      return applicationMade(change, what.value);
    case 'applicationHandled':
      return applicationHandled(change, what.value);
    default:
      return [];
  }
}

function tell(change: groupv1.GroupChange, users: readonly string[], part: Part): Notice[] {
  if (change.group === undefined) return [];
  const { groupId: GroupId, name: GroupName, type: GroupType } = change.group;
  const content = { ...part, Operator_Account: change.operator, GroupId, GroupName, GroupType };
  return users.filter((to) => to !== '').map((to) => ({ to, content }));
}

function created(change: groupv1.GroupChange, memberIds: readonly string[]): Notice[] {
  const owner = change.group?.owner ?? '';
  const others = memberIds.filter((user) => user !== owner);
  return [
    ...tell(change, [owner], { ReportType: NoticeType.CREATED }),
    ...tell(change, others, { ReportType: NoticeType.PULLED_IN }),
  ];
}

function removed(change: groupv1.GroupChange, { userIds, kicked, reason }: groupv1.MembersRemoved): Notice[] {
  if (!kicked) return tell(change, userIds, { ReportType: NoticeType.QUIT });
  return tell(change, userIds, {
    ReportType: NoticeType.KICKED,
    ...(reason === '' ? {} : { Reason: reason }),
  });
}

function memberModified(
  change: groupv1.GroupChange,
  { member, roleChanged, muteChanged }: groupv1.MemberModified,
): Notice[] {
  if (member === undefined) return [];
  const isAdmin = member.role === groupv1.Role.ADMIN;
  const ReportType = isAdmin ? NoticeType.ADMIN_GRANTED : NoticeType.ADMIN_REVOKED;
  const mute = { userId: member.userId, untilS: member.mutedUntilS };
  return [
    ...(roleChanged ? tell(change, [member.userId], { ReportType }) : []),
    ...(muteChanged ? timed(change, mute, NoticeType.MUTED) : []),
  ];
}

function timed(
  change: groupv1.GroupChange,
  user: Pick<groupv1.TimedUser, 'userId' | 'untilS'>,
  ReportType: number,
): Notice[] {
  const nowS = Math.floor(Number(change.timeMs) / 1_000);
  return tell(change, [user.userId], { ReportType, MuteTime: Math.max(0, user.untilS - nowS) });
}

function applicationMade(change: groupv1.GroupChange, made: groupv1.ApplicationMade): Notice[] {
  const { application, handlers } = made;
  if (application === undefined) return [];
  return tell(change, handlers, {
    ReportType: typeOfKind(application.kind),
    ApplicationId: application.applicationId,
    ApplyMessage: application.message,
    Member_Account: application.userId,
    ...(application.inviter === '' ? {} : { Inviter_Account: application.inviter }),
  });
}

function typeOfKind(kind: groupv1.ApplicationKind): number {
  if (kind === groupv1.ApplicationKind.JOIN) return NoticeType.JOIN_REQUEST;
  return kind === groupv1.ApplicationKind.INVITE_FOR_INVITEE
    ? NoticeType.INVITATION_FOR_INVITEE
    : NoticeType.INVITATION_FOR_ADMIN;
}

/** Whoever asked is told: the applicant, or the inviter. */
function applicationHandled(change: groupv1.GroupChange, handled: groupv1.ApplicationHandled): Notice[] {
  const { application, accepted, message } = handled;
  if (application === undefined) return [];
  const isJoin = application.kind === groupv1.ApplicationKind.JOIN;
  const { ACCEPTED, REFUSED, INVITATION_ACCEPTED, INVITATION_REFUSED } = NoticeType;
  const [yes, no] = isJoin ? [ACCEPTED, REFUSED] : [INVITATION_ACCEPTED, INVITATION_REFUSED];
  return tell(change, [isJoin ? application.userId : application.inviter], {
    ReportType: accepted ? yes : no,
    ApplicationId: application.applicationId,
    HandleMessage: message,
    Member_Account: application.userId,
  });
}
