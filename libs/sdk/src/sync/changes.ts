// What changed in one turn, told to the app at its end: each event at most once.
import { EVENT } from '../constants/event.js';
import type { EventHub } from '../events/event-hub.js';
import type { Message } from '../model/message.js';
import type { ConversationBook } from './conversation-book.js';

export class Changes {
  private received: Message[] = [];
  private readByPeer: Message[] = [];
  private modified: Message[] = [];
  private isListChanged = false;
  private toldUnread = 0;
  /** Before SDK_READY changes only pile up. */
  isTold = false;

  constructor(
    private readonly hub: EventHub,
    private readonly book: ConversationBook,
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
    if (isListChanged) this.tellConversations();
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
