// The lists of users: rows that follow from pairs.
import { fromBinary } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Row, TableStore } from '@parley/table-store';
import { relationRows } from '../tables.js';

const ROWS_PER_SCAN = 1_000;
const ATTEMPTS_MAX = 8;

export interface ListRow {
  readonly peer: UserId;
  readonly entry: Uint8Array;
}

export interface ListPage {
  readonly rows: readonly ListRow[];
  readonly cursor?: string;
}

type Kind = relationv1.RelationKind;

export class ListStore {
  constructor(private readonly tables: TableStore) {}

  /** Writes a row unless a later version of its pair stands in it. Repeating it changes nothing. */
  async write(appId: AppId, version: bigint, write: relationv1.RowWrite): Promise<void> {
    const key = {
      app_id: appId as number,
      user_id: write.userId,
      kind: write.kind as number,
      peer: write.peer,
    };
    const next = { ...key, version, is_present: write.isPresent, entry: write.entry };
    let seen: Row<typeof relationRows> | undefined = await this.tables.get(relationRows, key);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      if (seen !== undefined && seen.version >= version) return;
      const expected = seen === undefined ? undefined : { version: seen.version };
      const { isApplied, current } = await this.tables.compareAndSet(relationRows, key, expected, next);
      if (isApplied) return;
      seen = current;
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'a relation changes too fast; retry', { retryAfterMs: 100 });
  }

  /** A page of those that are there, by UserID. It may be empty and have a cursor. */
  async page(
    appId: AppId,
    userId: UserId,
    kind: Kind,
    options: { limit: number; cursor?: string },
  ): Promise<ListPage> {
    const { rows, cursor } = await this.tables.scan(
      relationRows,
      { app_id: appId, user_id: userId },
      { from: { kind }, to: { kind }, ...options },
    );
    const present = rows.filter((row) => row.is_present);
    const found = present.map(({ peer, entry }) => ({ peer: peer as UserId, entry }));
    return cursor === undefined ? { rows: found } : { rows: found, cursor };
  }

  /** All that are there, by UserID; `max` ends it early. Bounded by the limit of the kind. */
  async all(appId: AppId, userId: UserId, kind: Kind, max = Number.POSITIVE_INFINITY): Promise<ListRow[]> {
    const found: ListRow[] = [];
    let cursor: string | undefined;
    do {
      const page: ListPage = await this.page(appId, userId, kind, {
        limit: ROWS_PER_SCAN,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined && found.length < max);
    return found;
  }

  /** Which of `peers` are there, in the order asked; at most 1,000. */
  async named(
    appId: AppId,
    userId: UserId,
    kind: Kind,
    peers: readonly string[],
  ): Promise<(ListRow | undefined)[]> {
    const keys = peers.map((peer) => ({
      app_id: appId as number,
      user_id: userId as string,
      kind: kind as number,
      peer,
    }));
    const rows = await this.tables.getMany(relationRows, keys);
    return rows.map((row) => (row?.is_present ? { peer: row.peer as UserId, entry: row.entry } : undefined));
  }
}

export const friendOf = ({ entry }: ListRow): relationv1.FriendEntry =>
  fromBinary(relationv1.FriendEntrySchema, entry);
export const requestOf = ({ entry }: ListRow): relationv1.RequestEntry =>
  fromBinary(relationv1.RequestEntrySchema, entry);
export const blockOf = ({ entry }: ListRow): relationv1.BlockEntry =>
  fromBinary(relationv1.BlockEntrySchema, entry);
