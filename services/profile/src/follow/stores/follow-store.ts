// Rows ⇄ heads, edges and lists of follows.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { followv1 } from '@parley/proto';
import { put, type Row, type TableStore } from '@parley/table-store';
import { type FollowHead, mutualSince, NO_HEAD, noEdge } from '../domain/follow-head.js';
import { followEdges, followHeads, followLists } from '../tables.js';

const NOTHING = new Uint8Array();

export type HeadRow = Row<typeof followHeads> | undefined;

/** Somebody on a list. */
export interface ListedUser {
  readonly peer: UserId;
  readonly atMs: bigint;
}

export interface ListPage {
  readonly users: readonly ListedUser[];
  readonly cursor?: UserId;
}

export interface ListQuery {
  readonly list: followv1.FollowList;
  readonly limit: number;
  readonly cursor?: UserId;
}

const keyOf = (appId: AppId, userId: UserId) => ({ app_id: appId as number, user_id: userId as string });

export function headOf(row: HeadRow): FollowHead {
  if (row === undefined) return NO_HEAD;
  const { revision, following, followers, mutual, edge, tell } = row;
  return {
    revision,
    following,
    followers,
    mutual,
    ...(edge.length === 0 ? {} : { openEdge: fromBinary(followv1.FollowEdgeSchema, edge) }),
    ...(tell.length === 0 ? {} : { openTell: fromBinary(followv1.FollowTellSchema, tell) }),
  };
}

export class FollowStore {
  constructor(private readonly tables: TableStore) {}

  getHead(appId: AppId, userId: UserId): Promise<HeadRow> {
    return this.tables.get(followHeads, keyOf(appId, userId));
  }

  /** False: somebody else was faster. */
  async replaceHead(appId: AppId, userId: UserId, { row, next }: { row: HeadRow; next: FollowHead }) {
    const key = keyOf(appId, userId);
    const { openEdge, openTell, ...counts } = next;
    const edge = openEdge === undefined ? NOTHING : toBinary(followv1.FollowEdgeSchema, openEdge);
    const tell = openTell === undefined ? NOTHING : toBinary(followv1.FollowTellSchema, openTell);
    const result = await this.tables.compareAndSet(followHeads, key, row, { ...key, ...counts, edge, tell });
    return result.isApplied;
  }

  /** In the order asked; an edge that was never there says nothing. At most 1,000. */
  async getEdges(appId: AppId, userId: UserId, peers: readonly UserId[]): Promise<followv1.FollowEdge[]> {
    const keys = peers.map((peer) => ({ ...keyOf(appId, userId), peer: peer as string }));
    const rows = await this.tables.getMany(followEdges, keys);
    return peers.map((peer, at) => {
      const row = rows[at];
      return row === undefined ? noEdge(peer) : fromBinary(followv1.FollowEdgeSchema, row.edge);
    });
  }

  /** The edge and its places on the lists. */
  async putEdge(appId: AppId, userId: UserId, edge: followv1.FollowEdge, revision: bigint): Promise<void> {
    const key = { ...keyOf(appId, userId), peer: edge.peer };
    const since: [followv1.FollowList, bigint][] = [
      [followv1.FollowList.FOLLOWING, edge.followingAtMs],
      [followv1.FollowList.FOLLOWERS, edge.followerAtMs],
      [followv1.FollowList.MUTUAL, mutualSince(edge)],
    ];
    await this.tables.writeAll([
      put(followEdges, { ...key, edge: toBinary(followv1.FollowEdgeSchema, edge) }, revision),
      ...since.map(([kind, atMs]) =>
        put(followLists, { ...key, kind: kind as number, at_ms: atMs, is_gone: atMs === 0n }, revision),
      ),
    ]);
  }

  /** After the user whom `cursor` names. May be empty and yet not the last page: who is gone from a list leaves a row. */
  async list(appId: AppId, userId: UserId, { list, limit, cursor }: ListQuery): Promise<ListPage> {
    const partition = { ...keyOf(appId, userId), kind: list as number };
    const after = cursor === undefined ? {} : { from: { peer: cursor as string }, isFromExclusive: true };
    const { rows, cursor: more } = await this.tables.scan(followLists, partition, { limit, ...after });
    const users = rows
      .filter((row) => !row.is_gone)
      .map(({ peer, at_ms }) => ({ peer: peer as UserId, atMs: at_ms }));
    const last = rows.at(-1)?.peer as UserId | undefined;
    return { users, ...(more === undefined || last === undefined ? {} : { cursor: last }) };
  }
}
