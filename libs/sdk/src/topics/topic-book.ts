// Topics that this session knows, by their communities: those that the app looked at, and those that spoke or began
// meanwhile. Bounded: the communities that were in use last.
import type { groupv1 } from '@parley/proto';
import { TOPICS_KNOWN_MAX, TOPICS_PER_COMMUNITY_MAX } from '../constants/limits.js';
import { communityOf, inGroup } from '../messages/conversation-kind.js';
import { RecentIds } from '../messages/recent-ids.js';
import type { Topic } from '../model/topic-sdk.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import { assign, createTopicView, showConversation, updateTopic } from './topic-view.js';

export class KnownCommunity {
  /** All of its topics were read once: what is not among them is new. */
  isListed = false;
  /** The objects that the app sees; they stay the same. */
  readonly views = new Map<string, Topic>();
  /** Topics with a conversation here. */
  readonly open = new Set<string>();
  /** Whose beginning the app knows, or their end. An id is not given twice while the community lives. */
  readonly begun = new RecentIds(TOPICS_PER_COMMUNITY_MAX);
  readonly gone = new RecentIds(TOPICS_PER_COMMUNITY_MAX);
}

export class TopicBook {
  /** The one in use last is the last. */
  private readonly communities = new Map<string, KnownCommunity>();

  constructor(
    private readonly self: string,
    private readonly book: ConversationBook,
  ) {}

  get communityIDs(): string[] {
    return [...this.communities.keys()];
  }

  get(groupID: string): KnownCommunity | undefined {
    return this.communities.get(groupID);
  }

  find(topicID: string): Topic | undefined {
    return this.communities.get(communityOf(topicID))?.views.get(topicID);
  }

  /** The community is in use. */
  demand(groupID: string): KnownCommunity {
    const community = this.communities.get(groupID) ?? new KnownCommunity();
    this.communities.delete(groupID);
    this.communities.set(groupID, community);
    return community;
  }

  /** The topic's conversation is open on this device. */
  noteOpen(topicID: string): void {
    this.demand(communityOf(topicID)).open.add(topicID);
    this.trim();
  }

  /** Takes over what the service says. @returns whether that is news. */
  put(topic: groupv1.Topic, self?: groupv1.TopicSelf): boolean {
    const { views } = this.demand(topic.groupId);
    const known = views.get(topic.topicId);
    const view = known ?? createTopicView(topic.groupId, topic.topicId, this.self);
    views.set(topic.topicId, view);
    this.trim();
    const isChanged = updateTopic(view, topic);
    if (known === undefined) this.show(view);
    return (self !== undefined && assign(view.selfInfo, { muteUntil: self.mutedUntilS })) || isChanged;
  }

  /** Brings what the topic's conversation counts into its object. @returns whether that is news. */
  show(view: Topic): boolean {
    const state = this.book.get(inGroup(view.topicID).id);
    return state !== undefined && showConversation(view, state.view);
  }

  /** @returns false when the app knows that it is gone, or nobody knew of it. */
  remove(topicID: string): boolean {
    this.book.close(inGroup(topicID).id);
    const community = this.communities.get(communityOf(topicID));
    community?.open.delete(topicID);
    community?.views.delete(topicID);
    return community?.gone.add(topicID) ?? true;
  }

  private trim(): void {
    let count = 0;
    for (const { open, views } of this.communities.values()) count += Math.max(open.size, views.size);
    if (count <= TOPICS_KNOWN_MAX || this.communities.size === 1) return;
    const [oldest] = this.communities.keys();
    if (oldest !== undefined) this.forget(oldest);
  }

  /** The user has left the community, or others are in use. */
  forget(groupID: string): void {
    const community = this.communities.get(groupID);
    this.communities.delete(groupID);
    for (const topicID of community?.open ?? []) this.book.close(inGroup(topicID).id);
  }
}
