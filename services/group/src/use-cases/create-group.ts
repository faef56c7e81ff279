// A group is made, with its first members.

import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { applyFields, type FieldRules, membersMaxOf } from '../domain/group-fields.js';
import { checkCustomGroupId } from '../domain/group-id.js';
import type { GroupTypes } from '../domain/group-types.js';
import { CREATION_ID_BYTES_MAX, MEMBERS_AT_CREATION_MAX } from '../domain/limits.js';
import { plainMember, toMember } from '../domain/new-member.js';
import { type ActorRole, decideOperation, type GroupPolicy } from '../domain/policy.js';
import { badParameter, notPermitted, refuse } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import { listKeyOf } from '../stores/app-group-store.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, subjectUser, toUserIds } from './caller.js';
import { createGroupId } from './create-group-id.js';
import type { GroupQuota } from './group-quota.js';
import { withType } from './shown-group.js';

export interface CreateGroupDeps {
  readonly register: GroupRegister;
  readonly types: GroupTypes;
  readonly accounts: Accounts;
  readonly quota: GroupQuota;
  readonly rules: FieldRules;
  readonly events: GroupEvents;
  readonly clock: { now(): number };
}

interface Plan {
  readonly request: groupv1.CreateGroupRequest;
  readonly policy: GroupPolicy;
  readonly key: GroupKey;
  readonly owner: string;
  readonly caller: Caller;
  readonly role: ActorRole;
  /** Without the owner. */
  readonly members: readonly { readonly member: groupv1.Member; readonly asked: groupv1.NewMember }[];
  readonly nowS: number;
}

export class CreateGroup {
  constructor(private readonly deps: CreateGroupDeps) {}

  /** @throws ChatError 10004, 10005, 10006, 10007, 10015, 10019, 10021, 10025, 10036, 10037 or 10038. */
  async run(request: groupv1.CreateGroupRequest, caller: Caller) {
    const plan = await this.#plan(request, caller);
    const { register, quota } = this.deps;
    // A retry of what was made already must not fail for want of room.
    const made = await register.find(plan.key);
    if (made !== undefined) return this.#answer(plan, answerTaken(plan, made));
    if (plan.owner !== '' && plan.policy.hasMembers) {
      await quota.requireRoomFor(caller.appId, plan.owner as UserId);
    }
    if (!request.isImport) await quota.requireRoomForGroup(caller.appId, plan.policy);
    const group = await register.decide(plan.key, async (view) => this.#decide(plan, view));
    this.deps.events.audit('created', caller.context, { groupId: plan.key.groupId, type: plan.policy.name });
    return this.#answer(plan, group);
  }

  async #plan(request: groupv1.CreateGroupRequest, caller: Caller): Promise<Plan> {
    const { types, accounts, rules, clock } = this.deps;
    const policy = types.named(request.type);
    const owner = caller.isBackEnd ? request.owner : subjectUser(caller, request.owner);
    const role: ActorRole = caller.isBackEnd ? 'X' : 'O';
    checkRequest(request, policy, role);
    const nowS = Math.floor(clock.now() / 1_000);
    const asked = request.members.filter((one) => one.userId !== owner);
    const wanted = toUserIds([...asked.map((one) => one.userId), ...(owner === '' ? [] : [owner])]);
    const existing = wanted.length > 0 ? await accounts.existing(caller.appId, wanted) : new Set<string>();
    if (owner !== '' && !existing.has(owner)) {
      throw new ChatError(ErrorCode.GROUP_ACCOUNT_NOT_FOUND, 'the owner does not exist');
    }
    const first = new Map(asked.map((one) => [one.userId, one]));
    const members = [...first.values()]
      .filter((one) => existing.has(one.userId))
      .map((one) => ({ asked: one, member: toMember(one, { policy, role, nowS }, rules.custom) }));
    return { request, policy, owner, caller, role, members, nowS, key: keyOf(request, caller, policy) };
  }

