// Which conversations a user has, and how far the user has read in each.
import type { AppId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import type { Conversation } from '../domain/conversation.js';
import { conversationOf, isSelfConversation } from '../domain/conversation.js';
import type { ReadMark } from '../domain/unread.js';
import { NOTHING_READ } from '../domain/unread.js';
import { userConversations } from '../tables.js';

const ROWS_PER_READ = 1_000;

export interface UserConversation {
  readonly conversation: Conversation;
  readonly peer: UserId;
  readonly mark: ReadMark;
}

export class UserConversationStore {
  constructor(private readonly tables: TableStore) {}

  /** At most `limit`, in the order of conversation ids. */
  async list(appId: AppId, user: UserId, limit: number): Promise<UserConversation[]> {
    const found: UserConversation[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.tables.scan(
        userConversations,
        { app_id: appId as number, user_id: user as string },
        { limit: Math.min(ROWS_PER_READ, limit - found.length), ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const row of page.rows) {
        const peer = row.peer as UserId;
        found.push({ conversation: conversationOf(appId, user, peer), peer, mark: toMark(row) });
      }
      cursor = page.cursor;
    } while (cursor !== undefined && found.length < limit);
    return found;
  }

  /** How far `user` has read; nothing when there is no row. */
  async mark(conversation: Conversation, user: UserId): Promise<ReadMark> {
    const row = await this.tables.get(userConversations, rowKey(conversation, user));
    return row === undefined ? NOTHING_READ : toMark(row);
  }

  /** As many marks at once, in the order asked; any number. */
  async marks(
    asked: readonly { readonly conversation: Conversation; readonly user: UserId }[],
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
  async putMark(conversation: Conversation, user: UserId, mark: ReadMark): Promise<void> {
    await this.tables.put(userConversations, toRow(conversation, user, mark), mark.readSeq + 1n);
  }
}

/** The rows with which a conversation begins for both sides. */
export function beginConversation(conversation: Conversation): Write<typeof userConversations>[] {
  const users = isSelfConversation(conversation)
    ? [conversation.first]
    : [conversation.first, conversation.second];
  return users.map((user) => put(userConversations, toRow(conversation, user, NOTHING_READ), 1n));
}

const rowKey = (conversation: Conversation, user: UserId) => ({
  app_id: conversation.appId as number,
  user_id: user as string,
  conversation: conversation.id as string,
});

const toRow = (conversation: Conversation, user: UserId, mark: ReadMark): Row<typeof userConversations> => ({
  ...rowKey(conversation, user),
  peer: user === conversation.first ? conversation.second : conversation.first,
  type: messagev1.ConversationType.C2C,
  read_seq: mark.readSeq,
  read_count: mark.readCount,
  read_late_count: mark.readLateCount,
  read_at_ms: BigInt(mark.readAtMs),
  read_message_time_ms: BigInt(mark.readMessageTimeMs),
});

const toMark = (row: Row<typeof userConversations>): ReadMark => ({
  readSeq: row.read_seq,
  readCount: row.read_count,
  readLateCount: row.read_late_count,
  readAtMs: Number(row.read_at_ms),
  readMessageTimeMs: Number(row.read_message_time_ms),
});
