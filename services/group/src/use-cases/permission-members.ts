// Members of a community come into its permission groups, and leave them.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { PERMISSION_MEMBERS_AT_ONCE_MAX, PERMISSION_MEMBERS_PER_PAGE_MAX } from '../domain/limits.js';
import { isIn } from '../domain/member-rights.js';
import { badParameter } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import type { PermissionMemberPage, PermissionStore } from '../stores/permission-store.js';
import { type Caller, operatorOf, roleIn, toUserIds } from './caller.js';
import { requirePermissionGroup, requireWithPermissions } from './permission-access.js';
import { shownMember } from './shown-group.js';

const { ADDED, ALREADY_MEMBER, FAILED } = groupv1.MemberResult;

interface Outcome {
  readonly userId: string;
  readonly result: groupv1.MemberResult;
}

export interface ChangePermissionMembersDeps {
  readonly register: GroupRegister;
  readonly events: GroupEvents;
  readonly permissionGroupMembersMax: number;
}

export class ChangePermissionMembers {
  constructor(private readonly deps: ChangePermissionMembersDeps) {}

  /** Who is no member of the community is an outcome. @throws ChatError 10004, 10005, 10007, 10010, 110006, 110008 or 110012. */
  async run(key: GroupKey, request: groupv1.ChangePermissionMembersRequest, caller: Caller) {
    const users = toUserIds(request.userIds);
    if (users.length === 0) throw badParameter('nobody is named');
    if (users.length > PERMISSION_MEMBERS_AT_ONCE_MAX) {
      throw new ChatError(
        ErrorCode.GROUP_TOO_MANY_ACCOUNTS,
        `at most ${PERMISSION_MEMBERS_AT_ONCE_MAX} members at once`,
      );
    }
    const members = await this.deps.register.change(key, async (view) => {
      await requireWithPermissions(view, caller, 'manageMembers');
      return this.#decide(view, { request, users, caller });
    });
    const { permissionGroupId } = request;
    const { groupId } = key;
    this.deps.events.audit('permission_members_changed', caller.context, {
      ...{ groupId, permissionGroupId, userIds: users, added: request.add },
    });
    return { members };
  }

  async #decide(
    view: GroupView,
    call: {
      readonly request: groupv1.ChangePermissionMembersRequest;
      readonly users: readonly UserId[];
      readonly caller: Caller;
    },
  ): Promise<Decided<readonly Outcome[]>> {
    const { add, permissionGroupId } = call.request;
    const group = await requirePermissionGroup(view, permissionGroupId);
    const members = await view.members(call.users);
    const answer = call.users.map((userId, at) => ({
      userId,
      result: resultOf(members[at], permissionGroupId, add),
    }));
    const moving = members.filter(
      (member) => member !== undefined && isIn(member, permissionGroupId) !== add,
    ) as groupv1.Member[];
    if (moving.length === 0) return { answer };
    if (add && group.memberCount + moving.length > this.deps.permissionGroupMembersMax) {
      throw new ChatError(
        ErrorCode.PERMISSION_GROUP_FULL,
        `a permission group has at most ${this.deps.permissionGroupMembersMax} members`,
      );
    }
    const draft = new ChangeDraft(view, { operator: operatorOf(call.caller), isSilent: false });
    draft.changePermission(permissionGroupId, moving, !add);
    const userIds = moving.map(({ userId }) => userId);
    const value = create(groupv1.PermissionMembersChangedSchema, { permissionGroupId, userIds, added: add });
    draft.record({ case: 'permissionMembersChanged', value });
    return { answer, next: draft };
  }
}

function resultOf(
  member: groupv1.Member | undefined,
  permissionGroupId: string,
  add: boolean,
): groupv1.MemberResult {
  if (!add) return ADDED;
  if (member === undefined) return FAILED;
  return isIn(member, permissionGroupId) ? ALREADY_MEMBER : ADDED;
}

export interface ListPermissionMembersDeps {
  readonly register: GroupRegister;
  readonly permissions: PermissionStore;
  readonly custom: CustomFields;
}

export class ListPermissionMembers {
  constructor(private readonly deps: ListPermissionMembersDeps) {}

  /** In the order of UserIDs. @throws ChatError 10004, 10007, 10010, 110006 or 110008. */
  async run(key: GroupKey, request: groupv1.ListPermissionMembersRequest, caller: Caller) {
    const limit = request.limit || PERMISSION_MEMBERS_PER_PAGE_MAX;
    if (limit > PERMISSION_MEMBERS_PER_PAGE_MAX) {
      throw badParameter(`at most ${PERMISSION_MEMBERS_PER_PAGE_MAX} members at once`);
    }
    const view = await this.deps.register.get(key);
    await requireWithPermissions(view, caller, 'read');
    const role = await roleIn(view, caller);
    const group = await requirePermissionGroup(view, request.permissionGroupId);
    const page = await this.#page(view, group, { limit, cursor: request.cursor || undefined });
    return {
      members: page.members.map((member) => shownMember(member, view, role, this.deps.custom)),
      nextCursor: page.cursor ?? '',
    };
  }

  /** As many as asked for, past those who are in it no longer. */
  async #page(
    view: GroupView,
    group: groupv1.PermissionGroupState,
    asked: { readonly limit: number; readonly cursor: string | undefined },
  ) {
    const members: groupv1.Member[] = [];
    let { cursor } = asked;
    do {
      const limit = asked.limit - members.length;
      const page: PermissionMemberPage = await this.deps.permissions.members(view.key, group, {
        limit,
        cursor,
      });
      const found = await view.members(page.userIds);
      members.push(
        ...found
          .filter((member) => member !== undefined && isIn(member, group.permissionGroupId))
          .map(present),
      );
      cursor = page.cursor;
    } while (cursor !== undefined && members.length < asked.limit);
    return { members, cursor };
  }
}

const present = (member: groupv1.Member | undefined): groupv1.Member => member as groupv1.Member;
