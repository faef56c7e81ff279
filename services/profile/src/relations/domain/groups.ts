// A user's friend groups. Entries name them by number, so that renaming and deleting one touches no entry.
import { clone, create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { FRIEND_GROUPS_MAX, GROUP_NAME_BYTES_MAX } from './limits.js';

/** @throws ChatError 30001 */
export function checkGroupName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > GROUP_NAME_BYTES_MAX) {
    throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, `a group's name has 1 to ${GROUP_NAME_BYTES_MAX} bytes`);
  }
}

/** The head with groups of these names. The same head when all are there. @throws ChatError 30001, 30011. */
export function withGroups(
  head: relationv1.RelationHead,
  names: readonly string[],
  nowMs: number,
): relationv1.RelationHead {
  const missing = [...new Set(names)].filter((name) => !head.groups.some((group) => group.name === name));
  missing.forEach(checkGroupName);
  if (missing.length === 0) return head;
  if (head.groups.length + missing.length > FRIEND_GROUPS_MAX) {
    throw new ChatError(ErrorCode.SNS_GROUPS_TOO_MANY, `at most ${FRIEND_GROUPS_MAX} friend groups`);
  }
  const next = clone(relationv1.RelationHeadSchema, head);
  for (const name of missing) {
    next.lastGroupId += 1;
    const entry = { groupId: next.lastGroupId, name, storedMs: BigInt(nowMs) };
    next.groups.push(create(relationv1.GroupEntrySchema, entry));
  }
  return next;
}

export function withoutGroups(
  head: relationv1.RelationHead,
  names: readonly string[],
): relationv1.RelationHead {
  const gone = new Set(names);
  if (!head.groups.some(({ name }) => gone.has(name))) return head;
  const next = clone(relationv1.RelationHeadSchema, head);
  next.groups = next.groups.filter(({ name }) => !gone.has(name));
  return next;
}

/** @throws ChatError 30001 when there is no such group, or one of the new name. */
export function withRenamedGroup(
  head: relationv1.RelationHead,
  oldName: string,
  newName: string,
): relationv1.RelationHead {
  checkGroupName(newName);
  if (oldName === newName && head.groups.some(({ name }) => name === oldName)) return head;
  if (head.groups.some(({ name }) => name === newName)) {
    throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, 'there is a group of the new name');
  }
  const next = clone(relationv1.RelationHeadSchema, head);
  const group = next.groups.find(({ name }) => name === oldName);
  if (group === undefined) throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, 'there is no such group');
  group.name = newName;
  return next;
}

/** Numbers of the groups that are there. */
export const groupIdsOf = (head: relationv1.RelationHead, names: readonly string[]): number[] =>
  head.groups.filter(({ name }) => names.includes(name)).map(({ groupId }) => groupId);

export const groupNamesOf = (head: relationv1.RelationHead, groupIds: readonly number[]): string[] =>
  head.groups.filter(({ groupId }) => groupIds.includes(groupId)).map(({ name }) => name);
