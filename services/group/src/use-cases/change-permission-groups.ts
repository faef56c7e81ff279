// Permission groups are changed, and end.
import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { PERMISSION_GROUPS_AT_ONCE_MAX } from '../domain/limits.js';
import { applyPermissionFields } from '../domain/permission-group-fields.js';
import { badParameter, permissionGroupNotFound } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf } from './caller.js';
import { requirePermissionGroup, requireWithPermissions, shownPermissionGroup } from './permission-access.js';

export class ModifyPermissionGroup {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 110006 or 110008. */
  async run(key: GroupKey, request: groupv1.ModifyPermissionGroupRequest, caller: Caller) {
    const permissionGroup = await this.register.change(key, async (view) => {
      await requireWithPermissions(view, caller, 'manageGroups');
      return modify(view, request, operatorOf(caller));
    });
    const { permissionGroupId } = request;
    const { groupId } = key;
    this.events.audit('permission_group_modified', caller.context, { groupId, permissionGroupId });
    return { permissionGroup };
  }
}

async function modify(
  view: GroupView,
  request: groupv1.ModifyPermissionGroupRequest,
  operator: string,
): Promise<Decided<groupv1.PermissionGroup>> {
  const state = await requirePermissionGroup(view, request.permissionGroupId);
  const { permissionGroupId } = state;
  const [row] = await view.permissionRows([permissionGroupId]);
  if (row === undefined) throw permissionGroupNotFound(false);
  const present = shownPermissionGroup(state, row, view.key.groupId);
  const fields = request.fields ?? create(groupv1.PermissionGroupFieldsSchema);
  const { group, changed } = applyPermissionFields(present, fields);
  const { name, custom, permission } = group;
  const isChanged =
    changed.name !== undefined || changed.custom !== undefined || changed.permission !== undefined;
  if (!isChanged) return { answer: present };
  const draft = new ChangeDraft(view, { operator, isSilent: false });
  draft.state.permissionGroups = draft.state.permissionGroups.map((one) =>
    one.permissionGroupId === permissionGroupId ? { ...one, permission } : one,
  );
  draft.intent.permissionGroups.push({ ...row, name, custom });
  const value = create(groupv1.PermissionGroupModifiedSchema, { permissionGroup: group, fields: changed });
  draft.record({ case: 'permissionGroupModified', value });
  return { answer: group, next: draft };
}

export class DestroyPermissionGroups {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** One that is not there is an outcome. @throws ChatError 10004, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.DestroyPermissionGroupsRequest, caller: Caller) {
    const ids = [...new Set(request.permissionGroupIds)];
    if (ids.length === 0) throw badParameter('no permission group is named');
    if (ids.length > PERMISSION_GROUPS_AT_ONCE_MAX) {
      throw badParameter(`at most ${PERMISSION_GROUPS_AT_ONCE_MAX} permission groups at once`);
    }
    const permissionGroups = await this.register.change(key, async (view) => {
      await requireWithPermissions(view, caller, 'manageGroups');
      return destroy(view, ids, caller);
    });
    const { groupId } = key;
    this.events.audit('permission_groups_destroyed', caller.context, {
      groupId,
      permissionGroupIds: ids.join(' '),
    });
    return { permissionGroups };
  }
}

interface Outcome {
  readonly permissionGroupId: string;
  readonly code?: number;
  readonly info?: string;
}

async function destroy(
  view: GroupView,
  ids: readonly string[],
  caller: Caller,
): Promise<Decided<readonly Outcome[]>> {
  const gone = ids.filter((id) => view.permissionGroup(id) !== undefined);
  const answer = await Promise.all(
    ids.map(async (permissionGroupId) => {
      if (gone.includes(permissionGroupId)) return { permissionGroupId };
      const wasThere = await view.hadPermissionGroup(permissionGroupId);
      // The first attempt may have done it.
      if (wasThere && caller.isRetry) return { permissionGroupId };
      const { code, message } = permissionGroupNotFound(wasThere);
      return { permissionGroupId, code, info: message };
    }),
  );
  if (gone.length === 0) return { answer };
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  draft.state.permissionGroups = draft.state.permissionGroups.filter(
    (one) => !gone.includes(one.permissionGroupId),
  );
  draft.intent.gonePermissionGroupIds.push(...gone);
  const value = create(groupv1.PermissionGroupsDestroyedSchema, { permissionGroupIds: gone });
  draft.record({ case: 'permissionGroupsDestroyed', value });
  return { answer, next: draft };
}
