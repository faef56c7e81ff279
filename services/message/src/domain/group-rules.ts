// May they? Rules over what the group service says of a group and a user.
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1, optionsv1 } from '@parley/proto';
import type { GroupDraft } from './decide-group-send.js';
import type { GroupMembership } from './group-mark.js';
import { RECEIPT_MEMBERS_MAX } from './limits.js';
import { hasFlag, MessageFlag } from './message-facts.js';

/** What the group service knows that a message or a read depends on. */
export type GroupFacts = Omit<groupv1.GetSendFactsResponse, '$typeName' | '$unknown'>;

const { CallerRole } = optionsv1;

/** Why the message may not be sent; undefined: it may. */
export function refuseSend(
  facts: GroupFacts,
  draft: GroupDraft,
  call: { readonly role: optionsv1.CallerRole; readonly nowMs: number },
): ChatError | undefined {
  if (!facts.exists) return groupUnknown();
  if (call.role === CallerRole.SERVICE) return undefined;
  if (call.role === CallerRole.USER) {
    if (!facts.isMember) return notAMember();
    if (isMuted(facts, call.nowMs)) {
      return new ChatError(ErrorCode.GROUP_MUTED, 'the sender is muted in the group');
    }
    if (facts.byRights && !(facts.maySend && (facts.mayAtAll || !draft.group.atAll))) return noRight();
  }
  return refuseForType(facts, draft);
}

/** Whether the user may recall what others said. */
export const mayRecallOthers = (facts: GroupFacts): boolean =>
  facts.byRights ? facts.mayRecallOthers : mayLead(facts);

/** What of the past a member sees: where permission groups are in force, their rights say it instead of its row. */
export function visibleFrom(facts: GroupFacts, membership: GroupMembership): bigint {
  const { visibleFromSeq, openingMark } = membership;
  if (!facts.byRights) return visibleFromSeq;
  return facts.mayReadPast ? 0n : openingMark.asOfSeq + 1n;
}

/** What the group's type does not take. */
function refuseForType(facts: GroupFacts, { group, flags }: GroupDraft): ChatError | undefined {
  if (group.toAccounts.length > 0 && !facts.takesTargeted) {
    return notTaken('messages for some members by name');
  }
  if (group.atAll && !facts.takesAtAll) return notTaken('messages that mention all');
  if (hasFlag(flags, MessageFlag.NEED_READ_RECEIPT)) {
    const refusal = refuseReceipt(facts, flags);
    if (refusal !== undefined) return refusal;
  }
  const controls = MessageFlag.NO_UNREAD | MessageFlag.NO_LAST;
  const takesControls = facts.storesHistory && (facts.countsUnread || !hasFlag(flags, MessageFlag.NO_UNREAD));
  if ((flags & controls) !== 0 && !takesControls) {
    return new ChatError(ErrorCode.GROUP_BAD_PARAMETER, 'the type of the group has nothing to control so');
  }
  return undefined;
}

/** Why the message may not ask for receipts; types without them pass it over. */
function refuseReceipt(facts: GroupFacts, flags: number): ChatError | undefined {
  if (hasFlag(flags, MessageFlag.ONLINE_ONLY)) {
    const info = 'a message for online members only has no receipts';
    return new ChatError(ErrorCode.GROUP_ONLINE_MESSAGE_WITHOUT_RECEIPTS, info);
  }
  if (!facts.takesReceipts || facts.memberNum <= RECEIPT_MEMBERS_MAX) return undefined;
  const info = `messages of groups of more than ${RECEIPT_MEMBERS_MAX} members have no receipts`;
  return new ChatError(ErrorCode.GROUP_TOO_LARGE_FOR_RECEIPTS, info);
}

/** Why the user may not read; undefined: it may. Admins read everywhere. */
export function refuseRead(facts: GroupFacts, role: optionsv1.CallerRole): ChatError | undefined {
  if (!facts.exists) return groupUnknown();
  return role === CallerRole.USER && !facts.isMember ? notAMember() : undefined;
}

/** While all are muted, owner and admins speak. */
function isMuted(facts: GroupFacts, nowMs: number): boolean {
  return facts.mutedUntilS * 1_000 > nowMs || (facts.muteAll && !mayLead(facts));
}

const mayLead = ({ role }: GroupFacts): boolean => role === groupv1.Role.OWNER || role === groupv1.Role.ADMIN;

export const groupUnknown = (): ChatError =>
  new ChatError(ErrorCode.GROUP_NOT_FOUND, 'the group does not exist');

export const notAMember = (): ChatError =>
  new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'the user is no member of the group');

export const noHistory = (): ChatError =>
  new ChatError(ErrorCode.GROUP_TYPE_WITHOUT_HISTORY, 'groups of this type keep no messages');

const noRight = (): ChatError =>
  new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'the member has no right to say this');

const notTaken = (what: string): ChatError =>
  new ChatError(ErrorCode.GROUP_NO_PERMISSION, `the type of the group does not take ${what}`);
