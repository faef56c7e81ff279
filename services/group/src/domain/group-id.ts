// Which ids groups may have. Rules: rest-groups.md 1.3.
import { ChatError, ErrorCode, type GroupId, toGroupId } from '@parley/kernel';
import { GROUP_ID_BYTES_MAX } from './limits.js';
import type { GroupPolicy } from './policy.js';

export const SERVER_PREFIX = '@TGS#';
const COMMUNITY_PREFIX = '@TGS#_';

/** Checks an id of the caller's choice for a type. @throws ChatError 10015. */
export function checkCustomGroupId(text: string, policy: GroupPolicy): GroupId {
  const id = toGroupId(text);
  const isFree = policy.hasTopics
    ? id.startsWith(COMMUNITY_PREFIX) && !id.slice(COMMUNITY_PREFIX.length).startsWith(SERVER_PREFIX)
    : !id.startsWith(SERVER_PREFIX);
  // The rest of a community's id is what makes it one; "@TGS#_" alone names nothing.
  if (isFree && id.length <= GROUP_ID_BYTES_MAX && id !== COMMUNITY_PREFIX && !id.includes('@TOPIC#_'))
    return id;
  throw new ChatError(
    ErrorCode.GROUP_ID_INVALID,
    policy.hasTopics
      ? 'the id of a community begins with @TGS#_, its rest not with @TGS#; at most 48 bytes'
      : 'a GroupID does not begin with @TGS#; at most 48 bytes',
  );
}
