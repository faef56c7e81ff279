// The end of a group: its rows go, page by page, however many members it has.
import type { AppId, UserId } from '@parley/kernel';
import { groupv1, type messagev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { put, remove, type Table, type TableStore, type Write } from '@parley/table-store';
import type { GroupTypes } from '../domain/group-types.js';
import { ACCOUNTS_PER_REQUEST_MAX, DESTROYED_MEMBERS_NAMED_MAX } from '../domain/limits.js';
import type { AppGroupStore } from '../stores/app-group-store.js';
import type { GroupKey } from '../stores/group-store.js';
import {
  groupApplications,
  groupBans,
  groupMembers,
  groupMutes,
  groupTopics,
  groupValues,
  joinedGroups,
  permissionGroups,
  permissionMembers,
  visitorMarks,
} from '../tables.js';

const ENDING_TABLES = [
  groupMutes,
  groupBans,
  groupApplications,
  groupValues,
  visitorMarks,
  groupTopics,
  permissionGroups,
];
const ROWS_PER_PAGE = ACCOUNTS_PER_REQUEST_MAX;

export interface EndGroupOptions {
  readonly tables: TableStore;
  readonly messages: Client<typeof messagev1.MessageService>;
  readonly appGroups: AppGroupStore;
  readonly types: GroupTypes;
}

export class EndGroup {
  constructor(private readonly options: EndGroupOptions) {}

  /** Ids of the members that are still there, at most 10,000. */
  async firstMembers({ appId, groupId }: GroupKey, state: groupv1.GroupState): Promise<string[]> {
    const page = await this.options.tables.scan(
      groupMembers,
      { app_id: appId, group_id: groupId },
      { limit: DESTROYED_MEMBERS_NAMED_MAX },
    );
    return page.rows
      .filter((row) => !row.is_gone && row.change_seq >= state.firstSeq)
      .map((row) => row.user_id);
  }

  async run(key: GroupKey, state: groupv1.GroupState): Promise<void> {
    await this.#endMembers(key, state);
    const partition = { app_id: key.appId as number, group_id: key.groupId as string };
    await this.endTopics(key.appId, state.topicIds);
    await this.endPermissionGroups(
      key,
      state.permissionGroups.map((group) => group.permissionGroupId),
    );
    for (const table of ENDING_TABLES) {
      await this.#clear(table, partition);
    }
    await this.options.appGroups.remove(key, state.listKey);
  }

  /** What stands under the ids of topics. */
  async endTopics(appId: AppId, topicIds: readonly string[]): Promise<void> {
    for (const topicId of topicIds) await this.#clear(groupMutes, { app_id: appId, group_id: topicId });
  }

  /** Who was in permission groups, page by page. */
  async endPermissionGroups({ appId, groupId }: GroupKey, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#clear(permissionMembers, { app_id: appId, group_id: groupId, permission_group_id: id });
    }
  }

  async #endMembers(key: GroupKey, state: groupv1.GroupState): Promise<void> {
    const { tables, messages, types } = this.options;
    const hasMembers = state.group !== undefined && types.of(state.group).hasMembers;
    const partition = { app_id: key.appId as number, group_id: key.groupId as string };
    for (;;) {
      const { rows } = await tables.scan(groupMembers, partition, { limit: ROWS_PER_PAGE });
      if (rows.length === 0) return;
      const userIds = rows.map((row) => row.user_id);
      if (hasMembers) {
        const context = serviceContext(key.appId as AppId, 'group' as UserId);
        const { changeSeq } = state;
        await messages.closeConversations({ groupId: key.groupId, userIds, changeSeq }, context);
      }
      const type = state.group?.type ?? '';
      const left = rows.map((row) =>
        put(
          joinedGroups,
          { app_id: row.app_id, user_id: row.user_id, group_id: row.group_id, type, is_gone: true },
          state.changeSeq,
        ),
      );
      await tables.writeAll(left);
      // Last, so that a page is looked at again until all of it is done.
      await tables.writeAll(
        rows.map(({ app_id, group_id, user_id }) => remove(groupMembers, { app_id, group_id, user_id })),
      );
    }
  }

  async #clear(table: Table, partition: Readonly<Record<string, string | number>>): Promise<void> {
    for (;;) {
      const { rows } = await this.options.tables.scan(table, partition, { limit: ROWS_PER_PAGE });
      if (rows.length === 0) return;
      const writes = rows.map((row): Write => ({ kind: 'delete', table, key: keyOf(table, row) }));
      await this.options.tables.writeAll(writes);
    }
  }
}

function keyOf(table: Table, row: Readonly<Record<string, unknown>>) {
  const names = [...Object.keys(table.partition), ...Object.keys(table.clustering)];
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Extract<
    Write,
    { kind: 'delete' }
  >['key'];
}
