// May somebody do something in a topic? The one place that says so. As yet it follows from the role in the community;
// rights by permission groups and a topic's own default rights are to be asked here.
import type { ErrorCode } from '@parley/kernel';
import { type ActorRole, decideOperation, type GroupPolicy, type Operation } from './policy.js';

export type TopicRight = 'read' | 'manage' | 'muteAll' | 'readPins' | 'changePins';

/** What a role may do in the community, it may do in its topics. */
const OPERATIONS: Readonly<Record<TopicRight, Operation>> = {
  read: 'readMembers',
  manage: 'modifyProfile',
  muteAll: 'muteAll',
  readPins: 'readPins',
  changePins: 'changePins',
};

/** Undefined: allowed; else the code of the refusal. */
export const decideInTopic = (
  policy: GroupPolicy,
  role: ActorRole,
  right: TopicRight,
): ErrorCode | undefined => decideOperation(policy, role, OPERATIONS[right]);
