// GetConversation: one conversation as one user sees it.
import type { UserId } from '@parley/kernel';
import type { GroupConversation, PairConversation } from '../domain/conversation.js';
import { NOTHING_READ, type ReadMark } from '../domain/unread.js';
import type { ConversationReader, ConversationView } from '../reading/conversation-reader.js';
import type { LastMessages } from '../reading/last-messages.js';
import type { Mentions } from '../reading/mentions.js';
import type { Mention } from '../stores/mention-store.js';
import type { MessageRow } from '../stores/message-store.js';
import { NEVER_SET, type ReceiveOptionStore, type SetOption } from '../stores/receive-option-store.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';

/** A view with what a list shows beside it. */
export interface ShownConversation extends ConversationView {
  readonly lastMessage: MessageRow | undefined;
  readonly peerMark: ReadMark;
  /** Of a conversation with a user. */
  readonly receive: SetOption;
  /** Of a group: unread messages that mention the user; the last of them, ascending. */
  readonly mentions: readonly Mention[];
}

export class GetConversation {
  constructor(
    private readonly reader: ConversationReader,
    private readonly last: LastMessages,
    private readonly mentions: Mentions,
    private readonly stores: {
      readonly users: UserConversationStore;
      readonly options: ReceiveOptionStore;
    },
  ) {}

  /** Undefined when it has nothing to show to the user. */
  async run(
    conversation: PairConversation,
    user: UserId,
    peer: UserId,
  ): Promise<ShownConversation | undefined> {
    const view = (await this.reader.withPeers(user, [{ conversation, peer }])).get(peer);
    if (view === undefined || !isListed(view)) return undefined;
    const [lastMessage] = await this.last.read(user, [view]);
    const [peerMark, receive] = await Promise.all([
      this.stores.users.mark(conversation, peer),
      this.stores.options.get(conversation.appId, user, peer),
    ]);
    return { ...view, lastMessage, peerMark, receive, mentions: [] };
  }

  /** The same of a group; undefined when the user is not in it. */
  async inGroup(conversation: GroupConversation, user: UserId): Promise<ShownConversation | undefined> {
    const view = await this.reader.inGroup(conversation, user);
    if (view === undefined) return undefined;
    const [lastMessage] = await this.last.read(user, [view]);
    const [mentions = []] = await this.mentions.of(user, [view]);
    return { ...view, lastMessage, peerMark: NOTHING_READ, receive: NEVER_SET, mentions };
  }
}

/** A conversation with a user of which the user sees no message is not there for the user; a group is. */
export const isListed = (view: ConversationView): boolean =>
  view.conversation.kind === 'group' || view.lastSeq > 0n || view.unread > 0n;

/** When the head, a mark of either side or the user's option changed last, or the user came in. */
export const changedAtMs = (
  view: ConversationView & Pick<ShownConversation, 'peerMark' | 'receive'>,
): number =>
  Math.max(
    view.head.updatedAtMs,
    view.mark.readAtMs,
    view.peerMark.readAtMs,
    view.openedAtMs,
    view.receive.setMs,
  );
