// Which ids groups may have, and the ids that the server makes. Rules: rest-groups.md 1.3.
import { createHash, randomBytes } from 'node:crypto';
import { type AppId, ChatError, ErrorCode, type GroupId, toGroupId, type UserId } from '@parley/kernel';
import { GROUP_ID_BYTES_MAX } from './limits.js';
import type { GroupPolicy } from './policy.js';

const SERVER_PREFIX = '@TGS#';
const COMMUNITY_PREFIX = '@TGS#_';
const SERVER_COMMUNITY_PREFIX = '@TGS#_@TGS#c';
const RANDOM_CHARS = 16;

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

/** What a server-made id is made from when its creation has a name: retries make the same one. */
export interface NamedCreation {
  readonly appId: AppId;
  readonly creator: UserId;
  readonly creationId: string;
}

export function createGroupId(policy: GroupPolicy, named?: NamedCreation): GroupId {
  const bytes =
    named === undefined
      ? randomBytes(16)
      : createHash('sha256')
          .update(JSON.stringify([named.appId, named.creator, named.creationId]))
          .digest();
  const prefix = policy.hasTopics ? SERVER_COMMUNITY_PREFIX : SERVER_PREFIX;
  return (prefix + base32(bytes).slice(0, RANDOM_CHARS)) as GroupId;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET.charAt(byte & 31);
  return text;
}
