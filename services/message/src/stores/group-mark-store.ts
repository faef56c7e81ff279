// Rows of what members have read in groups.
import type { AppId, UserId } from '@parley/kernel';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import type { GroupConversation } from '../domain/conversation.js';
import { markVersion, NO_MARKS, type OwnMark, type StoredMarks } from '../domain/group-mark.js';
import type { ReadMark } from '../domain/unread.js';
import { groupMarks } from '../tables.js';
import { markColumns, toMark } from './mark-columns.js';
import type { ConversationRef } from './message-store.js';

const OWN = 0;
const LAST_SENT = 1;
const ROWS_PER_READ = 1_000;
/** Two rows each. */
const MEMBERS_PER_READ = ROWS_PER_READ / 2;

export class GroupMarkStore {
  constructor(private readonly tables: TableStore) {}

  async of(conversation: GroupConversation, user: UserId): Promise<StoredMarks> {
    const [marks] = await this.ofMany([{ conversation, user }]);
    return marks ?? NO_MARKS;
  }

  /** In the order asked; any number. */
  async ofMany(
    members: readonly { readonly conversation: GroupConversation; readonly user: UserId }[],
  ): Promise<StoredMarks[]> {
    const found: StoredMarks[] = [];
    for (let at = 0; at < members.length; at += MEMBERS_PER_READ) {
      const some = members.slice(at, at + MEMBERS_PER_READ);
      const keys = some.flatMap(({ conversation, user }) =>
        [OWN, LAST_SENT].map((kind) => rowKey(conversation, user, kind)),
      );
      const rows = await this.tables.getMany(groupMarks, keys);
      for (const index of some.keys()) {
        const [own, sent] = [rows[2 * index], rows[2 * index + 1]];
        found.push({ own: own && toOwnMark(own), lastSent: sent && toMark(sent) });
      }
    }
    return found;
  }

  /** All of a user's, by the conversation's id. */
  async all(appId: AppId, user: UserId): Promise<Map<string, StoredMarks>> {
    const found = new Map<string, StoredMarks>();
    let cursor: string | undefined;
    do {
      const page = await this.tables.scan(
        groupMarks,
        { app_id: appId as number, user_id: user as string },
        { limit: ROWS_PER_READ, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const row of page.rows) {
        const known = found.get(row.conversation) ?? NO_MARKS;
        const more = row.kind === OWN ? { own: toOwnMark(row) } : { lastSent: toMark(row) };
        found.set(row.conversation, { ...known, ...more });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  }

  /** One of a lower version than the present changes nothing. */
  async putOwn(conversation: GroupConversation, user: UserId, own: OwnMark): Promise<void> {
    const row = {
      ...rowKey(conversation, user, OWN),
      ...markColumns(own.mark),
      opening: own.opening,
      generation: own.generation,
      as_of_seq: own.asOfSeq,
    };
    await this.tables.put(groupMarks, row, markVersion(own));
  }
}

/** A member's last message moves its mark. */
export const putLastSent = (
  conversation: GroupConversation,
  user: UserId,
  mark: ReadMark,
): Write<typeof groupMarks> =>
  put(
    groupMarks,
    {
      ...rowKey(conversation, user, LAST_SENT),
      ...markColumns(mark),
      opening: 0n,
      generation: 0n,
      as_of_seq: 0n,
    },
    mark.readSeq + 1n,
  );

const rowKey = (conversation: ConversationRef, user: UserId, kind: number) => ({
  app_id: conversation.appId as number,
  user_id: user as string,
  conversation: conversation.id as string,
  kind,
});

const toOwnMark = (row: Row<typeof groupMarks>): OwnMark => ({
  mark: toMark(row),
  opening: row.opening,
  generation: row.generation,
  asOfSeq: row.as_of_seq,
});
