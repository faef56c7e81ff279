// MarkRead: moves a user's mark forward and tells the peer and the user's other devices.
import type { ConnectionId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { isSelfConversation, type PairConversation } from '../domain/conversation.js';
import { peerCount, type ReadMark } from '../domain/unread.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { MarkPlacer, ReadUpTo } from '../reading/mark-placer.js';
import type { ReadNotices } from '../sending/read-notices.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

export interface MarkReadCommand extends ReadUpTo {
  readonly conversation: PairConversation;
  readonly user: UserId;
  readonly peer: UserId;
  /** Calls before this one that may have done it already. */
  readonly attempt: number;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export interface MarkReadOptions {
  readonly reader: ConversationReader;
  readonly placer: MarkPlacer;
  readonly users: UserConversationStore;
  readonly notices: ReadNotices;
}

export class MarkRead {
  constructor(private readonly options: MarkReadOptions) {}

  /**
   * The mark that stands afterwards; it never moves back and never beyond the head.
   * @throws ChatError UNAVAILABLE for a mark above a head that is behind the log: the message is there, and so
   * a mark below it would be another one than the reader's device shows.
   */
  async run(command: MarkReadCommand): Promise<{ readSeq: bigint; unread: bigint }> {
    const { reader, users, placer } = this.options;
    const { conversation, user } = command;
    // The head before the mark, and before the row that is counted: see ReadMark.readLateCount.
    const { head, isCaughtUp } = await reader.head(conversation);
    if (!isCaughtUp && command.readSeq > (head?.seq ?? 0n)) throw historyBehind();
    if (head === undefined) return { readSeq: 0n, unread: 0n };
    const target = await placer.target(conversation, head, command);
    const present = await users.mark(conversation, user);
    if (target <= present.readSeq) {
      // The first attempt may have ended between the mark and the notice, or without knowing that it had set the mark.
      if (command.attempt > 0 && target === present.readSeq) await this.#notify(command, present);
      const unread = await reader.unread(conversation, user, head, present);
      return { readSeq: present.readSeq, unread };
    }
    const mark = await placer.at(conversation, head, {
      readSeq: target,
      countOf: (counts) => peerCount(counts, conversation, user),
    });
    await users.putMark(conversation, user, mark);
    await this.#notify(command, mark);
    return { readSeq: target, unread: await reader.unread(conversation, user, head, mark) };
  }

  #notify(command: MarkReadCommand, mark: ReadMark): Promise<void> {
    const { user, peer, conversation, originConnectionId } = command;
    return this.options.notices.tell(mark, {
      appId: conversation.appId,
      user,
      peer,
      type: messagev1.ConversationType.C2C,
      receivers: isSelfConversation(conversation) ? [user] : [user, peer],
      originConnectionId,
    });
  }
}
