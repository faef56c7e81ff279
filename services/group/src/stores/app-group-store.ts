// All groups of an app, in the order of their making.
import { createHash } from 'node:crypto';
import type { AppId, GroupId } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import { appGroups } from '../tables.js';
import type { GroupKey } from './group-store.js';

const HASH_BITS = 20n;
const ROWS_PER_SCAN = 10_000;
/** Beyond this number groups are not counted, only listed. */
const COUNTED_MAX = 5_000_000;

/** A group's place in the list: its second, then chance. Below 2^53, for it is a cursor in JSON. */
export function listKeyOf(groupId: GroupId, nowS: number): bigint {
  const hash = createHash('sha256').update(groupId).digest().readUInt32BE(0);
  return (BigInt(nowS) << HASH_BITS) | (BigInt(hash) & ((1n << HASH_BITS) - 1n));
}

export interface AppGroupPage {
  readonly groupIds: readonly GroupId[];
  /** 0: the end. */
  readonly next: bigint;
}

export class AppGroupStore {
  constructor(private readonly tables: TableStore) {}

  async add({ appId, groupId }: GroupKey, listKey: bigint, type: string): Promise<void> {
    await this.tables.put(appGroups, { app_id: appId, list_key: listKey, group_id: groupId, type });
  }

  async remove({ appId, groupId }: GroupKey, listKey: bigint): Promise<void> {
    await this.tables.delete(appGroups, { app_id: appId, list_key: listKey, group_id: groupId });
  }

  /** Groups from the place `next` on, of one type if named. */
  async page(
    appId: AppId,
    options: { readonly next: bigint; readonly limit: number; readonly type: string | undefined },
  ): Promise<AppGroupPage> {
    const found: { groupId: GroupId; key: bigint }[] = [];
    let from = options.next;
    // One more than asked for tells where the next page begins.
    while (found.length <= options.limit) {
      const { rows, cursor } = await this.tables.scan(
        appGroups,
        { app_id: appId },
        { from: { list_key: from }, limit: ROWS_PER_SCAN },
      );
      for (const row of rows) {
        if (options.type === undefined || row.type === options.type) {
          found.push({ groupId: row.group_id as GroupId, key: row.list_key });
        }
        from = row.list_key + 1n;
      }
      if (cursor === undefined) break;
    }
    return cutPage(found, options.limit);
  }

  /** How many there are, of some types if named. */
  async count(appId: AppId, types: ReadonlySet<string> | undefined): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof this.scanAll>> = await this.scanAll(appId, cursor);
      count += types === undefined ? page.rows.length : page.rows.filter((row) => types.has(row.type)).length;
      cursor = page.cursor;
    } while (cursor !== undefined && count < COUNTED_MAX);
    return count;
  }

  private scanAll(appId: AppId, cursor: string | undefined) {
    return this.tables.scan(
      appGroups,
      { app_id: appId },
      { limit: ROWS_PER_SCAN, ...(cursor === undefined ? {} : { cursor }) },
    );
  }
}

/** Groups that share their place stay on one page. */
function cutPage(found: readonly { groupId: GroupId; key: bigint }[], limit: number): AppGroupPage {
  const idsOf = (some: typeof found) => some.map((one) => one.groupId);
  const after = found[limit];
  if (after === undefined) return { groupIds: idsOf(found), next: 0n };
  const page = found.slice(0, limit).filter((one) => one.key < after.key);
  // A whole page in one place: better too long than without end.
  if (page.length === 0)
    return { groupIds: idsOf(found.filter((one) => one.key === after.key)), next: after.key + 1n };
  return { groupIds: idsOf(page), next: after.key };
}
