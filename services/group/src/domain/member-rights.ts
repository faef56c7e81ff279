// What a member of a community may do where permission groups are in force: the default rights of the community and of
// the topic, and those of every permission group that the member is in. Bits: rest-groups.md 1.7, client-features.md 10.7.
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import {
  type ActorRole,
  decideOperation,
  decideTargeted,
  type GroupPolicy,
  type Operation,
  type Targeted,
  type TargetRole,
} from './policy.js';

/** Rights in a community; those about messages, mutes and topics hold in all of its topics. */
export const CommunityRight = {
  MANAGE_INFO: 1n << 0n,
  MANAGE_MEMBERS: 1n << 1n,
  MANAGE_PERMISSION_GROUPS: 1n << 2n,
  MANAGE_PERMISSION_MEMBERS: 1n << 3n,
  MANAGE_TOPICS: 1n << 4n,
  MUTE: 1n << 5n,
  SEND: 1n << 6n,
  AT_ALL: 1n << 7n,
  READ_PAST: 1n << 8n,
  RECALL_OTHERS: 1n << 9n,
  BAN: 1n << 10n,
} as const;

/** Rights in one topic. */
export const TopicRightBit = {
  MANAGE_INFO: 1n << 0n,
  MANAGE_PERMISSIONS: 1n << 1n,
  MUTE: 1n << 2n,
  SEND: 1n << 3n,
  READ_PAST: 1n << 4n,
  RECALL_OTHERS: 1n << 5n,
  AT_ALL: 1n << 6n,
} as const;

/** Sets of bits; `topic` is of the topic that is meant, and empty where none is. */
export interface MemberRights {
  readonly community: bigint;
  readonly topic: bigint;
}

/** One of the bits is enough. */
export interface NeededRight {
  readonly community: bigint;
  readonly topic?: bigint;
}

/** Who acts. With `rights`, the bits say what he may where there is one for it, and `role` says the rest. */
export interface Actor {
  readonly role: ActorRole;
  readonly rights?: MemberRights | undefined;
}

/** What a message or a read depends on. */
export const MessageRight = {
  SEND: { community: CommunityRight.SEND, topic: TopicRightBit.SEND },
  AT_ALL: { community: CommunityRight.AT_ALL, topic: TopicRightBit.AT_ALL },
  READ_PAST: { community: CommunityRight.READ_PAST, topic: TopicRightBit.READ_PAST },
  RECALL_OTHERS: { community: CommunityRight.RECALL_OTHERS, topic: TopicRightBit.RECALL_OTHERS },
} as const;

const INFO = { community: CommunityRight.MANAGE_INFO };
const MEMBERS = { community: CommunityRight.MANAGE_MEMBERS };
const MUTE = { community: CommunityRight.MUTE, topic: TopicRightBit.MUTE };
const BAN = { community: CommunityRight.BAN };

/** Operations that a bit names; what is not here stays with the role. */
export const RIGHT_OF: Readonly<Partial<Record<Operation, NeededRight>>> = {
  modifyProfile: INFO,
  modifyOptions: INFO,
  muteAll: MUTE,
  kickMember: MEMBERS,
  kickAdmin: MEMBERS,
  modifyMember: MEMBERS,
  modifyAdmin: MEMBERS,
  decideApplication: MEMBERS,
  muteMember: MUTE,
  muteAdmin: MUTE,
  banMember: BAN,
  banAdmin: BAN,
};

export const holds = ({ community, topic }: MemberRights, needed: NeededRight): boolean =>
  (community & needed.community) !== 0n || (topic & (needed.topic ?? 0n)) !== 0n;

/** Whether permission groups are in force: whoever leads the group, but its owner, is an ordinary member then. */
export const isByRights = (policy: GroupPolicy, group: groupv1.Group): boolean =>
  policy.hasTopics && group.enablePermission;

/** Whether who comes in, and is in no permission group yet, sees what was said before. */
export const newcomersSeePast = (policy: GroupPolicy, group: groupv1.Group): boolean =>
  isByRights(policy, group)
    ? (group.defaultPermission & CommunityRight.READ_PAST) !== 0n
    : group.historyBeforeJoin;

/** The permission groups that a member is in; one that ended is not given its id again. */
export function permissionGroupsOf(
  { permissionGroups }: groupv1.GroupState,
  member: groupv1.Member,
): groupv1.PermissionGroupState[] {
  if (member.permissionGroupIds.length === 0) return [];
  return permissionGroups.filter((group) => isIn(member, group.permissionGroupId));
}

export const isIn = ({ permissionGroupIds }: groupv1.Member, permissionGroupId: string): boolean =>
  permissionGroupIds.includes(permissionGroupId);

/** The union of the community's default and of the permission groups'. */
export const communityRights = (
  { defaultPermission }: groupv1.Group,
  own: readonly groupv1.PermissionGroupState[],
): bigint => own.reduce((bits, { permission }) => bits | permission, defaultPermission);

/** The same in a topic. */
export const topicRights = (
  { topicId, defaultPermission }: groupv1.Topic,
  own: readonly groupv1.PermissionGroupRow[],
): bigint =>
  own.reduce((bits, { topicPermissions }) => bits | (topicPermissions[topicId] ?? 0n), defaultPermission);

/** Undefined: allowed; else the code of the refusal. */
export function decideAs(policy: GroupPolicy, actor: Actor, operation: Operation): ErrorCode | undefined {
  return decideNeeding(policy, actor, { operation, needed: RIGHT_OF[operation] });
}

/** The same for what has a bit of its own and, by role, is as some operation is. */
export function decideNeeding(
  policy: GroupPolicy,
  { role, rights }: Actor,
  { operation, needed }: { readonly operation: Operation; readonly needed: NeededRight | undefined },
): ErrorCode | undefined {
  if (rights === undefined || needed === undefined) return decideOperation(policy, role, operation);
  return holds(rights, needed) ? undefined : ErrorCode.GROUP_NO_PERMISSION;
}

/** The same for an operation on somebody with a role; nobody acts on the owner. */
export function decideTargetedAs(
  policy: GroupPolicy,
  actor: Actor,
  operation: Targeted,
  target: TargetRole,
): ErrorCode | undefined {
  if (actor.rights === undefined) return decideTargeted(policy, actor.role, operation, target);
  return target === 'owner' ? ErrorCode.GROUP_NO_PERMISSION : decideAs(policy, actor, `${operation}Member`);
}

/** What somebody wants with permission groups; `switch`: whether they are in force. */
export type PermissionAct = 'read' | 'manageGroups' | 'manageMembers' | 'switch';

export function decidePermissionAct(
  policy: GroupPolicy,
  actor: Actor,
  act: PermissionAct,
): ErrorCode | undefined {
  switch (act) {
    case 'read':
      return decideOperation(policy, actor.role, 'readMembers');
    case 'switch':
      return decideOperation(policy, actor.role, 'modifyOptions');
    case 'manageGroups': {
      const needed = { community: CommunityRight.MANAGE_PERMISSION_GROUPS };
      return decideNeeding(policy, actor, { operation: 'modifyOptions', needed });
    }
    case 'manageMembers': {
      const needed = { community: CommunityRight.MANAGE_PERMISSION_MEMBERS };
      return decideNeeding(policy, actor, { operation: 'modifyOptions', needed });
    }
  }
}
