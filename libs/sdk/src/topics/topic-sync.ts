// Keeps topics as the service has them: read when the app asks, kept by events and messages, and compared again after
// every reconnect. A push about a topic asks the server nothing, for as many as 100,000 members get it at once.
import type { groupv1, messagev1 } from '@parley/proto';
import { isMomentary } from '../calls/call-outcome.js';
import type { Caller } from '../calls/caller.js';
import { TOPIC_METHOD } from '../calls/topic-method.js';
import { PAGE_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { ChatFailure, FailureCode, isExclusion } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { GroupBook } from '../groups/group-book.js';
import { communityOf, inGroup, isTopicID } from '../messages/conversation-kind.js';
import type { Message } from '../model/message.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import type { ConversationState } from '../sync/conversation-state.js';
import type { KnownCommunity, TopicBook } from './topic-book.js';

export interface TopicSyncOptions {
  readonly self: string;
  readonly caller: Caller;
  readonly logger: Logger;
  readonly book: ConversationBook;
  readonly groups: GroupBook;
  readonly topics: TopicBook;
  readonly changes: Changes;
  /** Takes over what the server says of a conversation; the number is the book's count of fills when it was asked. */
  readonly takeConversation: (conversation: messagev1.Conversation, fills: number) => void;
  /** Asks whether the user is in the community still. */
  readonly refreshGroup: (groupID: string) => void;
}

export class TopicSync {
  constructor(private readonly options: TopicSyncOptions) {}

  /** Asks for topics, all when none is named, and where the user stands in them. @throws ChatFailure */
  async read(groupID: string, topicIDs: readonly string[]): Promise<groupv1.TopicOutcome[]> {
    const { caller, topics } = this.options;
    const community = topics.demand(groupID);
    const known = new Set(community.views.keys());
    const request = { groupId: groupID, topicIds: [...topicIDs] };
    const answer = await caller.call(TOPIC_METHOD.getTopics, request);
    const there = answer.topics.filter(
      ({ topicId, topic }) => topic !== undefined && !isGone(community, topicId),
    );
    for (const outcome of there) this.takeOutcome(community, outcome, known.has(outcome.topicId));
    const ids = new Set(there.map(({ topicId }) => topicId));
    // What began while the question was on its way is not in the answer either, but was not known before.
    if (topicIDs.length === 0)
      this.remove(
        groupID,
        [...known].filter((id) => !ids.has(id)),
      );
    if (topicIDs.length === 0) community.isListed = true;
    await this.readConversations(groupID, [...ids]);
    // What the app is about to see for the first time is no event.
    for (const [id, view] of community.views) if (ids.has(id) && !known.has(id)) topics.show(view);
    return answer.topics;
  }

  /**
   * Compares what is known with what the server has.
   *
   * @param areTopicsWanted also whether topics began, ended or changed, and not only what was said in them.
   * @returns false when that failed for the moment.
   */
  async follow(areTopicsWanted: boolean): Promise<boolean> {
    let isDone = true;
    for (const groupID of this.options.topics.communityIDs) {
      isDone = (await this.attempt(groupID, () => this.followOne(groupID, areTopicsWanted))) && isDone;
    }
    this.options.changes.flush();
    return isDone;
  }

  /** Something of the topic is out of date, or it is not there any longer. */
  async readAgain(topicID: string): Promise<void> {
    const groupID = communityOf(topicID);
    await this.attempt(groupID, async () => {
      const [outcome] = await this.read(groupID, [topicID]);
      if (outcome !== undefined && outcome.topic === undefined) this.remove(groupID, [topicID]);
    });
    this.options.changes.flush();
  }

  onEvent({ groupId, event }: groupv1.GroupEvent): void {
    if (event.case === 'topicsDestroyed') this.remove(groupId, event.value.topicIds);
    const topic =
      event.case === 'topicCreated' || event.case === 'topicModified' ? event.value.topic : undefined;
    if (topic === undefined) return;
    if (event.case === 'topicCreated') this.begin(topic);
    else this.take(topic);
  }

  /** The topic has begun. What is said in it from its first message on is news. */
  begin(topic: groupv1.Topic): void {
    const { book, topics, changes } = this.options;
    const { topicId, groupId } = topic;
    const community = topics.demand(groupId);
    if (isGone(community, topicId) || !community.begun.add(topicId)) return;
    const address = inGroup(topicId);
    if (book.get(address.id) === undefined) book.open(address, 0);
    topics.put(topic);
    changes.addGroupEvent({ kind: 'topicCreated', groupID: groupId, topicID: topicId });
  }

  take(topic: groupv1.Topic): void {
    const { topics, changes } = this.options;
    const community = topics.demand(topic.groupId);
    if (isGone(community, topic.topicId)) return;
    if (topics.put(topic)) changes.addTopic(topic.topicId, true);
  }

  /** The topics have ended. */
  remove(groupID: string, topicIDs: readonly string[]): void {
    const { topics, changes } = this.options;
    topics.demand(groupID);
    const topicIDList = topicIDs.filter((id) => topics.remove(id));
    if (topicIDList.length > 0) changes.addGroupEvent({ kind: 'topicDeleted', groupID, topicIDList });
  }

  onConversationOpened(state: ConversationState): void {
    if (!isTopicID(state.peer)) return;
    this.options.topics.noteOpen(state.peer);
    this.showRemindType(state);
  }

  /** What the user wants of the community's messages may be known now, or have changed. */
  onSelf(groupID: string): void {
    const { topics, book, changes } = this.options;
    for (const topicID of topics.get(groupID)?.open ?? []) {
      const state = book.get(inGroup(topicID).id);
      if (state === undefined) continue;
      this.showRemindType(state);
      changes.addConversation(state);
    }
  }

  /** A tip that was said in a topic: it tells of mutes. */
  onTip({ to, type, payload, time }: Message): void {
    const view = this.options.topics.find(to);
    if (type !== TYPES.MSG_GRP_TIP || view === undefined) return;
    const muteTime = payload.memberList.find(({ userID }) => userID === this.options.self)?.muteTime;
    if (muteTime === undefined) return;
    view.selfInfo.muteUntil = muteTime === 0 ? 0 : time + muteTime;
    this.options.changes.addTopic(to, true);
  }

  private takeOutcome(
    community: KnownCommunity,
    { topicId, topic, self }: groupv1.TopicOutcome,
    isKnown: boolean,
  ): void {
    if (topic === undefined) return;
    if (community.isListed) this.begin(topic);
    else community.begun.add(topicId);
    const isNews = this.options.topics.put(topic, self);
    if (isNews && isKnown) this.options.changes.addTopic(topicId, true);
  }

  private async followOne(groupID: string, areTopicsWanted: boolean): Promise<void> {
    const community = this.options.topics.get(groupID);
    if (community === undefined) return;
    const { isListed, views, open } = community;
    const named = isListed ? [] : [...views.keys()];
    const isRead = areTopicsWanted && (isListed || named.length > 0);
    const outcomes = isRead ? await this.read(groupID, named) : [];
    const read = new Set(outcomes.map(({ topicId }) => topicId));
    await this.readConversations(
      groupID,
      [...open].filter((id) => !read.has(id)),
    );
  }

  /** Those that are not there have ended. */
  private async readConversations(groupID: string, topicIDs: readonly string[]): Promise<void> {
    const { caller, book, takeConversation } = this.options;
    for (let at = 0; at < topicIDs.length; ) {
      const { fills } = book;
      const topicIds = topicIDs.slice(at, at + PAGE_MAX);
      const request = { groupId: groupID, topicIds };
      const answer = await caller.call(TOPIC_METHOD.getTopicConversations, request);
      const found = new Set(answer.conversations.map(({ peer }) => peer));
      const answered = Math.max(1, answer.answered);
      for (const conversation of answer.conversations) takeConversation(conversation, fills);
      this.remove(
        groupID,
        topicIds.slice(0, answered).filter((id) => !found.has(id)),
      );
      at += answered;
    }
  }

  private showRemindType(state: ConversationState): void {
    state.view.messageRemindType = this.options.groups.remindTypeIn(communityOf(state.peer), state.peer);
  }

  /** False: it failed for the moment. */
  private async attempt(groupID: string, task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('topics could not be asked for', { code: thrown.code });
      if (isExclusion(thrown) || thrown.code === FailureCode.COMMUNITY_OFF)
        this.options.refreshGroup(groupID);
      return !isMomentary(thrown);
    }
  }
}

/** Known to have ended: an answer that has it is older. */
const isGone = ({ gone }: KnownCommunity, topicID: string): boolean => gone.has(topicID);
