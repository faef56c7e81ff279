// MarkRead: moves a user's mark forward and tells the peer and the user's other devices.
import { create, toBinary } from '@bufbuild/protobuf';
import type { Clock, ConnectionId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import { type Conversation, isSelfConversation } from '../domain/conversation.js';
import type { ConversationHead } from '../domain/conversation-head.js';
import { peerCount, type ReadMark } from '../domain/unread.js';
import { historyBehind } from '../errors.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { TimeOrder } from '../reading/time-order.js';
import type { ReadNotices } from '../sending/read-notices.js';
import type { MessageStore } from '../stores/message-store.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

export interface MarkReadCommand {
  readonly conversation: Conversation;
  readonly user: UserId;
  readonly peer: UserId;
  /** Inclusive; 0n with untilTimeS 0: up to the head. */
  readonly readSeq: bigint;
  readonly untilTimeS: number;
  /** Calls before this one that may have done it already. */
  readonly attempt: number;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export interface MarkReadOptions {
  readonly reader: ConversationReader;
  readonly order: TimeOrder;
  readonly messages: MessageStore;
  readonly users: UserConversationStore;
  readonly notices: ReadNotices;
  readonly clock: Clock;
}

export class MarkRead {
  constructor(private readonly options: MarkReadOptions) {}

  /**
   * The mark that stands afterwards; it never moves back and never beyond the head.
   * @throws ChatError UNAVAILABLE for a mark above a head that is behind the log: the message is there, and so
   * a mark below it would be another one than the reader's device shows.
   */
  async run(command: MarkReadCommand): Promise<{ readSeq: bigint; unread: bigint }> {
    const { reader, users } = this.options;
    const { conversation, user } = command;
    // The head before the mark, and before the row that is counted: see ReadMark.readLateCount.
    const { head, isCaughtUp } = await reader.head(conversation);
    if (!isCaughtUp && command.readSeq > (head?.seq ?? 0n)) throw historyBehind();
    if (head === undefined) return { readSeq: 0n, unread: 0n };
    const target = await this.#target(command, head);
    const present = await users.mark(conversation, user);
    if (target <= present.readSeq) {
      // The first attempt may have ended between the mark and the notice, or without knowing that it had set the mark.
      if (command.attempt > 0 && target === present.readSeq) await this.#notify(command, present);
      const unread = await reader.unread(conversation, user, head, present);
      return { readSeq: present.readSeq, unread };
    }
    const mark = await this.#markAt(command, head, target);
    await users.putMark(conversation, user, mark);
    await this.#notify(command, mark);
    return { readSeq: target, unread: await reader.unread(conversation, user, head, mark) };
  }

  async #target(command: MarkReadCommand, head: ConversationHead): Promise<bigint> {
    if (command.untilTimeS !== 0) {
      const untilMs = command.untilTimeS * 1_000 + 999;
      return this.options.order.newestSeqUpTo(command.conversation, head, untilMs);
    }
    return command.readSeq === 0n || command.readSeq > head.seq ? head.seq : command.readSeq;
  }

  async #markAt(command: MarkReadCommand, head: ConversationHead, readSeq: bigint): Promise<ReadMark> {
    const { conversation, user } = command;
    const row = await this.options.messages.newestUpTo(conversation, readSeq);
    return {
      readSeq,
      readCount: row === undefined ? 0n : peerCount(row.facts, conversation, user),
      readLateCount: head.lateCount,
      readAtMs: this.options.clock.now(),
      readMessageTimeMs: row?.facts.timeMs ?? 0,
    };
  }

  #notify(command: MarkReadCommand, mark: ReadMark): Promise<void> {
    const { user, peer, conversation, originConnectionId } = command;
    const notice = create(messagev1.ReadNoticeSchema, {
      user,
      peer,
      type: messagev1.ConversationType.C2C,
      readSeq: mark.readSeq,
      readAtMs: BigInt(mark.readAtMs),
      readMessageTimeMs: BigInt(mark.readMessageTimeMs),
    });
    const push = create(wirev1.PushSchema, { event: { case: 'read', value: notice } });
    return this.options.notices.tell({
      target: {
        appId: conversation.appId,
        userIds: isSelfConversation(conversation) ? [user] : [user, peer],
        ...(originConnectionId === undefined ? {} : { exceptConnectionId: originConnectionId }),
      },
      push: toBinary(wirev1.PushSchema, push),
      reader: user,
    });
  }
}
