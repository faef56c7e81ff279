// MarkRead and SetUnread of a group: marks of one member, which nobody else is told of.
import type { ConnectionId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { GroupConversation } from '../domain/conversation.js';
import { EMPTY_HEAD } from '../domain/conversation-head.js';
import { markWithImports, movedMark, resetMark } from '../domain/group-mark.js';
import type { ReadMark } from '../domain/unread.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { GroupReader } from '../reading/group-reader.js';
import type { MarkPlacer, ReadUpTo } from '../reading/mark-placer.js';
import type { ReadNotices } from '../sending/read-notices.js';
import type { GroupMarkStore } from '../stores/group-mark-store.js';

export interface MarkGroupReadCommand extends ReadUpTo {
  readonly conversation: GroupConversation;
  readonly user: UserId;
  /** Calls before this one that may have done it already. */
  readonly attempt: number;
  readonly originConnectionId: ConnectionId | undefined;
}

export interface MarkGroupReadOptions {
  readonly reader: ConversationReader;
  readonly groups: GroupReader;
  readonly placer: MarkPlacer;
  readonly marks: GroupMarkStore;
  readonly notices: ReadNotices;
}

export interface MarkOutcome {
  readonly readSeq: bigint;
  readonly unread: bigint;
}

const NOTHING: MarkOutcome = { readSeq: 0n, unread: 0n };

export class MarkGroupRead {
  constructor(private readonly options: MarkGroupReadOptions) {}

  /**
   * The mark that stands afterwards; it never moves back and never beyond the head. Nothing for who is not in the
   * group. @throws ChatError UNAVAILABLE for a mark above a head that is behind the log.
   */
  async run(command: MarkGroupReadCommand): Promise<MarkOutcome> {
    const { reader, groups, placer, marks } = this.options;
    const { conversation, user } = command;
    const { head, isCaughtUp } = await reader.head(conversation);
    if (!isCaughtUp && command.readSeq > (head?.seq ?? 0n)) throw historyBehind();
    const { membership, stored } = await groups.standing(conversation, user);
    if (head === undefined || !membership.isOpen) return NOTHING;
    const present = markWithImports(membership, stored, head);
    const readSeq = await placer.target(conversation, head, command);
    if (readSeq <= present.readSeq) {
      // The first attempt may have ended between the mark and the notice.
      if (command.attempt > 0 && readSeq === present.readSeq) await this.#notify(command, present);
      const unread = await reader.unread(conversation, user, head, present);
      return { readSeq: present.readSeq, unread };
    }
    const mark = await placer.at(conversation, head, {
      readSeq,
      countOf: (counts) => counts.countFromFirst,
    });
    await marks.putOwn(conversation, user, movedMark(membership, stored.own, mark));
    await this.#notify(command, mark);
    return { readSeq, unread: await reader.unread(conversation, user, head, mark) };
  }

  /** So many unread messages, at most all; back as well as forward. */
  async setUnread(conversation: GroupConversation, user: UserId, unread: number): Promise<MarkOutcome> {
    const { reader, groups, placer, marks } = this.options;
    const head = (await reader.head(conversation)).head ?? EMPTY_HEAD;
    const { membership, stored } = await groups.standing(conversation, user);
    if (!membership.isOpen) return NOTHING;
    const mark = await placer.leaving(conversation, head, unread);
    const placed = { mark, asOfSeq: head.seq };
    await marks.putOwn(conversation, user, resetMark(membership, stored.own, placed));
    await this.#notify({ conversation, user, originConnectionId: undefined }, mark);
    return { readSeq: mark.readSeq, unread: await reader.unread(conversation, user, head, mark) };
  }

  /** The user's other devices. */
  #notify(
    command: Pick<MarkGroupReadCommand, 'conversation' | 'user' | 'originConnectionId'>,
    mark: ReadMark,
  ): Promise<void> {
    const { conversation, user, originConnectionId } = command;
    return this.options.notices.tell(mark, {
      appId: conversation.appId,
      user,
      peer: conversation.groupId,
      type: messagev1.ConversationType.GROUP,
      receivers: [user],
      originConnectionId,
    });
  }
}
