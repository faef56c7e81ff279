// A member's role, mute, name card, wishes and custom fields.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId, toUserId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { ADMINS_PER_GROUP_MAX } from '../domain/limits.js';
import { type Actor, decideTargetedAs } from '../domain/member-rights.js';
import { muteUntil } from '../domain/mutes.js';
import { checkNameCard } from '../domain/new-member.js';
import { type ActorRole, decideOperation } from '../domain/policy.js';
import { badParameter, notMember, notPermitted, refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import { actorIn, type Caller, operatorOf } from './caller.js';
import { type Place, requireTopic } from './topic-access.js';

export interface ModifyMemberDeps {
  readonly register: GroupRegister;
  readonly custom: CustomFields;
  readonly events: GroupEvents;
}

interface Call {
  readonly request: groupv1.ModifyMemberRequest;
  readonly caller: Caller;
  readonly user: UserId;
  readonly isSelf: boolean;
  /** Whose messages the receive option is about; undefined: those of the whole group. */
  readonly topicId: GroupId | undefined;
}

export class ModifyMember {
  constructor(private readonly deps: ModifyMemberDeps) {}

  /** @throws ChatError 10004, 10005, 10007 or 10010. */
  async run({ key, topicId }: Place, request: groupv1.ModifyMemberRequest, caller: Caller) {
    const user =
      request.userId === '' ? caller.userId : toUserId(request.userId, ErrorCode.GROUP_BAD_PARAMETER);
    if (topicId !== undefined) checkOptionOnly(request);
    const call = { request, caller, user, topicId, isSelf: !caller.isBackEnd && user === caller.userId };
    const member = await this.deps.register.change(key, (view) => this.#decide(view, call));
    this.deps.events.audit('member_modified', caller.context, { groupId: key.groupId, userId: user });
    return { member };
  }

  async #decide(view: GroupView, call: Call): Promise<Decided<groupv1.Member>> {
    if (call.topicId !== undefined) await requireTopic(view, call.topicId);
    const actor = await actorIn(view, call.caller);
    const { role } = actor;
    const draft = new ChangeDraft(view, { operator: operatorOf(call.caller), isSilent: false });
    const muteChanged = applyMute(draft, view, actor, call);
    const member = await this.#member(view, role, call);
    const roleChanged = applyRole(draft, view, role, call);
    if (roleChanged && call.request.role === groupv1.Role.ADMIN) {
      draft.handOver(await view.openApplications(), call.user);
    }
    const next = view.policy.hasMembers ? this.#applyFields(draft, view, { member, actor, call }) : member;
    const shown = {
      ...next,
      role: roleChanged ? call.request.role : member.role,
      mutedUntilS: draft.intent.mutes[0]?.untilS ?? member.mutedUntilS,
    };
    draft.record({
      case: 'memberModified',
      value: create(groupv1.MemberModifiedSchema, { member: shown, roleChanged, muteChanged }),
    });
    return { answer: shown, next: draft };
  }

  /** Of a live group nothing is known of a visitor but a mute. */
  async #member(view: GroupView, role: ActorRole, { request, user, isSelf }: Call): Promise<groupv1.Member> {
    const member = await view.member(user);
    if (!view.policy.hasMembers) {
      if (request.muteSeconds === undefined) refuse(decideOperation(view.policy, role, 'modifyMember'));
      return create(groupv1.MemberSchema, { userId: user, role: view.roleOf(user) });
    }
    if (member !== undefined) return member;
    if (isSelf) refuse(decideOperation(view.policy, role, 'modifySelf'));
    throw notMember();
  }

  #applyFields(
    draft: ChangeDraft,
    view: GroupView,
    { member, actor, call }: { readonly member: groupv1.Member; readonly actor: Actor; readonly call: Call },
  ): groupv1.Member {
    const { request, isSelf, caller } = call;
    const { receiveOption, nameCard, custom } = request;
    const hasCustom = Object.keys(custom).length > 0;
    const wantsOption = receiveOption !== groupv1.ReceiveOption.UNSPECIFIED;
    if (!wantsOption && nameCard === undefined && !hasCustom) return member;
    if (wantsOption && !isSelf && !caller.isBackEnd)
      throw notPermitted('others do not choose this for a member');
    if (nameCard !== undefined || hasCustom) refuseFields(view, actor, call);
    const next: groupv1.Member = {
      ...member,
      ...(wantsOption ? withOption(member, receiveOption, call.topicId) : {}),
      nameCard: nameCard === undefined ? member.nameCard : checkNameCard(nameCard),
      custom: this.deps.custom.apply(member.custom, custom, {
        scope: 'member',
        policy: view.policy,
        role: actor.role,
      }),
    };
    draft.update(next);
    return next;
  }
}

function withOption(
  member: groupv1.Member,
  option: groupv1.ReceiveOption,
  topicId: GroupId | undefined,
): Partial<groupv1.Member> {
  if (topicId === undefined) return { receiveOption: option };
  return { topicReceiveOptions: { ...member.topicReceiveOptions, [topicId]: option } };
}

/** In a topic a member has no other fields of its own. */
function checkOptionOnly(request: groupv1.ModifyMemberRequest): void {
  const { role, muteSeconds, nameCard, custom } = request;
  const isMore = muteSeconds !== undefined || nameCard !== undefined || Object.keys(custom).length > 0;
  if (isMore || role !== groupv1.Role.UNSPECIFIED) {
    throw badParameter('members of a topic are those of its community');
  }
}

function refuseFields(view: GroupView, actor: Actor, { isSelf, user }: Call): void {
  if (isSelf) refuse(decideOperation(view.policy, actor.role, 'modifySelf'));
  else refuse(decideTargetedAs(view.policy, actor, 'modify', view.targetRole(user)));
}

function applyMute(draft: ChangeDraft, view: GroupView, actor: Actor, { request, user }: Call): boolean {
  if (request.muteSeconds === undefined) return false;
  refuse(decideTargetedAs(view.policy, actor, 'mute', view.targetRole(user)));
  const untilS = muteUntil(view.nowS, request.muteSeconds);
  draft.intent.mutes.push(create(groupv1.TimedUserSchema, { userId: user, untilS }));
  return true;
}

function applyRole(draft: ChangeDraft, view: GroupView, role: ActorRole, { request, user }: Call): boolean {
  if (request.role === groupv1.Role.UNSPECIFIED) return false;
  refuse(decideOperation(view.policy, role, 'appointAdmin'));
  if (request.role === groupv1.Role.OWNER) throw badParameter('a group gets an owner by being transferred');
  if (view.targetRole(user) === 'owner') throw notPermitted('the owner’s role does not change');
  if (view.roleOf(user) === request.role) return false;
  const others = draft.state.admins.filter((admin) => admin !== user);
  draft.state.admins = request.role === groupv1.Role.ADMIN ? [...others, user] : others;
  if (draft.state.admins.length <= ADMINS_PER_GROUP_MAX) return true;
  throw new ChatError(
    ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
    `a group has at most ${ADMINS_PER_GROUP_MAX} admins`,
  );
}
