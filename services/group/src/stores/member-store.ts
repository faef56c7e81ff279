// Member rows ⇄ members, by group and by user.
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import { groupMembers, joinedGroups } from '../tables.js';
import type { GroupKey } from './group-store.js';

export interface MemberPage {
  readonly members: readonly groupv1.Member[];
  readonly cursor?: string;
}

export interface JoinedPage {
  readonly groupIds: readonly GroupId[];
  readonly cursor?: string;
}

const ROWS_PER_SCAN = 1_000;

export class MemberStore {
  constructor(private readonly tables: TableStore) {}

  /** In the order asked; undefined for who is no member. Rows before `firstSeq` are another group's. */
  async getMany(
    { appId, groupId }: GroupKey,
    users: readonly UserId[],
    firstSeq: bigint,
  ): Promise<(groupv1.Member | undefined)[]> {
    if (users.length === 0) return [];
    const keys = users.map((user) => ({ app_id: appId, group_id: groupId, user_id: user }));
    const rows = await this.tables.getMany(groupMembers, keys);
    return rows.map((row) => (row && isThere(row, firstSeq) ? toMember(row) : undefined));
  }

  /** Some members from where the cursor stands, in the order of their ids; may be fewer than `limit`, or none. */
  async page(
    { appId, groupId }: GroupKey,
    firstSeq: bigint,
    options: { readonly limit: number; readonly cursor?: string },
  ): Promise<MemberPage> {
    const { limit, cursor } = options;
    const page = await this.tables.scan(
      groupMembers,
      { app_id: appId, group_id: groupId },
      { limit: Math.min(limit, ROWS_PER_SCAN), ...(cursor === undefined ? {} : { cursor }) },
    );
    return {
      members: page.rows.filter((row) => isThere(row, firstSeq)).map(toMember),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  }

  /** Some groups of a user from where the cursor stands, of one type if named. */
  async joined(
    appId: AppId,
    user: UserId,
    options: { readonly limit: number; readonly type?: string; readonly cursor?: string },
  ): Promise<JoinedPage> {
    const { limit, type, cursor } = options;
    const page = await this.tables.scan(
      joinedGroups,
      { app_id: appId, user_id: user },
      { limit: Math.min(limit, ROWS_PER_SCAN), ...(cursor === undefined ? {} : { cursor }) },
    );
    const rows = page.rows.filter((row) => !row.is_gone && (type === undefined || row.type === type));
    return {
      groupIds: rows.map((row) => row.group_id as GroupId),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  }

  /** All groups of a user, at most about `max`. */
  async allJoined(appId: AppId, user: UserId, max: number, type?: string): Promise<GroupId[]> {
    const found: GroupId[] = [];
    let cursor: string | undefined;
    do {
      const page: JoinedPage = await this.joined(appId, user, {
        limit: ROWS_PER_SCAN,
        ...(type === undefined ? {} : { type }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.groupIds);
      cursor = page.cursor;
    } while (cursor !== undefined && found.length < max);
    return found.slice(0, max);
  }
}

/** The rows of a member who came, changed or went with the change `seq`. */
export function memberWrites(
  { appId, groupId }: GroupKey,
  type: string,
  row: groupv1.MemberRow,
  seq: bigint,
  // biome-ignore lint/suspicious/noExplicitAny: writes of two tables
): Write<any>[] {
  const { member, isGone } = row;
  if (member === undefined) return [];
  const ids = { app_id: appId as number, group_id: groupId as string, user_id: member.userId };
  const stored = toBinary(groupv1.MemberSchema, {
    ...member,
    role: groupv1.Role.UNSPECIFIED,
    mutedUntilS: 0,
  });
  const own = put(groupMembers, { ...ids, member: stored, is_gone: isGone, change_seq: seq }, seq);
  if (!row.hasMoved) return [own];
  return [own, put(joinedGroups, { ...ids, type, is_gone: isGone }, seq)];
}

const isThere = (row: Row<typeof groupMembers>, firstSeq: bigint): boolean =>
  !row.is_gone && row.change_seq >= firstSeq;

const toMember = (row: Row<typeof groupMembers>): groupv1.Member =>
  fromBinary(groupv1.MemberSchema, row.member);
