// Which conversations getConversationList answers with. Pure.
import type { ConversationFilter } from '../model/chat-sdk.js';
import type { Conversation } from '../model/conversation.js';

/** Absent options select all; an array selects by id, in the order of the list. */
export function selectConversations(
  all: readonly Conversation[],
  options: readonly string[] | ConversationFilter | undefined,
): Conversation[] {
  if (options === undefined) return [...all];
  if (isIdList(options)) {
    const ids = new Set(options);
    return all.filter((conversation) => ids.has(conversation.conversationID));
  }
  return all.filter((conversation) => fits(conversation, options));
}

const isIdList = (options: readonly string[] | ConversationFilter): options is readonly string[] =>
  Array.isArray(options);

function fits(conversation: Conversation, filter: ConversationFilter): boolean {
  const { type, groupName, markType, hasUnreadCount, hasGroupAtInfo } = filter;
  const { conversationGroupList: groups, markList: marks } = conversation;
  return [
    type === undefined || conversation.type === type,
    groupName === undefined || (groupName === '' ? groups.length === 0 : groups.includes(groupName)),
    markType === undefined || (markType === 0 ? marks.length === 0 : marks.includes(markType)),
    hasUnreadCount === undefined || conversation.unreadCount > 0 === hasUnreadCount,
    hasGroupAtInfo === undefined || conversation.groupAtInfoList.length > 0 === hasGroupAtInfo,
  ].every(Boolean);
}
