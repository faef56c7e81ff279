// Which conversations a user has, and how far the user has read in each.
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import {
  conversationOf,
  type GroupConversation,
  groupConversationOf,
  isSelfConversation,
  type PairConversation,
} from '../domain/conversation.js';
import { type GroupMembership, NEVER_OPENED } from '../domain/group-mark.js';
import type { ReadMark } from '../domain/unread.js';
import { NOTHING_READ } from '../domain/unread.js';
import { userConversations } from '../tables.js';
import { markColumns, toMark } from './mark-columns.js';
import type { ConversationRef } from './message-store.js';

const ROWS_PER_READ = 1_000;

export interface UserConversation {
  readonly conversation: PairConversation;
  readonly peer: UserId;
  readonly mark: ReadMark;
}

export interface UserGroup {
  readonly conversation: GroupConversation;
  readonly membership: GroupMembership;
}

export interface UserConversations {
  readonly pairs: readonly UserConversation[];
  /** Those that are open. */
  readonly groups: readonly UserGroup[];
}

export class UserConversationStore {
  constructor(private readonly tables: TableStore) {}

  /** At most `limit` rows, in the order of conversation ids. */
  async list(appId: AppId, user: UserId, limit: number): Promise<UserConversations & { isCut: boolean }> {
    const pairs: UserConversation[] = [];
    const groups: UserGroup[] = [];
    let rows = 0;
    let cursor: string | undefined;
    do {
      const page = await this.tables.scan(
        userConversations,
        { app_id: appId as number, user_id: user as string },
        { limit: Math.min(ROWS_PER_READ, limit - rows), ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const row of page.rows) {
        if (row.type !== messagev1.ConversationType.GROUP) pairs.push(toPair(appId, user, row));
        else if (row.is_open) groups.push(toGroup(appId, row));
      }
      rows += page.rows.length;
      cursor = page.cursor;
    } while (cursor !== undefined && rows < limit);
    return { pairs, groups, isCut: rows >= limit };
  }

  /** How the users stand to a group, in the order asked; any number. */
  memberships(conversation: GroupConversation, users: readonly UserId[]): Promise<GroupMembership[]> {
    return this.membershipsOf(users.map((user) => ({ conversation, user })));
  }

  /** The same in different groups. */
  async membershipsOf(
    members: readonly { readonly conversation: GroupConversation; readonly user: UserId }[],
  ): Promise<GroupMembership[]> {
    const memberships: GroupMembership[] = [];
    for (let at = 0; at < members.length; at += ROWS_PER_READ) {
      const keys = members.slice(at, at + ROWS_PER_READ).map((one) => rowKey(one.conversation, one.user));
      for (const row of await this.tables.getMany(userConversations, keys)) {
        memberships.push(row === undefined ? NEVER_OPENED : toMembership(row));
      }
    }
    return memberships;
  }

  /** How far `user` has read; nothing when there is no row. */
  async mark(conversation: PairConversation, user: UserId): Promise<ReadMark> {
    const row = await this.tables.get(userConversations, rowKey(conversation, user));
    return row === undefined ? NOTHING_READ : toMark(row);
  }

  /** As many marks at once, in the order asked; any number. */
  async marks(
    asked: readonly { readonly conversation: PairConversation; readonly user: UserId }[],
  ): Promise<ReadMark[]> {
    const marks: ReadMark[] = [];
    for (let at = 0; at < asked.length; at += ROWS_PER_READ) {
      const keys = asked.slice(at, at + ROWS_PER_READ).map((one) => rowKey(one.conversation, one.user));
      for (const row of await this.tables.getMany(userConversations, keys)) {
        marks.push(row === undefined ? NOTHING_READ : toMark(row));
      }
    }
    return marks;
  }

  /** Moves the mark forward; a lower one than the present changes nothing. */
  async putMark(conversation: PairConversation, user: UserId, mark: ReadMark): Promise<void> {
    await this.tables.put(userConversations, toRow(conversation, user, mark), mark.readSeq + 1n);
  }
}

/** The rows with which a conversation begins for both sides. */
export function beginConversation(conversation: PairConversation): Write<typeof userConversations>[] {
  const users = isSelfConversation(conversation)
    ? [conversation.first]
    : [conversation.first, conversation.second];
  return users.map((user) => put(userConversations, toRow(conversation, user, NOTHING_READ), 1n));
}

/** A user's row of a group. */
export const putMembership = (
  conversation: GroupConversation,
  user: UserId,
  membership: GroupMembership,
): Write<typeof userConversations> =>
  put(
    userConversations,
    {
      ...rowKey(conversation, user),
      peer: conversation.groupId,
      type: messagev1.ConversationType.GROUP,
      ...markColumns(membership.openingMark.mark),
      is_open: membership.isOpen,
      visible_from_seq: membership.visibleFromSeq,
      as_of_seq: membership.openingMark.asOfSeq,
      change: membership.change,
      changed_at_ms: BigInt(membership.changedAtMs),
    },
    membership.change,
  );

const rowKey = (conversation: ConversationRef, user: UserId) => ({
  app_id: conversation.appId as number,
  user_id: user as string,
  conversation: conversation.id as string,
});

const NO_GROUP = { is_open: false, visible_from_seq: 0n, as_of_seq: 0n, change: 0n, changed_at_ms: 0n };

const toRow = (
  conversation: PairConversation,
  user: UserId,
  mark: ReadMark,
): Row<typeof userConversations> => ({
  ...rowKey(conversation, user),
  peer: user === conversation.first ? conversation.second : conversation.first,
  type: messagev1.ConversationType.C2C,
  ...markColumns(mark),
  ...NO_GROUP,
});

function toPair(appId: AppId, user: UserId, row: Row<typeof userConversations>): UserConversation {
  const peer = row.peer as UserId;
  return { conversation: conversationOf(appId, user, peer), peer, mark: toMark(row) };
}

const toGroup = (appId: AppId, row: Row<typeof userConversations>): UserGroup => ({
  conversation: groupConversationOf(appId, row.peer as GroupId),
  membership: toMembership(row),
});

const toMembership = (row: Row<typeof userConversations>): GroupMembership => ({
  isOpen: row.is_open,
  visibleFromSeq: row.visible_from_seq,
  change: row.change,
  changedAtMs: Number(row.changed_at_ms),
  openingMark: { mark: toMark(row), asOfSeq: row.as_of_seq },
});
