// Conversations as one user sees them.
import { type AppId, READ_YOUR_WRITE_WAIT_MS, type UserId } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import { sideOf } from '../domain/conversation.js';
import type { ConversationHead } from '../domain/conversation-head.js';
import { CONVERSATIONS_PER_USER_MAX } from '../domain/limits.js';
import { atLeastZero, peerCount, type ReadMark, unreadAt } from '../domain/unread.js';
import type { MessageEvents } from '../events.js';
import type { HeadStore } from '../stores/head-store.js';
import type { MessageStore } from '../stores/message-store.js';
import type { UserConversation, UserConversationStore } from '../stores/user-conversation-store.js';
import type { HistoryProgress } from './history-progress.js';

export interface ConversationView {
  readonly conversation: Conversation;
  readonly peer: UserId;
  readonly head: ConversationHead;
  readonly mark: ReadMark;
  readonly unread: bigint;
  /** The last message that the user sees; 0n: none. */
  readonly lastSeq: bigint;
}

export interface ConversationReaderOptions {
  readonly heads: HeadStore;
  readonly messages: MessageStore;
  readonly users: UserConversationStore;
  readonly progress: HistoryProgress;
  readonly events: MessageEvents;
  readonly partitionOf: (conversation: Conversation) => number;
}

export interface FreshHead {
  /** Undefined: the conversation has no message. */
  readonly head: ConversationHead | undefined;
  /** Whether it shows everything that the log held when it was asked for. */
  readonly isCaughtUp: boolean;
}

export class ConversationReader {
  constructor(private readonly options: ConversationReaderOptions) {}

  /** The head after everything acked before this call, unless the writer is too far behind (P7). */
  async head(conversation: Conversation): Promise<FreshHead> {
    const { progress, heads, partitionOf } = this.options;
    const partition = partitionOf(conversation);
    const isCaughtUp = await progress.catchUp(partition, READ_YOUR_WRITE_WAIT_MS);
    const head = await heads.get(conversation, progress.knownWritten(partition));
    return { head: head === undefined || head.seq === 0n ? undefined : head, isCaughtUp };
  }

  /** Every conversation of a user that has messages, in no particular order; at most CONVERSATIONS_PER_USER_MAX. */
  async all(appId: AppId, user: UserId): Promise<ConversationView[]> {
    const { progress, users, heads, events } = this.options;
    await progress.catchUpAll(READ_YOUR_WRITE_WAIT_MS);
    const rows = await users.list(appId, user, CONVERSATIONS_PER_USER_MAX);
    if (rows.length >= CONVERSATIONS_PER_USER_MAX) events.conversationListCut(appId, user);
    const found = await heads.getMany(rows.map((row) => row.conversation));
    return this.#views(user, rows, found);
  }

  /** The conversations with these peers that have messages, by the peer. */
  async withPeers(
    user: UserId,
    conversations: readonly { readonly conversation: Conversation; readonly peer: UserId }[],
  ): Promise<Map<UserId, ConversationView>> {
    const { users, heads, progress } = this.options;
    const partitions = new Set(conversations.map((one) => this.options.partitionOf(one.conversation)));
    await Promise.all([...partitions].map((one) => progress.catchUp(one, READ_YOUR_WRITE_WAIT_MS)));
    const marks = await users.marks(conversations.map(({ conversation }) => ({ conversation, user })));
    const found = await heads.getMany(conversations.map((one) => one.conversation));
    const rows = conversations.map((one, index) => ({ ...one, mark: marks[index] as ReadMark }));
    return new Map((await this.#views(user, rows, found)).map((view) => [view.peer, view]));
  }

  /** Messages of the peer above the mark. */
  async unread(
    conversation: Conversation,
    user: UserId,
    head: ConversationHead,
    mark: ReadMark,
  ): Promise<bigint> {
    const ofPeer = peerCount(head, conversation, user);
    const known = unreadAt(head, mark, ofPeer);
    if (known !== undefined) return known;
    const row = await this.options.messages.newestUpTo(conversation, mark.readSeq);
    return atLeastZero(ofPeer - (row === undefined ? 0n : peerCount(row.facts, conversation, user)));
  }

  async #views(
    user: UserId,
    rows: readonly UserConversation[],
    heads: readonly (ConversationHead | undefined)[],
  ): Promise<ConversationView[]> {
    const views: ConversationView[] = [];
    for (const [index, row] of rows.entries()) {
      const head = heads[index];
      if (head === undefined || head.seq === 0n) continue;
      const { conversation, peer, mark } = row;
      const unread = await this.unread(conversation, user, head, mark);
      const lastSeq = sideOf(conversation, user) === 'first' ? head.lastSeqFirst : head.lastSeqSecond;
      views.push({ conversation, peer, head, mark, unread, lastSeq });
    }
    return views;
  }
}
