// MarkRead: moves a user's mark forward and tells the peer and the user's other devices.
import type { ConnectionId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { isSelfConversation, type PairConversation } from '../domain/conversation.js';
import { peerCount, type ReadMark } from '../domain/unread.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { MarkPlacer, ReadUpTo } from '../reading/mark-placer.js';
import type { ReadNotifier } from '../sending/read-notifier.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

export interface MarkReadCommand extends ReadUpTo {
  readonly conversation: PairConversation;
  readonly user: UserId;
  readonly peer: UserId;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export interface MarkReadOptions {
  readonly reader: ConversationReader;
  readonly placer: MarkPlacer;
  readonly users: UserConversationStore;
  readonly notifier: ReadNotifier;
}

export class MarkRead {
  constructor(private readonly options: MarkReadOptions) {}

  /** The mark that stands afterwards; it never moves back and never beyond the head. */
  async run(command: MarkReadCommand): Promise<{ readSeq: bigint; unread: bigint }> {
    const { reader, users, placer } = this.options;
    const { conversation, user } = command;
    // The head before the mark, and before the row that is counted: see ReadMark.readLateCount.
    const { head } = await reader.head(conversation);
    if (head === undefined) return { readSeq: 0n, unread: 0n };
    const target = await placer.target(conversation, head, command);
    const present = await users.mark(conversation, user);
    if (target <= present.readSeq) {
      const unread = await reader.unread(conversation, user, head, present);
      return { readSeq: present.readSeq, unread };
    }
    const mark = await placer.at(conversation, head, {
      readSeq: target,
      countOf: (counts) => peerCount(counts, conversation, user),
    });
    await users.putMark(conversation, user, mark);
    this.#notify(command, mark);
    return { readSeq: target, unread: await reader.unread(conversation, user, head, mark) };
  }

  #notify(command: MarkReadCommand, mark: ReadMark): void {
    const { user, peer, conversation, originConnectionId } = command;
    this.options.notifier.tell(mark, {
      appId: conversation.appId,
      user,
      peer,
      type: messagev1.ConversationType.C2C,
      receivers: isSelfConversation(conversation) ? [user] : [user, peer],
      originConnectionId,
    });
  }
}
