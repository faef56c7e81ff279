// What single persons are told about a group: the body of a notice (TIMGroupSystemNoticeElem), under the names of
// the web SDK. Values: client-features.md 10.8.
import { groupv1 } from '@parley/proto';

/** operationType of a notice. */
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
  readonly operationType: number;
  readonly operatorID: string;
  readonly groupProfile: { readonly groupID: string; readonly name: string; readonly type: string };
  /** What an applicant wrote. */
  readonly applicationMessage?: string;
  /** What HandleApplication names. */
  readonly applicationID?: string;
  /** Who wants in, or was invited. */
  readonly userID?: string;
  readonly inviterID?: string;
  /** What whoever decided wrote. */
  readonly handleMessage?: string;
  readonly reason?: string;
  /** Seconds from now; mutes and bans. */
  readonly muteTime?: number;
}

export interface Notice {
  readonly to: string;
  readonly content: NoticeContent;
}

type Part = Omit<NoticeContent, 'operatorID' | 'groupProfile'>;

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
      return tell(change, what.value.memberIds, { operationType: NoticeType.DISMISSED });
    case 'membersAdded':
      return what.value.way === groupv1.JoinWay.INVITED
        ? tell(change, what.value.userIds, { operationType: NoticeType.PULLED_IN })
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
  const { groupId: groupID, name, type } = change.group;
  const content = { ...part, operatorID: change.operator, groupProfile: { groupID, name, type } };
  return users.filter((to) => to !== '').map((to) => ({ to, content }));
}

function created(change: groupv1.GroupChange, memberIds: readonly string[]): Notice[] {
  const owner = change.group?.owner ?? '';
  const others = memberIds.filter((user) => user !== owner);
  return [
    ...tell(change, [owner], { operationType: NoticeType.CREATED }),
    ...tell(change, others, { operationType: NoticeType.PULLED_IN }),
  ];
}

function removed(change: groupv1.GroupChange, { userIds, kicked, reason }: groupv1.MembersRemoved): Notice[] {
  if (!kicked) return tell(change, userIds, { operationType: NoticeType.QUIT });
  return tell(change, userIds, { operationType: NoticeType.KICKED, ...(reason === '' ? {} : { reason }) });
}

function memberModified(
  change: groupv1.GroupChange,
  { member, roleChanged, muteChanged }: groupv1.MemberModified,
): Notice[] {
  if (member === undefined) return [];
  const isAdmin = member.role === groupv1.Role.ADMIN;
  const operationType = isAdmin ? NoticeType.ADMIN_GRANTED : NoticeType.ADMIN_REVOKED;
  const mute = { userId: member.userId, untilS: member.mutedUntilS };
  return [
    ...(roleChanged ? tell(change, [member.userId], { operationType }) : []),
    ...(muteChanged ? timed(change, mute, NoticeType.MUTED) : []),
  ];
}

function timed(
  change: groupv1.GroupChange,
  user: Pick<groupv1.TimedUser, 'userId' | 'untilS'>,
  operationType: number,
): Notice[] {
  const nowS = Math.floor(Number(change.timeMs) / 1_000);
  return tell(change, [user.userId], { operationType, muteTime: Math.max(0, user.untilS - nowS) });
}

function applicationMade(change: groupv1.GroupChange, made: groupv1.ApplicationMade): Notice[] {
  const { application, handlers } = made;
  if (application === undefined) return [];
  return tell(change, handlers, {
    operationType: typeOfKind(application.kind),
    applicationID: application.applicationId,
    applicationMessage: application.message,
    userID: application.userId,
    ...(application.inviter === '' ? {} : { inviterID: application.inviter }),
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
    operationType: accepted ? yes : no,
    applicationID: application.applicationId,
    handleMessage: message,
    userID: application.userId,
  });
}
