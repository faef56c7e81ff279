// What users have deleted from their own views.
import type { AppId, UserId } from '@parley/kernel';
import { put, type Row, type TableStore, type Write } from '@parley/table-store';
import { hiddenMessages, userSights } from '../tables.js';
import type { ConversationRef } from './message-store.js';

const ROWS_PER_READ = 1_000;
const NOTHING_HIDDEN: ReadonlySet<bigint> = new Set();

/** What of a conversation a user has deleted. */
export interface Sight {
  /** What is not above is gone; 0n: nothing. */
  readonly clearedSeq: bigint;
  /** Messages that are gone one by one lie between these, both inclusive; 0n: there are none. */
  readonly hiddenFirst: bigint;
  readonly hiddenLast: bigint;
}

export const FULL_SIGHT: Sight = { clearedSeq: 0n, hiddenFirst: 0n, hiddenLast: 0n };

export class SightStore {
  constructor(private readonly tables: TableStore) {}

  async of(conversation: ConversationRef, user: UserId): Promise<Sight> {
    const row = await this.tables.get(userSights, sightKey(conversation, user));
    return row === undefined ? FULL_SIGHT : toSight(row);
  }

  /** In the order asked. */
  async ofMany(conversations: readonly ConversationRef[], user: UserId): Promise<Sight[]> {
    const rows = await this.tables.getMany(
      userSights,
      conversations.map((conversation) => sightKey(conversation, user)),
    );
    return rows.map((row) => (row === undefined ? FULL_SIGHT : toSight(row)));
  }

  /** All of a user's that are not full, by the conversation's id. */
  async all(appId: AppId, user: UserId): Promise<Map<string, Sight>> {
    const found = new Map<string, Sight>();
    let cursor: string | undefined;
    do {
      const page = await this.tables.scan(
        userSights,
        { app_id: appId as number, user_id: user as string },
        { limit: ROWS_PER_READ, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const row of page.rows) found.set(row.conversation, toSight(row));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  }

  /** Which of these numbers, in any order, are hidden. Costs nothing where none can be. */
  async hiddenAmong(
    { conversation, user, sight }: { conversation: ConversationRef; user: UserId; sight: Sight },
    seqs: readonly bigint[],
  ): Promise<ReadonlySet<bigint>> {
    const asked = seqs.filter((seq) => seq >= sight.hiddenFirst && seq <= sight.hiddenLast);
    if (asked.length === 0) return NOTHING_HIDDEN;
    const rows = await this.tables.getMany(
      hiddenMessages,
      asked.map((seq) => hiddenKey(conversation, user, seq)),
    );
    return new Set(rows.flatMap((row) => (row === undefined ? [] : [row.seq])));
  }
}

/** The version of a sight is the log's order. */
export const putSight = (
  conversation: ConversationRef,
  user: UserId,
  written: { readonly sight: Sight; readonly logOffset: bigint },
): Write<typeof userSights> =>
  put(
    userSights,
    {
      ...sightKey(conversation, user),
      cleared_seq: written.sight.clearedSeq,
      hidden_first: written.sight.hiddenFirst,
      hidden_last: written.sight.hiddenLast,
    },
    written.logOffset + 1n,
  );

export const putHidden = (
  conversation: ConversationRef,
  user: UserId,
  hidden: { readonly seq: bigint; readonly logOffset: bigint },
): Write<typeof hiddenMessages> =>
  put(hiddenMessages, { ...hiddenKey(conversation, user, hidden.seq), log_offset: hidden.logOffset });

const sightKey = (conversation: ConversationRef, user: UserId) => ({
  app_id: conversation.appId as number,
  user_id: user as string,
  conversation: conversation.id as string,
});

const hiddenKey = (conversation: ConversationRef, user: UserId, seq: bigint) => ({
  ...sightKey(conversation, user),
  seq,
});

const toSight = (row: Row<typeof userSights>): Sight => ({
  clearedSeq: row.cleared_seq,
  hiddenFirst: row.hidden_first,
  hiddenLast: row.hidden_last,
});
