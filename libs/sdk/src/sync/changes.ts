// What changed in one turn, told to the app at its end: each event at most once.
import { EVENT } from '../constants/event.js';
import type { EventHub } from '../events/event-hub.js';
import type { GroupBook } from '../groups/group-book.js';
import type { GroupAttributesUpdate, GroupCounterUpdate, PinnedMessageUpdate } from '../model/group-sdk.js';
import type { Message } from '../model/message.js';
import type { ConversationBook } from './conversation-book.js';

type GroupNews =
  | ({ readonly kind: 'attributes' } & GroupAttributesUpdate)
  | ({ readonly kind: 'counter' } & GroupCounterUpdate)
  | ({ readonly kind: 'pin' } & PinnedMessageUpdate);

const EVENT_OF = {
  attributes: EVENT.GROUP_ATTRIBUTES_UPDATED,
  counter: EVENT.GROUP_COUNTER_UPDATED,
  pin: EVENT.PINNED_GROUP_MESSAGE_UPDATED,
} as const;

export class Changes {
  private received: Message[] = [];
  private readByPeer: Message[] = [];
  private modified: Message[] = [];
  private isListChanged = false;
  private toldUnread = 0;
  private isGroupListChanged = false;
  private groupEvents: GroupNews[] = [];
  /** Before SDK_READY changes only pile up. */
  isTold = false;

  constructor(
    private readonly hub: EventHub,
    private readonly book: ConversationBook,
    private readonly groups: GroupBook,
  ) {}

  addReceived(message: Message): void {
    this.received.push(message);
  }

  addReadByPeer(messages: readonly Message[]): void {
    this.readByPeer.push(...messages);
  }

  addModified(message: Message): void {
    this.modified.push(message);
  }

  addConversation(): void {
    this.isListChanged = true;
  }

  addGroups(): void {
    this.isGroupListChanged = true;
  }

  addGroupEvent(news: GroupNews): void {
    this.groupEvents.push(news);
  }

  flush(): void {
    if (!this.isTold) return;
    const { received, readByPeer, modified, isListChanged } = this;
    this.received = [];
    this.readByPeer = [];
    this.modified = [];
    this.isListChanged = false;
    if (modified.length > 0) this.hub.emit(EVENT.MESSAGE_MODIFIED, modified);
    if (received.length > 0) this.hub.emit(EVENT.MESSAGE_RECEIVED, received);
    if (readByPeer.length > 0) this.hub.emit(EVENT.MESSAGE_READ_BY_PEER, readByPeer);
    this.tellGroups();
    if (isListChanged) this.tellConversations();
  }

  private tellGroups(): void {
    const { groupEvents, isGroupListChanged } = this;
    this.groupEvents = [];
    this.isGroupListChanged = false;
    if (isGroupListChanged && this.hub.hasListener(EVENT.GROUP_LIST_UPDATED)) {
      this.hub.emit(EVENT.GROUP_LIST_UPDATED, this.groups.list());
    }
    for (const { kind, ...data } of groupEvents) this.hub.emit(EVENT_OF[kind], data);
  }

  private tellConversations(): void {
    if (this.hub.hasListener(EVENT.CONVERSATION_LIST_UPDATED)) {
      this.hub.emit(EVENT.CONVERSATION_LIST_UPDATED, this.book.list());
    }
    const unread = this.book.totalUnread;
    if (unread === this.toldUnread) return;
    this.toldUnread = unread;
    this.hub.emit(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, unread);
  }
}
