// Which ids topics may have. Rules: rest-groups.md 1.3.
import { ChatError, ErrorCode, type GroupId, isGroupId, membersGroupOf, TOPIC_MARK } from '@parley/kernel';
import { SERVER_PREFIX } from './group-id.js';

/** Begins the own part of an id that the server makes. */
export const SERVER_TOPIC_PREFIX = '@TOPIC#_@TOPIC#c';

const FORBIDDEN = [`${SERVER_PREFIX}_`, TOPIC_MARK];

/** Checks an id of the caller's choice. @throws ChatError 110013. */
export function checkCustomTopicId(text: string, groupId: GroupId): GroupId {
  const prefix = groupId + TOPIC_MARK;
  const own = text.slice(prefix.length);
  const isFree = own !== '' && !FORBIDDEN.some((part) => own.includes(part)) && !own.startsWith('@TOPIC#');
  if (isGroupId(text) && text.startsWith(prefix) && isFree) return text;
  throw new ChatError(
    ErrorCode.TOPIC_ID_INVALID,
    'a TopicID is the GroupID, @TOPIC#_ and more; at most 96 bytes of printable ASCII',
  );
}

/** @throws ChatError 110013 for what is no id of a topic of the community. */
export function toTopicId(text: string, groupId: GroupId): GroupId {
  if (isGroupId(text) && text !== groupId && membersGroupOf(text) === groupId) return text;
  throw new ChatError(ErrorCode.TOPIC_ID_INVALID, 'this is no TopicID of the community');
}
