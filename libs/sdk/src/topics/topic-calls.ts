// What an app asks of topics.
import { groupv1 } from '@parley/proto';
import { createCallId } from '../calls/call-id.js';
import type { Caller } from '../calls/caller.js';
import { TOPIC_METHOD } from '../calls/topic-method.js';
import { TOPICS_PER_COMMUNITY_MAX } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check, isText, requireGroupID } from '../groups/checks.js';
import type { GroupBook } from '../groups/group-book.js';
import { communityOf } from '../messages/conversation-kind.js';
import type { Group } from '../model/conversation.js';
import type {
  CreateTopicOptions,
  DeletedTopicsData,
  Topic,
  TopicListData,
  TopicsOptions,
  UpdateTopicOptions,
} from '../model/topic-sdk.js';
import type { Changes } from '../sync/changes.js';
import type { TopicBook } from './topic-book.js';
import type { TopicSync } from './topic-sync.js';

export interface TopicCallsOptions {
  readonly caller: Caller;
  readonly random: () => number;
  readonly groups: GroupBook;
  readonly topics: TopicBook;
  readonly topicSync: TopicSync;
  readonly changes: Changes;
}

export class TopicCalls {
  constructor(private readonly options: TopicCallsOptions) {}

  communities(): { groupList: Group[] } {
    return { groupList: this.options.groups.list().filter(({ isSupportTopic }) => isSupportTopic) };
  }

  async create(options: CreateTopicOptions): Promise<{ topicID: string }> {
    const { caller, random, topicSync, changes } = this.options;
    const groupId = requireGroupID(options?.groupID);
    const { topicID = '', topicName } = options;
    check(isText(topicName), 'topicName is missing');
    check(topicID === '' || communityOf(topicID) === groupId, 'topicID begins with the groupID and @TOPIC#_');
    const creationId = createCallId(random);
    const request = { groupId, topicId: topicID, fields: readFields(options), creationId };
    const topic = requireTopic((await caller.call(TOPIC_METHOD.createTopic, request)).topic);
    topicSync.begin(topic);
    changes.flush();
    return { topicID: topic.topicId };
  }

  async update(options: UpdateTopicOptions): Promise<{ topic: Topic }> {
    const { caller, topics, topicSync, changes } = this.options;
    const topicId = requireTopicID(requireGroupID(options?.groupID), options.topicID);
    const { muteAllMembers } = options;
    const fields = {
      ...readFields(options),
      ...(muteAllMembers === undefined ? {} : { muteAll: muteAllMembers }),
    };
    const answer = await caller.call(TOPIC_METHOD.modifyTopic, { topicId, fields });
    const topic = requireTopic(answer.topic);
    topicSync.take(topic);
    changes.flush();
    const view = topics.find(topicId);
    if (view !== undefined) return { topic: view };
    throw new ChatFailure(FailureCode.TOPIC_GONE, 'the topic was deleted meanwhile');
  }

  async delete(options: TopicsOptions): Promise<DeletedTopicsData> {
    const { caller, topicSync, changes } = this.options;
    const groupId = requireGroupID(options?.groupID);
    const topicIds = optionalTopicIDs(options) ?? (await this.allIn(groupId));
    if (topicIds.length === 0) return { successTopicList: [], failureTopicList: [] };
    const { topics } = await caller.call(TOPIC_METHOD.destroyTopics, { groupId, topicIds });
    const successTopicList = topics.filter(({ code }) => code === 0).map(({ topicId }) => topicId);
    topicSync.remove(groupId, successTopicList);
    changes.flush();
    return { successTopicList, failureTopicList: toFailures(topics) };
  }

  async list(options: TopicsOptions): Promise<TopicListData> {
    const { topics, topicSync, changes } = this.options;
    const groupId = requireGroupID(options?.groupID);
    const named = optionalTopicIDs(options);
    if (named?.length === 0) return { successTopicList: [], failureTopicList: [] };
    const outcomes = await topicSync.read(groupId, named ?? []);
    changes.flush();
    const successTopicList = outcomes.flatMap(({ topicId }) => topics.find(topicId) ?? []);
    return { successTopicList, failureTopicList: toFailures(outcomes) };
  }

  private async allIn(groupId: string): Promise<string[]> {
    const { topics } = await this.options.caller.call(TOPIC_METHOD.getTopics, { groupId });
    return topics.map(({ topicId }) => topicId);
  }
}

const toFailures = (outcomes: readonly groupv1.TopicOutcome[]) =>
  outcomes
    .filter(({ code }) => code !== 0)
    .map(({ topicId, code, info }) => ({ topicID: topicId, code, message: info }));

function requireTopic(topic: groupv1.Topic | undefined): groupv1.Topic {
  if (topic !== undefined) return topic;
  throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'the answer of the server names no topic');
}

function requireTopicID(groupID: string, topicID: unknown): string {
  check(
    isText(topicID) && communityOf(topicID) === groupID && topicID !== groupID,
    'topicID is one of the community',
  );
  return topicID;
}

/** @throws ChatFailure 6017 */
function optionalTopicIDs({ topicIDList }: TopicsOptions): string[] | undefined {
  const isList = Array.isArray(topicIDList) && topicIDList.every(isText);
  const isGood = topicIDList === undefined || (isList && topicIDList.length <= TOPICS_PER_COMMUNITY_MAX);
  check(isGood, `topicIDList is an array of at most ${TOPICS_PER_COMMUNITY_MAX} TopicIDs, or undefined`);
  return topicIDList && [...new Set(topicIDList)];
}

function readFields(options: Omit<UpdateTopicOptions, 'topicID' | 'muteAllMembers'>) {
  const { topicName, avatar, notification, introduction, customData } = options;
  const given = { name: topicName, faceUrl: avatar, notification, introduction, custom: customData };
  const texts = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  check(
    texts.every(([, value]) => typeof value === 'string'),
    'the fields of a topic are texts',
  );
  return Object.fromEntries(texts);
}
