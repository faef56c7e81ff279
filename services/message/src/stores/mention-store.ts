// Messages to groups that mention somebody: one row each, however many are mentioned.
import { fromBinary } from '@bufbuild/protobuf';
import type { UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { put, type Row, remove, type TableStore, type Write } from '@parley/table-store';
import type { GroupConversation } from '../domain/conversation.js';
import { groupMentions } from '../tables.js';
import type { ConversationRef } from './message-store.js';

/** Stands in no UserID. */
const SEPARATOR = '\n';

/** As one user sees it. */
export interface Mention {
  readonly seq: bigint;
  readonly from: UserId;
  readonly atAll: boolean;
  readonly atUser: boolean;
}

export class MentionStore {
  constructor(private readonly tables: TableStore) {}

  /** Of the newest `lookedAt` mentions above `afterSeq` those of the user by others, at most `limit`; ascending. */
  async newest(
    conversation: GroupConversation,
    user: UserId,
    { afterSeq, lookedAt, limit }: { afterSeq: bigint; lookedAt: number; limit: number },
  ): Promise<Mention[]> {
    const { rows } = await this.tables.scan(
      groupMentions,
      { app_id: conversation.appId as number, conversation: conversation.id as string },
      { from: { seq: afterSeq }, isFromExclusive: true, isReverse: true, limit: lookedAt },
    );
    const own = rows.map((row) => toMention(row, user)).filter((one) => one.from !== user);
    return own
      .filter(({ atAll, atUser }) => atAll || atUser)
      .slice(0, limit)
      .reverse();
  }
}

export function putMention(
  conversation: ConversationRef,
  seq: bigint,
  bytes: Uint8Array,
): Write<typeof groupMentions> {
  const { from, atAll, atAccounts } = fromBinary(messagev1.MessageSchema, bytes);
  return put(groupMentions, {
    ...rowKey(conversation, seq),
    from_id: from,
    at_all: atAll,
    at_users: atAccounts.join(SEPARATOR),
  });
}

export const removeMention = (conversation: ConversationRef, seq: bigint): Write<typeof groupMentions> =>
  remove(groupMentions, rowKey(conversation, seq));

const rowKey = (conversation: ConversationRef, seq: bigint) => ({
  app_id: conversation.appId as number,
  conversation: conversation.id as string,
  seq,
});

const toMention = (row: Row<typeof groupMentions>, user: UserId): Mention => ({
  seq: row.seq,
  from: row.from_id as UserId,
  atAll: row.at_all,
  atUser: row.at_users.split(SEPARATOR).includes(user),
});
