// Permission groups as they stand: some by their ids, or all page by page.
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { PERMISSION_GROUPS_AT_ONCE_MAX } from '../domain/limits.js';
import { badParameter, permissionGroupNotFound } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import type { Caller } from './caller.js';
import { requireWithPermissions, shownPermissionGroup } from './permission-access.js';

interface Outcome {
  readonly permissionGroupId: string;
  readonly code?: number;
  readonly info?: string;
  readonly permissionGroup?: groupv1.PermissionGroup;
}

/** A page begins behind the permission group that this change made. */
const CURSOR = /^[0-9]{1,20}$/;

export class GetPermissionGroups {
  constructor(private readonly register: GroupRegister) {}

  /** One that is not there is an outcome. @throws ChatError 10004, 10007 or 10010. */
  async run(key: GroupKey, request: groupv1.GetPermissionGroupsRequest, caller: Caller) {
    const { permissionGroupIds: ids, cursor } = request;
    if (ids.length > PERMISSION_GROUPS_AT_ONCE_MAX || request.limit > PERMISSION_GROUPS_AT_ONCE_MAX) {
      throw badParameter(`at most ${PERMISSION_GROUPS_AT_ONCE_MAX} permission groups at once`);
    }
    if (cursor !== '' && !CURSOR.test(cursor)) throw badParameter('the cursor is none of this list');
    const view = await this.register.get(key);
    await requireWithPermissions(view, caller, 'read');
    if (ids.length > 0) return { permissionGroups: await outcomes(view, ids) };
    const after = BigInt(cursor === '' ? 0 : cursor);
    const left = view.state.permissionGroups.filter(({ firstSeq }) => firstSeq > after);
    const page = left.slice(0, request.limit || PERMISSION_GROUPS_AT_ONCE_MAX);
    const last = page.length < left.length ? page.at(-1) : undefined;
    return {
      permissionGroups: await outcomes(
        view,
        page.map(({ permissionGroupId }) => permissionGroupId),
      ),
      nextCursor: last === undefined ? '' : String(last.firstSeq),
    };
  }
}

async function outcomes(view: GroupView, ids: readonly string[]): Promise<Outcome[]> {
  const rows = await view.permissionRows(ids);
  return Promise.all(
    rows.map(async (row) => {
      const { permissionGroupId } = row;
      const state = view.permissionGroup(permissionGroupId);
      if (state !== undefined) {
        return { permissionGroupId, permissionGroup: shownPermissionGroup(state, row, view.key.groupId) };
      }
      const { code, message } = permissionGroupNotFound(await view.hadPermissionGroup(permissionGroupId));
      return { permissionGroupId, code, info: message };
    }),
  );
}
