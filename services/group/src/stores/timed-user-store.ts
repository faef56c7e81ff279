// Mutes and bans: accounts of a group with the second until which something holds for them.
import { create } from '@bufbuild/protobuf';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type TableStore, type Write } from '@parley/table-store';
import { groupBans, groupMutes } from '../tables.js';
import type { GroupKey } from './group-store.js';

type TimedTable = typeof groupMutes | typeof groupBans;

export class TimedUserStore {
  constructor(
    private readonly tables: TableStore,
    private readonly table: TimedTable,
  ) {}

  /** Until when, in the order asked; 0 for who has none. What has ended is answered as it was. */
  async untilMany({ appId, groupId }: GroupKey, users: readonly UserId[]): Promise<number[]> {
    if (users.length === 0) return [];
    const keys = users.map((user) => ({ app_id: appId, group_id: groupId, user_id: user }));
    const rows = await this.tables.getMany(this.table, keys);
    return rows.map((row) => row?.until_s ?? 0);
  }

  /** Those for whom it still holds, from where the cursor stands. */
  async page(
    { appId, groupId }: GroupKey,
    nowS: number,
    options: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly users: groupv1.TimedUser[]; readonly cursor?: string }> {
    const page = await this.tables.scan(this.table, { app_id: appId, group_id: groupId }, options);
    const users = page.rows
      .filter((row) => row.until_s > nowS)
      .map((row) => create(groupv1.TimedUserSchema, { userId: row.user_id, untilS: row.until_s }));
    return page.cursor === undefined ? { users } : { users, cursor: page.cursor };
  }
}

export const timedUserWrite = (
  table: TimedTable,
  { appId, groupId }: GroupKey,
  user: groupv1.TimedUser,
  seq: bigint,
): Write<TimedTable> =>
  put(table, { app_id: appId, group_id: groupId, user_id: user.userId, until_s: user.untilS }, seq);
