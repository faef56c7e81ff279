// May somebody do something in a topic? The one place that says so: by role as in the community, and where permission
// groups are in force by the rights of the community and of the topic.
import type { ErrorCode } from '@parley/kernel';
import {
  type Actor,
  CommunityRight,
  decideNeeding,
  type NeededRight,
  RIGHT_OF,
  TopicRightBit,
} from './member-rights.js';
import type { GroupPolicy, Operation } from './policy.js';

/** `manage` without a topic: to make and end topics. `permissions`: what rights others have in the topic. */
export type TopicRight = 'read' | 'manage' | 'permissions' | 'muteAll' | 'readPins' | 'changePins';

/** What a role may do in the community, it may do in its topics. */
const OPERATIONS: Readonly<Record<TopicRight, Operation>> = {
  read: 'readMembers',
  manage: 'modifyProfile',
  permissions: 'modifyOptions',
  muteAll: 'muteAll',
  readPins: 'readPins',
  changePins: 'changePins',
};

const NEEDED: Readonly<Partial<Record<TopicRight, NeededRight>>> = {
  manage: { community: CommunityRight.MANAGE_TOPICS, topic: TopicRightBit.MANAGE_INFO },
  permissions: {
    community: CommunityRight.MANAGE_PERMISSION_GROUPS,
    topic: TopicRightBit.MANAGE_PERMISSIONS,
  },
};

/** Undefined: allowed; else the code of the refusal. */
export function decideInTopic(policy: GroupPolicy, actor: Actor, right: TopicRight): ErrorCode | undefined {
  const operation = OPERATIONS[right];
  return decideNeeding(policy, actor, { operation, needed: NEEDED[right] ?? RIGHT_OF[operation] });
}
