// Rows of permission groups and of who is in them. Which permission groups there are stands in the community's row,
// which ones a member is in stands in the member's.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { permissionGroups, permissionMembers } from '../tables.js';
import type { GroupKey } from './group-store.js';

export interface StoredPermissionGroup {
  readonly row: groupv1.PermissionGroupRow;
  readonly isGone: boolean;
}

export interface PermissionMemberPage {
  readonly userIds: readonly UserId[];
  readonly cursor?: string;
}

export class PermissionStore {
  constructor(private readonly tables: TableStore) {}

  /** In the order asked, also those that are gone. */
  async getMany(key: GroupKey, ids: readonly string[]): Promise<(StoredPermissionGroup | undefined)[]> {
    if (ids.length === 0) return [];
    const keys = ids.map((id) => ({ ...idsOf(key), permission_group_id: id }));
    const rows = await this.tables.getMany(permissionGroups, keys);
    return rows.map(
      (row) =>
        row && {
          row: fromBinary(groupv1.PermissionGroupRowSchema, row.permission_group),
          isGone: row.is_gone,
        },
    );
  }

  /** Some members from where the cursor stands, in the order of their ids; may be fewer than `limit`, or none. */
  async members(
    key: GroupKey,
    { permissionGroupId, firstSeq }: groupv1.PermissionGroupState,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<PermissionMemberPage> {
    const page = await this.tables.scan(
      permissionMembers,
      { ...idsOf(key), permission_group_id: permissionGroupId },
      { limit, ...(cursor === undefined ? {} : { cursor }) },
    );
    // Rows of an older change are of an earlier community of this id.
    const there = page.rows.filter((row) => !row.is_gone && row.change_seq >= firstSeq);
    return {
      userIds: there.map((row) => row.user_id as UserId),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  }
}

/** The rows of permission groups, and of who is in them, that a change makes, changes or ends. */
export function permissionWrites(
  key: GroupKey,
  intent: groupv1.Intent,
  seq: bigint,
  // biome-ignore lint/suspicious/noExplicitAny: writes of two tables
): Write<any>[] {
  const ids = idsOf(key);
  return [
    ...intent.permissionGroups.map((row) => {
      const encoded = toBinary(groupv1.PermissionGroupRowSchema, row);
      const columns = { permission_group: encoded, is_gone: false };
      return put(permissionGroups, { ...ids, permission_group_id: row.permissionGroupId, ...columns }, seq);
    }),
    ...intent.gonePermissionGroupIds.map((id) => {
      const columns = { permission_group: new Uint8Array(), is_gone: true };
      return put(permissionGroups, { ...ids, permission_group_id: id, ...columns }, seq);
    }),
    ...intent.permissionMembers.map(({ permissionGroupId, userId, isGone }) => {
      const member = { permission_group_id: permissionGroupId, user_id: userId };
      return put(permissionMembers, { ...ids, ...member, is_gone: isGone, change_seq: seq }, seq);
    }),
  ];
}

const idsOf = ({ appId, groupId }: GroupKey) => ({
  app_id: appId as number,
  group_id: groupId as string,
});
