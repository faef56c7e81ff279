// Ids that the server makes. Forms: rest-groups.md 1.3.
import { createHash, randomBytes } from 'node:crypto';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { SERVER_PREFIX } from '../domain/group-id.js';
import type { GroupPolicy } from '../domain/policy.js';

const SERVER_COMMUNITY_PREFIX = '@TGS#_@TGS#c';
const RANDOM_CHARS = 16;

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
