// Ids that the server makes. Forms: rest-groups.md 1.3.
import { createHash, randomBytes } from 'node:crypto';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { SERVER_PREFIX } from '../domain/group-id.js';
import { SERVER_PERMISSION_GROUP_PREFIX } from '../domain/permission-group-fields.js';
import type { GroupPolicy } from '../domain/policy.js';
import { SERVER_TOPIC_PREFIX } from '../domain/topic-id.js';

const SERVER_COMMUNITY_PREFIX = '@TGS#_@TGS#c';
const RANDOM_CHARS = 16;

/** What a server-made id is made from when its creation has a name: retries make the same one. */
export interface NamedCreation {
  readonly appId: AppId;
  readonly creator: UserId;
  readonly creationId: string;
}

export function createGroupId(policy: GroupPolicy, named?: NamedCreation): GroupId {
  const prefix = policy.hasTopics ? SERVER_COMMUNITY_PREFIX : SERVER_PREFIX;
  return (prefix + ownPart(named && [named.appId, named.creator, named.creationId])) as GroupId;
}

/** `named` as of a group. */
export function createTopicId(groupId: GroupId, named?: NamedCreation): GroupId {
  const part = ownPart(named && [named.appId, groupId, named.creator, named.creationId]);
  return (groupId + SERVER_TOPIC_PREFIX + part) as GroupId;
}

/** `named` as of a group. */
export function createPermissionGroupId(groupId: GroupId, named?: NamedCreation): string {
  const made = named && [named.appId, groupId, named.creator, named.creationId];
  return SERVER_PERMISSION_GROUP_PREFIX + ownPart(made);
}

function ownPart(made: readonly (string | number)[] | undefined): string {
  const bytes =
    made === undefined ? randomBytes(16) : createHash('sha256').update(JSON.stringify(made)).digest();
  return base32(bytes).slice(0, RANDOM_CHARS);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET.charAt(byte & 31);
  return text;
}
