// What every use-case of permission groups asks first.
import type { groupv1 } from '@parley/proto';
import type { GroupView } from '../changing/group-view.js';
import { decidePermissionAct, type PermissionAct } from '../domain/member-rights.js';
import type { ActorRole } from '../domain/policy.js';
import { notPermitted, permissionGroupNotFound, refuse } from '../domain/refusals.js';
import { actorIn, type Caller } from './caller.js';

/** The caller's role. @throws ChatError 10007 */
export async function requirePermissionAct(
  view: GroupView,
  caller: Caller,
  act: PermissionAct,
): Promise<ActorRole> {
  const actor = await actorIn(view, caller);
  refuse(decidePermissionAct(view.policy, actor, act));
  return actor.role;
}

/** @throws ChatError 10007 for what is no community, or what the rights say. */
export async function requireWithPermissions(
  view: GroupView,
  caller: Caller,
  act: PermissionAct,
): Promise<void> {
  if (!view.policy.hasTopics) throw notPermitted('only communities have permission groups');
  await requirePermissionAct(view, caller, act);
}

/** @throws ChatError 110006 or 110008. */
export async function requirePermissionGroup(
  view: GroupView,
  permissionGroupId: string,
): Promise<groupv1.PermissionGroupState> {
  const group = view.permissionGroup(permissionGroupId);
  if (group === undefined) throw permissionGroupNotFound(await view.hadPermissionGroup(permissionGroupId));
  return group;
}

/** As callers see it: what the community's row has of it, and its own. */
export const shownPermissionGroup = (
  { permission, memberCount }: groupv1.PermissionGroupState,
  { permissionGroupId, name, custom }: groupv1.PermissionGroupRow,
  groupId: string,
): groupv1.PermissionGroup => ({
  $typeName: 'parley.group.v1.PermissionGroup',
  ...{ permissionGroupId, groupId, name, custom, permission, memberCount },
});
