// PermissionGroupService over the use-cases; thin.
import type { groupv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import { callerOf } from '../use-cases/caller.js';
import type {
  DestroyPermissionGroups,
  ModifyPermissionGroup,
} from '../use-cases/change-permission-groups.js';
import type { CreatePermissionGroup } from '../use-cases/create-permission-group.js';
import type { GetPermissionGroups } from '../use-cases/get-permission-groups.js';
import type { ChangePermissionMembers, ListPermissionMembers } from '../use-cases/permission-members.js';
import type { ChangeTopicPermissions, GetTopicPermissions } from '../use-cases/topic-permissions.js';
import { keyOf } from './request-keys.js';

export interface PermissionUseCases {
  readonly createPermissionGroup: CreatePermissionGroup;
  readonly modifyPermissionGroup: ModifyPermissionGroup;
  readonly destroyPermissionGroups: DestroyPermissionGroups;
  readonly getPermissionGroups: GetPermissionGroups;
  readonly changeTopicPermissions: ChangeTopicPermissions;
  readonly getTopicPermissions: GetTopicPermissions;
  readonly changePermissionMembers: ChangePermissionMembers;
  readonly listPermissionMembers: ListPermissionMembers;
}

export const createPermissionHandlers = (
  use: PermissionUseCases,
): ServiceHandlers<typeof groupv1.PermissionGroupService> => ({
  createPermissionGroup: async (request, context) =>
    use.createPermissionGroup.run(keyOf(request, context), request, callerOf(context)),
  destroyPermissionGroups: async (request, context) => {
    const { permissionGroups } = await use.destroyPermissionGroups.run(
      keyOf(request, context),
      request,
      callerOf(context),
    );
    return { permissionGroups: [...permissionGroups] };
  },
  modifyPermissionGroup: async (request, context) =>
    use.modifyPermissionGroup.run(keyOf(request, context), request, callerOf(context)),
  getPermissionGroups: async (request, context) =>
    use.getPermissionGroups.run(keyOf(request, context), request, callerOf(context)),
  changeTopicPermissions: async (request, context) =>
    use.changeTopicPermissions.run(keyOf(request, context), request, callerOf(context)),
  getTopicPermissions: async (request, context) =>
    use.getTopicPermissions.run(keyOf(request, context), request, callerOf(context)),
  changePermissionMembers: async (request, context) => {
    const { members } = await use.changePermissionMembers.run(
      keyOf(request, context),
      request,
      callerOf(context),
    );
    return { members: [...members] };
  },
  listPermissionMembers: async (request, context) =>
    use.listPermissionMembers.run(keyOf(request, context), request, callerOf(context)),
});
