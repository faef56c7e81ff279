// A user's groups of friends.
import { clone, create } from '@bufbuild/protobuf';
import { ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts, CallContext } from '@parley/rpc';
import type { HeadRegister } from '../changing/head-register.js';
import { versionsOf } from '../changing/list-versions.js';
import type { PairRegister } from '../changing/pair-register.js';
import { decideUpdate } from '../domain/deciding.js';
import { groupIdsOf, withGroups, withoutGroups, withRenamedGroup } from '../domain/groups.js';
import { FRIEND_GROUPS_MAX, USERS_PER_CALL_MAX } from '../domain/limits.js';
import { pairOf } from '../domain/pair.js';
import { friendOf, type ListStore } from '../stores/list-store.js';
import { type Actor, actorFrom, checkCount, eachUser } from './each-user.js';

const { RelationKind } = relationv1;

export interface FriendGroupsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class FriendGroups {
  constructor(private readonly deps: FriendGroupsDeps) {}

  /** @throws ChatError 30001, 30003, 30011. */
  async create(request: relationv1.CreateFriendGroupsRequest, context: CallContext) {
    const { names, userIds } = request;
    checkNames(names);
    if (userIds.length > 0) checkCount(userIds, USERS_PER_CALL_MAX);
    const actor = await this.#actor(context, request.userId);
    const nowMs = this.deps.clock.now();
    const head = await this.#change(actor, (seen) => withGroups(seen, names, nowMs));
    const groupIds = groupIdsOf(head, names);
    const results =
      userIds.length === 0 ? [] : await this.#regroup(actor, head, { userIds, added: groupIds, removed: [] });
    return { versions: await this.#versions(actor), results };
  }

  /** @throws ChatError 30001, 30003. */
  async delete({ userId, names }: relationv1.DeleteFriendGroupsRequest, context: CallContext) {
    checkNames(names);
    const actor = await this.#actor(context, userId);
    const head = await this.#change(actor, (seen) => withoutGroups(seen, names));
    return { versions: versionsOf(head) };
  }

  /** @throws ChatError 30001, 30003. */
  async rename({ userId, oldName, newName }: relationv1.RenameFriendGroupRequest, context: CallContext) {
    const actor = await this.#actor(context, userId);
    const head = await this.#change(actor, (seen) => withRenamedGroup(seen, oldName, newName));
    return { versions: versionsOf(head) };
  }

  /** @throws ChatError 30001, 30003. */
  async changeMembers(
    { userId, name, added, removed }: relationv1.ChangeFriendGroupMembersRequest,
    context: CallContext,
  ) {
    checkCount([...added, ...removed], USERS_PER_CALL_MAX);
    const actor = await this.#actor(context, userId);
    const head = await this.deps.heads.get(actor.appId, actor.userId);
    const groupIds = groupIdsOf(head, [name]);
    if (groupIds.length === 0) throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, 'there is no such group');
    const [into, outOf] = [
      added.length === 0
        ? []
        : await this.#regroup(actor, head, { userIds: added, added: groupIds, removed: [] }),
      removed.length === 0
        ? []
        : await this.#regroup(actor, head, { userIds: removed, added: [], removed: groupIds }),
    ];
    return { results: [...into, ...outOf] };
  }

  /** @throws ChatError 30003 */
  async list(
    { userId: named, names, withFriends }: relationv1.ListFriendGroupsRequest,
    context: CallContext,
  ) {
    const { heads, lists } = this.deps;
    const { appId, userId } = await this.#actor(context, named);
    const head = await heads.get(appId, userId);
    const wanted = head.groups.filter(({ name }) => names.length === 0 || names.includes(name));
    const rows = wanted.length === 0 ? [] : await lists.all(appId, userId, RelationKind.FRIEND);
    const members = new Map(wanted.map(({ groupId }) => [groupId, [] as UserId[]]));
    for (const row of rows)
      for (const groupId of friendOf(row).groupIds) members.get(groupId)?.push(row.peer);
    const groups = wanted.map(({ groupId, name }) => {
      const userIds = members.get(groupId) ?? [];
      return create(relationv1.FriendGroupSchema, {
        name,
        friendCount: userIds.length,
        userIds: withFriends ? userIds : [],
      });
    });
    return { groups, versions: versionsOf(head) };
  }

  #regroup(
    actor: Actor,
    head: relationv1.RelationHead,
    {
      userIds,
      added,
      removed,
    }: { userIds: readonly string[]; added: readonly number[]; removed: readonly number[] },
  ): Promise<relationv1.RelationResult[]> {
    const { accounts, register } = this.deps;
    const { appId, userId } = actor;
    const regrouped = (entry: relationv1.FriendEntry): relationv1.FriendEntry => {
      const next = clone(relationv1.FriendEntrySchema, entry);
      const isThere = (id: number) => head.groups.some(({ groupId }) => groupId === id);
      const left = entry.groupIds.filter((id) => isThere(id) && !removed.includes(id));
      next.groupIds = [...new Set([...left, ...added])];
      return next;
    };
    return eachUser(accounts, actor, userIds, (peer) =>
      register.change(pairOf(appId, userId, peer), userId, actor, (sides) =>
        decideUpdate(sides, regrouped, ErrorCode.SNS_GROUP_MEMBER_NOT_FRIEND),
      ),
    );
  }

  #actor(context: CallContext, named: string): Promise<Actor> {
    return actorFrom(this.deps.accounts, context, named);
  }

  #change(
    { appId, userId }: Actor,
    decide: (head: relationv1.RelationHead) => relationv1.RelationHead,
  ): Promise<relationv1.RelationHead> {
    return this.deps.heads.change(appId, userId, 'groups', decide);
  }

  async #versions({ appId, userId }: Actor): Promise<relationv1.ListVersions> {
    return versionsOf(await this.deps.heads.get(appId, userId));
  }
}

function checkNames(names: readonly string[]): void {
  if (names.length < 1 || names.length > FRIEND_GROUPS_MAX) {
    throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, `name 1 to ${FRIEND_GROUPS_MAX} groups`);
  }
}
