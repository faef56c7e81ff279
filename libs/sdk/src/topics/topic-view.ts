// Topics between the wire and the API.
import type { groupv1 } from '@parley/proto';
import { TYPES } from '../constants/types.js';
import { NO_LAST_MESSAGE } from '../messages/preview.js';
import type { Conversation, GroupAtInfo } from '../model/conversation.js';
import type { Topic } from '../model/topic-sdk.js';

export const createTopicView = (groupID: string, topicID: string, userID: string): Topic => ({
  topicID,
  groupID,
  topicName: '',
  avatar: '',
  introduction: '',
  notification: '',
  customData: '',
  createTime: 0,
  muteAllMembers: false,
  unreadCount: 0,
  groupAtInfoList: [],
  lastMessage: { ...NO_LAST_MESSAGE },
  selfInfo: { userID, messageRemindType: TYPES.MSG_REMIND_ACPT_AND_NOTE, muteUntil: 0 },
});

/** @returns whether that changed it. */
export function updateTopic(view: Topic, topic: groupv1.Topic): boolean {
  return assign(view, {
    topicName: topic.name,
    avatar: topic.faceUrl,
    introduction: topic.introduction,
    notification: topic.notification,
    customData: topic.custom,
    createTime: topic.createTimeS,
    muteAllMembers: topic.muteAll,
  });
}

/** Takes over what the conversation counts. @returns whether that changed it. */
export function showConversation(view: Topic, conversation: Conversation): boolean {
  const { unreadCount, lastMessage, messageRemindType, groupAtInfoList } = conversation;
  const areSame = isSameList(view.groupAtInfoList, groupAtInfoList);
  if (!areSame) view.groupAtInfoList = groupAtInfoList;
  const isChanged = assign(view, { unreadCount, lastMessage });
  return assign(view.selfInfo, { messageRemindType }) || isChanged || !areSame;
}

export function assign<T extends object>(target: T, fields: Partial<T>): boolean {
  const isChanged = Object.entries(fields).some(([name, value]) => target[name as keyof T] !== value);
  Object.assign(target, fields);
  return isChanged;
}

const isSameList = (one: readonly GroupAtInfo[], other: readonly GroupAtInfo[]): boolean =>
  one.length === other.length &&
  one.every(({ messageSequence }, at) => messageSequence === other[at]?.messageSequence);
