// What changed in one turn, told to the app at its end: each event at most once.
import { EVENT } from '../constants/event.js';
import type { EventHub } from '../events/event-hub.js';
import type { GroupBook } from '../groups/group-book.js';
import type { GroupAttributesUpdate, GroupCounterUpdate, PinnedMessageUpdate } from '../model/group-sdk.js';
import type { Message } from '../model/message.js';
import type { TopicCreation, TopicDeletion } from '../model/topic-sdk.js';
import type { TopicBook } from '../topics/topic-book.js';
import type { ConversationBook } from './conversation-book.js';
import type { ConversationState } from './conversation-state.js';

export interface ChangesOptions {
  readonly hub: EventHub;
  readonly book: ConversationBook;
  readonly groups: GroupBook;
  readonly topics: TopicBook;
}

type GroupNews =
  | ({ readonly kind: 'topicCreated' } & TopicCreation)
  | ({ readonly kind: 'topicDeleted' } & TopicDeletion)
  | ({ readonly kind: 'attributes' } & GroupAttributesUpdate)
  | ({ readonly kind: 'counter' } & GroupCounterUpdate)
  | ({ readonly kind: 'pin' } & PinnedMessageUpdate);

const EVENT_OF = {
  topicCreated: EVENT.TOPIC_CREATED,
  topicDeleted: EVENT.TOPIC_DELETED,
  attributes: EVENT.GROUP_ATTRIBUTES_UPDATED,
  counter: EVENT.GROUP_COUNTER_UPDATED,
  pin: EVENT.PINNED_GROUP_MESSAGE_UPDATED,
} as const;

export class Changes {
  private received: Message[] = [];
  private readByPeer: Message[] = [];
  private modified: Message[] = [];
  private revoked: Message[] = [];
  private isListChanged = false;
  private toldUnread = 0;
  private isGroupListChanged = false;
  private groupEvents: GroupNews[] = [];
  private readonly topics = new Map<string, boolean>();
  /** Before SDK_READY changes only pile up. */
  isTold = false;

  constructor(private readonly options: ChangesOptions) {}

  addReceived(message: Message): void {
    this.received.push(message);
  }

  addReadByPeer(messages: readonly Message[]): void {
    this.readByPeer.push(...messages);
  }

  addModified(message: Message): void {
    this.modified.push(message);
  }

  addRevoked(message: Message): void {
    this.revoked.push(message);
  }

  /** In this conversation, or in any. */
  addConversation(state?: ConversationState): void {
    if (state?.address.kind.isListed === false) this.addTopic(state.peer);
    else this.isListChanged = true;
  }

  /** Something may have changed in the topic; `isNews`: something has. */
  addTopic(topicID: string, isNews = false): void {
    this.topics.set(topicID, isNews || this.topics.get(topicID) === true);
  }

  addGroups(): void {
    this.isGroupListChanged = true;
  }

  addGroupEvent(news: GroupNews): void {
    this.groupEvents.push(news);
  }

  flush(): void {
    if (!this.isTold) return;
    const { received, readByPeer, modified, revoked, isListChanged } = this;
    this.received = [];
    this.readByPeer = [];
    this.modified = [];
    this.revoked = [];
    this.isListChanged = false;
    if (received.length > 0) this.options.hub.emit(EVENT.MESSAGE_RECEIVED, received);
    if (modified.length > 0) this.options.hub.emit(EVENT.MESSAGE_MODIFIED, modified);
    if (revoked.length > 0) this.options.hub.emit(EVENT.MESSAGE_REVOKED, revoked);
    if (readByPeer.length > 0) this.options.hub.emit(EVENT.MESSAGE_READ_BY_PEER, readByPeer);
    this.tellGroups();
    this.tellTopics();
    if (isListChanged) this.tellConversations();
  }

  private tellGroups(): void {
    const { groupEvents, isGroupListChanged } = this;
    this.groupEvents = [];
    this.isGroupListChanged = false;
    if (isGroupListChanged && this.options.hub.hasListener(EVENT.GROUP_LIST_UPDATED)) {
      this.options.hub.emit(EVENT.GROUP_LIST_UPDATED, this.options.groups.list());
    }
    for (const { kind, ...data } of groupEvents) this.options.hub.emit(EVENT_OF[kind], data);
  }

  private tellTopics(): void {
    const changed = [...this.topics];
    this.topics.clear();
    for (const [topicID, isNews] of changed) {
      const topic = this.options.topics.find(topicID);
      if (topic === undefined) continue;
      const isShown = this.options.topics.show(topic);
      if (!(isShown || isNews)) continue;
      this.options.hub.emit(EVENT.TOPIC_UPDATED, { groupID: topic.groupID, topic });
    }
  }

  private tellConversations(): void {
    if (this.options.hub.hasListener(EVENT.CONVERSATION_LIST_UPDATED)) {
      this.options.hub.emit(EVENT.CONVERSATION_LIST_UPDATED, this.options.book.list());
    }
    const unread = this.options.book.totalUnread;
    if (unread === this.toldUnread) return;
    this.toldUnread = unread;
    this.options.hub.emit(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, unread);
  }
}
