// The topics' part of the public interface. Names, parameters and results are those of the compatible
// API; typings.test-d.ts holds the parameters to it. What is ours is marked so.
import type { TYPES } from '../constants/types.js';
import type { ChatResult } from './chat-sdk.js';
import type { Group, GroupAtInfo, LastMessage } from './conversation.js';

/** How this user stands in a topic. */
export interface TopicSelf {
  userID: string;
  messageRemindType: TYPES;
  /** s; in the past or 0: not muted. */
  muteUntil: number;
}

/** A conversation inside a community. It is in no conversation list: its counts stand here. */
export interface Topic {
  topicID: string;
  topicName: string;
  avatar: string;
  introduction: string;
  notification: string;
  unreadCount: number;
  muteAllMembers: boolean;
  customData: string;
  groupAtInfoList: GroupAtInfo[];
  lastMessage: LastMessage;
  selfInfo: TopicSelf;
  /** The community; ours in this place. */
  groupID: string;
  /** s; ours. */
  createTime: number;
}

export interface CreateTopicOptions {
  groupID: string;
  topicName: string;
  /** The community's id, `@TOPIC#_` and more; chosen by the server when it is absent. */
  topicID?: string | undefined;
  avatar?: string | undefined;
  notification?: string | undefined;
  introduction?: string | undefined;
  customData?: string | undefined;
}

export interface UpdateTopicOptions {
  groupID: string;
  topicID: string;
  topicName?: string | undefined;
  avatar?: string | undefined;
  notification?: string | undefined;
  introduction?: string | undefined;
  customData?: string | undefined;
  muteAllMembers?: boolean | undefined;
}

export interface TopicsOptions {
  groupID: string;
  /** Undefined: all. */
  topicIDList: string[] | undefined;
}

export interface TopicFailure {
  topicID: string;
  code: number;
  message: string;
}

export interface TopicListData {
  successTopicList: Topic[];
  failureTopicList: TopicFailure[];
}

export interface DeletedTopicsData {
  /** TopicIDs. */
  successTopicList: string[];
  failureTopicList: TopicFailure[];
}

/** Data of TOPIC_CREATED. */
export interface TopicCreation {
  groupID: string;
  topicID: string;
}

/** Data of TOPIC_DELETED. */
export interface TopicDeletion {
  groupID: string;
  topicIDList: string[];
}

/** Data of TOPIC_UPDATED. */
export interface TopicUpdate {
  groupID: string;
  topic: Topic;
}

/** Rejections: 6017 for options of the wrong shape; else the service's code (11000 no topics here, 10007 not allowed, …). */
export interface TopicSDK {
  /** Communities with topics that this user is in. */
  getJoinedCommunityList(): Promise<ChatResult<{ groupList: Group[] }>>;
  createTopicInCommunity(options: CreateTopicOptions): Promise<ChatResult<{ topicID: string }>>;
  /** Each topic with its own result. */
  deleteTopicFromCommunity(options: TopicsOptions): Promise<ChatResult<DeletedTopicsData>>;
  updateTopicProfile(options: UpdateTopicOptions): Promise<ChatResult<{ topic: Topic }>>;
  /** The objects stay the same and change in place from now on. */
  getTopicList(options: TopicsOptions): Promise<ChatResult<TopicListData>>;
}
