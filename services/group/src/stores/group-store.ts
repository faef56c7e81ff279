// Group rows ⇄ groups. Whoever changes one names the revision that it saw.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Row, TableStore } from '@parley/table-store';
import { groups } from '../tables.js';

/** A group of an app. */
export interface GroupKey {
  readonly appId: AppId;
  readonly groupId: GroupId;
}

/** A topic of a community. */
export interface TopicKey extends GroupKey {
  readonly topicId: GroupId;
}

export interface StoredGroup {
  readonly revision: bigint;
  readonly state: groupv1.GroupState;
  /** What is still to be carried out. */
  readonly intent: groupv1.Intent | undefined;
}

const ROWS_PER_READ = 500;

export class GroupStore {
  constructor(private readonly tables: TableStore) {}

  async get({ appId, groupId }: GroupKey): Promise<StoredGroup | undefined> {
    const row = await this.tables.get(groups, { app_id: appId, group_id: groupId });
    return row && fromRow(row);
  }

  /** In the order asked. */
  async getMany(appId: AppId, groupIds: readonly GroupId[]): Promise<(StoredGroup | undefined)[]> {
    const found: (StoredGroup | undefined)[] = [];
    for (let at = 0; at < groupIds.length; at += ROWS_PER_READ) {
      const keys = groupIds.slice(at, at + ROWS_PER_READ).map((id) => ({ app_id: appId, group_id: id }));
      const rows = await this.tables.getMany(groups, keys);
      found.push(...rows.map((row) => row && fromRow(row)));
    }
    return found;
  }

  /** Puts the group if it stands at `seen` (undefined: it never was). Answers what was put, or undefined. */
  async replace(
    { appId, groupId }: GroupKey,
    seen: StoredGroup | undefined,
    next: Pick<StoredGroup, 'state' | 'intent'>,
  ): Promise<StoredGroup | undefined> {
    const revision = (seen?.revision ?? 0n) + 1n;
    const key = { app_id: appId as number, group_id: groupId as string };
    const row = {
      ...key,
      revision,
      state: toBinary(groupv1.GroupStateSchema, next.state),
      intent: next.intent === undefined ? new Uint8Array() : toBinary(groupv1.IntentSchema, next.intent),
    };
    const expected = seen && { revision: seen.revision };
    const { isApplied } = await this.tables.compareAndSet(groups, key, expected, row);
    return isApplied ? { revision, ...next } : undefined;
  }
}

const fromRow = (row: Row<typeof groups>): StoredGroup => ({
  revision: row.revision,
  state: fromBinary(groupv1.GroupStateSchema, row.state),
  intent: row.intent.length === 0 ? undefined : fromBinary(groupv1.IntentSchema, row.intent),
});
