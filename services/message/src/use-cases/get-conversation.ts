// GetConversation: one conversation as one user sees it.
import type { UserId } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import type { ReadMark } from '../domain/unread.js';
import type { ConversationReader, ConversationView } from '../reading/conversation-reader.js';
import type { MessageRow, MessageStore } from '../stores/message-store.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

/** A view with what a list shows beside it. */
export interface ShownConversation extends ConversationView {
  readonly lastMessage: MessageRow | undefined;
  readonly peerMark: ReadMark;
}

export class GetConversation {
  constructor(
    private readonly reader: ConversationReader,
    private readonly messages: MessageStore,
    private readonly users: UserConversationStore,
  ) {}

  /** Undefined when it has nothing to show to the user. */
  async run(conversation: Conversation, user: UserId, peer: UserId): Promise<ShownConversation | undefined> {
    const view = (await this.reader.withPeers(user, [{ conversation, peer }])).get(peer);
    if (view === undefined || !isListed(view)) return undefined;
    const [lastMessage] = await this.messages.getMany(
      view.lastSeq === 0n ? [] : [{ conversation, seq: view.lastSeq }],
    );
    return { ...view, lastMessage, peerMark: await this.users.mark(conversation, peer) };
  }
}

/** A conversation of which the user sees no message is not there for the user. */
export const isListed = (view: ConversationView): boolean => view.lastSeq > 0n || view.unread > 0n;

/** When the head or a mark of either side changed last. */
export const changedAtMs = (view: ConversationView, peerMark: ReadMark): number =>
  Math.max(view.head.updatedAtMs, view.mark.readAtMs, peerMark.readAtMs);