  #decide(plan: Plan, view: GroupView | undefined): Decided<groupv1.Group> {
    if (view !== undefined && !view.state.isDestroyed) return { answer: answerTaken(plan, view) };
    const draft = this.#newGroup(plan, view);
    const owner =
      plan.owner === '' || !plan.policy.hasMembers ? [] : [plainMember(plan.owner, plan.policy, plan.nowS)];
    draft.add([
      ...owner.map((member) => ({ member, unreadCount: 0 })),
      ...plan.members.map(({ member, asked }) => ({ member, unreadCount: asked.unreadCount })),
    ]);
    const { group, state } = draft;
    if (group.maxMemberNum > 0 && group.memberNum > group.maxMemberNum) {
      throw new ChatError(ErrorCode.GROUP_MEMBER_LIMIT, 'more members than the group may have');
    }
    state.admins = plan.members
      .filter(({ asked }) => asked.role === groupv1.Role.ADMIN)
      .map(({ member }) => member.userId);
    draft.intent.lists = true;
    const memberIds = draft.intent.members.map((row) => row.member?.userId ?? '');
    draft.record({ case: 'created', value: { $typeName: 'parley.group.v1.GroupCreated', memberIds } });
    state.firstSeq = state.changeSeq;
    return { answer: group, next: { state, intent: draft.intent } };
  }

  /** The group before its members; numbers of changes go on above those of a former group. */
  #newGroup(plan: Plan, former: GroupView | undefined): ChangeDraft {
    const { request, policy, caller, nowS, role, key } = plan;
    const { rules } = this.deps;
    const state = create(groupv1.GroupStateSchema, {
      creator: caller.userId,
      creationId: request.creationId,
      changeSeq: former?.state.changeSeq ?? 0n,
      isReused: former !== undefined,
      listKey: listKeyOf(key.groupId, nowS),
    });
    const group = create(groupv1.GroupSchema, {
      groupId: key.groupId,
      type: policy.name,
      owner: plan.owner,
      createTimeS: request.createTimeS || nowS,
      lastInfoTimeS: nowS,
      infoSeq: 1n,
      maxMemberNum: membersMaxOf(policy, rules.limits),
      applyJoinOption: policy.apply.default,
      inviteJoinOption: policy.invite.default,
      historyBeforeJoin: policy.historyBeforeJoin.default,
      supportTopic: request.supportTopic,
    });
    const fields = request.fields ?? create(groupv1.GroupFieldsSchema);
    state.group = applyFields(group, fields, { policy, role, isCreation: true }, rules);
    const view = { key, state, nowS, nowMs: this.deps.clock.now() };
    return new ChangeDraft(view, {
      operator: caller.isBackEnd ? plan.owner : caller.userId,
      isSilent: request.isImport,
    });
  }

  #answer(plan: Plan, group: groupv1.Group) {
    const known = new Set([plan.owner, ...plan.members.map(({ member }) => member.userId)]);
    const members = plan.request.members.map(({ userId }) => ({
      userId,
      result: known.has(userId) ? groupv1.MemberResult.ADDED : groupv1.MemberResult.FAILED,
    }));
    return { group: withType(group, plan.policy), members };
  }
}

function checkRequest(request: groupv1.CreateGroupRequest, policy: GroupPolicy, role: ActorRole): void {
  if (request.members.length > MEMBERS_AT_CREATION_MAX) {
    throw new ChatError(
      ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
      `at most ${MEMBERS_AT_CREATION_MAX} first members`,
    );
  }
  if (request.members.length > 0 && !policy.hasMembers) {
    throw notPermitted('groups of this type begin without members');
  }
  if (request.isImport)
    refuse(decideOperation(policy, role, 'import'), 'groups of this type are not imported');
  if (request.createTimeS !== 0 && !request.isImport)
    throw badParameter('only imports have a time of their own');
  if (request.supportTopic && !policy.hasTopics) throw badParameter('only communities have topics');
  if (Buffer.byteLength(request.creationId) > CREATION_ID_BYTES_MAX) {
    throw badParameter(`a creation id has at most ${CREATION_ID_BYTES_MAX} bytes`);
  }
}

function keyOf(request: groupv1.CreateGroupRequest, caller: Caller, policy: GroupPolicy): GroupKey {
  const { appId, userId: creator } = caller;
  const { groupId, creationId } = request;
  if (groupId !== '') return { appId, groupId: checkCustomGroupId(groupId, policy) };
  const made: GroupId =
    creationId === '' ? createGroupId(policy) : createGroupId(policy, { appId, creator, creationId });
  return { appId, groupId: made };
}

/** The group that stands under the id, if it is this request's own. @throws ChatError 10021 or 10025. */
function answerTaken({ request, caller, owner }: Plan, view: GroupView): groupv1.Group {
  const { state, group } = view;
  const isOwn = request.creationId !== '' && state.creationId === request.creationId;
  if (isOwn && state.creator === caller.userId) return group;
  if (owner !== '' && group.owner === owner) {
    throw new ChatError(ErrorCode.GROUP_ID_TAKEN_BY_CALLER, 'the owner has a group with this id already');
  }
  throw new ChatError(ErrorCode.GROUP_ID_TAKEN, 'the group id is taken');
}
