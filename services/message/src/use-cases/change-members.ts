// OpenConversations and CloseConversations: a group comes and goes among its members' conversations.
import type { Clock, UserId } from '@parley/kernel';
import type { TableStore } from '@parley/table-store';
import type { GroupConversation } from '../domain/conversation.js';
import { type ConversationHead, EMPTY_HEAD } from '../domain/conversation-head.js';
import { nextChange } from '../domain/group-mark.js';
import type { ReadMark } from '../domain/unread.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { MarkPlacer } from '../reading/mark-placer.js';
import { putMembership, type UserConversationStore } from '../stores/user-conversation-store.js';

export interface NewMember {
  readonly user: UserId;
  /** Unread messages to begin with, at most as many as the member sees. */
  readonly unread: number;
}

export interface ChangeMembersOptions {
  readonly tables: TableStore;
  readonly reader: ConversationReader;
  readonly users: UserConversationStore;
  readonly placer: MarkPlacer;
  readonly clock: Clock;
}

export class ChangeMembers {
  constructor(private readonly options: ChangeMembersOptions) {}

  /**
   * Whoever is in already stays as it is, unless a closing in between is still on its way. `withHistory`: what was said
   * before is shown too.
   * @throws ChatError UNAVAILABLE when it is not known yet what was said before.
   */
  async open(
    conversation: GroupConversation,
    members: readonly NewMember[],
    { withHistory, changeSeq }: { readonly withHistory: boolean; readonly changeSeq: bigint },
  ): Promise<void> {
    const { tables, reader, users, clock } = this.options;
    const { head = EMPTY_HEAD, isCaughtUp } = await reader.head(conversation);
    if (!isCaughtUp) throw historyBehind();
    const present = await users.memberships(
      conversation,
      members.map((member) => member.user),
    );
    const marks = new Map<number, ReadMark>();
    const writes = [];
    for (const [index, { user, unread }] of members.entries()) {
      const former = present[index];
      const change = former && nextChange(former, changeSeq, true);
      if (change === undefined) continue;
      const mark = await this.#markFor(conversation, head, { unread: withHistory ? unread : 0, marks });
      writes.push(
        putMembership(conversation, user, {
          isOpen: true,
          visibleFromSeq: withHistory ? 0n : head.seq + 1n,
          change,
          changedAtMs: clock.now(),
          openingMark: { mark, asOfSeq: head.seq },
        }),
      );
    }
    await tables.writeAll(writes);
  }

  /** Whoever is out already stays out, also if an opening of before comes late. */
  async close(conversation: GroupConversation, members: readonly UserId[], changeSeq: bigint): Promise<void> {
    const { tables, users, clock } = this.options;
    const present = await users.memberships(conversation, members);
    const writes = members.flatMap((user, index) => {
      const former = present[index];
      const change = former && nextChange(former, changeSeq, false);
      if (former === undefined || change === undefined) return [];
      const changedAtMs = former.isOpen ? clock.now() : former.changedAtMs;
      return [putMembership(conversation, user, { ...former, isOpen: false, change, changedAtMs })];
    });
    await tables.writeAll(writes);
  }

  /** Looked for once for all who begin with the same number. */
  async #markFor(
    conversation: GroupConversation,
    head: ConversationHead,
    { unread, marks }: { readonly unread: number; readonly marks: Map<number, ReadMark> },
  ): Promise<ReadMark> {
    const known = marks.get(unread) ?? (await this.options.placer.leaving(conversation, head, unread));
    marks.set(unread, known);
    return known;
  }
}
