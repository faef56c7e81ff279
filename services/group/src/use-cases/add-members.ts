// Somebody brings others into a group: a back end, a member who invites, an import.

import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { addApplications, type NewApplication } from '../domain/applications.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { ADDED_BY_ADMIN_MAX, INVITED_BY_USER_MAX } from '../domain/limits.js';
import { toMember } from '../domain/new-member.js';
import { type ActorRole, decideOperation } from '../domain/policy.js';
import { groupFull, notPermitted, refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf, roleIn, toUserIds } from './caller.js';
import type { GroupQuota } from './group-quota.js';

type Outcomes = Map<string, groupv1.MemberResult>;
/** Directly, or after somebody's decision. */
type Way = 'direct' | groupv1.ApplicationKind;

export interface AddMembersDeps {
  readonly register: GroupRegister;
  readonly accounts: Accounts;
  readonly quota: GroupQuota;
  readonly custom: CustomFields;
  readonly events: GroupEvents;
  readonly invitesNeedConsent: boolean;
}

const { ADDED, ALREADY_MEMBER, WAITING, FAILED } = groupv1.MemberResult;

export class AddMembers {
  constructor(private readonly deps: AddMembersDeps) {}

  /** @throws ChatError 10004, 10005, 10007, 10010 or 10014. */
  async run(key: GroupKey, request: groupv1.AddMembersRequest, caller: Caller) {
    const { accounts, quota, register, events } = this.deps;
    checkNumber(request, caller);
    const asked = new Map(request.members.map((member) => [member.userId, member]));
    const users = toUserIds([...asked.keys()]);
    const [existing, full] = await Promise.all([
      accounts.existing(key.appId, users),
      quota.fullOf(key.appId, users),
    ]);
    const possible = users.filter((user) => existing.has(user) && !full.has(user));
    const outcomes = await register.change(key, (view) =>
      this.#decide(view, { request, asked, possible, caller }),
    );
    events.audit('members_added', caller.context, { groupId: key.groupId, userIds: users });
    const members = request.members.map(({ userId }) => ({ userId, result: outcomes.get(userId) ?? FAILED }));
    return { members };
  }

  async #decide(
    view: GroupView,
    call: {
      readonly request: groupv1.AddMembersRequest;
      readonly asked: ReadonlyMap<string, groupv1.NewMember>;
      readonly possible: readonly UserId[];
      readonly caller: Caller;
    },
  ): Promise<Decided<Outcomes>> {
    const { request, possible, caller, asked } = call;
    const role = await roleIn(view, caller);
    const way = this.#wayIn(view, role, request.isImport);
    const { outcomes, fresh } = await sortOut(view, possible);
    const wanted = fresh.map((user) => asked.get(user) ?? create(groupv1.NewMemberSchema, { userId: user }));
    const isSilent = request.isImport || request.silent;
    const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent });
    if (way === 'direct')
      this.#addDirectly(draft, view, { role, wanted, outcomes, isImport: request.isImport });
    else await apply(draft, view, { kind: way, users: fresh, inviter: caller.userId, outcomes });
    return draft.intent.changes.length === 0 ? { answer: outcomes } : { answer: outcomes, next: draft };
  }

  /** @throws ChatError 10007 */
  #wayIn(view: GroupView, role: ActorRole, isImport: boolean): Way {
    const { policy, group } = view;
    if (isImport) refuse(decideOperation(policy, role, 'import'));
    if (role === 'X') {
      refuse(decideOperation(policy, role, 'addDirectly'));
      return 'direct';
    }
    refuse(decideOperation(policy, role, 'invite'));
    if (group.inviteJoinOption === groupv1.JoinOption.DISABLED) {
      throw notPermitted('nobody may be invited into this group');
    }
    const needsAdmin = group.inviteJoinOption === groupv1.JoinOption.NEED_PERMISSION && role === 'M';
    if (needsAdmin) return groupv1.ApplicationKind.INVITE_FOR_ADMIN;
    return this.deps.invitesNeedConsent ? groupv1.ApplicationKind.INVITE_FOR_INVITEE : 'direct';
  }

  #addDirectly(
    draft: ChangeDraft,
    view: GroupView,
    call: {
      readonly role: ActorRole;
      readonly wanted: readonly groupv1.NewMember[];
      readonly outcomes: Outcomes;
      readonly isImport: boolean;
    },
  ): void {
    const { nowS, policy } = view;
    const isTimeful = ({ joinTimeS }: groupv1.NewMember) =>
      joinTimeS === 0 || !call.isImport || (joinTimeS >= view.group.createTimeS && joinTimeS <= nowS);
    const taken = call.wanted.filter(isTimeful);
    checkRoom(view, taken.length);
    if (taken.length === 0) return;
    const where = { policy, role: call.role, nowS };
    draft.add(
      taken.map((asked) => ({
        member: toMember(
          { ...asked, joinTimeS: call.isImport ? asked.joinTimeS : 0 },
          where,
          this.deps.custom,
        ),
        unreadCount: call.isImport ? asked.unreadCount : 0,
        seesPast: call.isImport,
      })),
    );
    const userIds = taken.map(({ userId }) => userId);
    const admins = taken.filter(({ role }) => role === groupv1.Role.ADMIN && call.role === 'X');
    draft.state.admins.push(...admins.map(({ userId }) => userId));
    for (const userId of userIds) call.outcomes.set(userId, ADDED);
    draft.record({
      case: 'membersAdded',
      value: create(groupv1.MembersAddedSchema, { userIds, way: groupv1.JoinWay.INVITED }),
    });
  }
}

/** Who may still come in; what is known of the others. */
async function sortOut(view: GroupView, users: readonly UserId[]) {
  const outcomes: Outcomes = new Map();
  const [members, bans] = await Promise.all([view.members(users), view.bannedUntil(users)]);
  const fresh: UserId[] = [];
  users.forEach((user, at) => {
    if (members[at] !== undefined) outcomes.set(user, ALREADY_MEMBER);
    else if ((bans[at] ?? 0) > 0) outcomes.set(user, FAILED);
    else fresh.push(user);
  });
  return { outcomes, fresh };
}

async function apply(
  draft: ChangeDraft,
  view: GroupView,
  call: {
    readonly kind: groupv1.ApplicationKind;
    readonly users: readonly UserId[];
    readonly inviter: UserId;
    readonly outcomes: Outcomes;
  },
): Promise<void> {
  const wanted = call.users.map(
    (userId): NewApplication => ({ kind: call.kind, userId, inviter: call.inviter, message: '' }),
  );
  await addApplications(draft, view, wanted);
  for (const user of call.users) call.outcomes.set(user, WAITING);
}

/** @throws ChatError 10014 */
export function checkRoom(view: GroupView, newcomers: number): void {
  const { memberNum, maxMemberNum } = view.group;
  if (newcomers > 0 && maxMemberNum > 0 && memberNum + newcomers > maxMemberNum) throw groupFull();
}

function checkNumber(request: groupv1.AddMembersRequest, caller: Caller): void {
  const max = caller.isBackEnd ? ADDED_BY_ADMIN_MAX : INVITED_BY_USER_MAX;
  if (request.members.length > max) {
    throw new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `at most ${max} members at once`);
  }
  if (!caller.isBackEnd && (request.silent || request.isImport)) {
    throw notPermitted('only an app’s back end adds members silently');
  }
}
