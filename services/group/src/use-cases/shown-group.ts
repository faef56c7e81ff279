// What somebody may see of a group.

import type { groupv1 } from '@parley/proto';
import type { GroupView } from '../changing/group-view.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { type ActorRole, type GroupPolicy, isLive } from '../domain/policy.js';

/** Strangers do not see what a group says to its members. */
export function shownGroup(view: GroupView, role: ActorRole, custom: CustomFields): groupv1.Group {
  const { group, policy } = view;
  const visible = custom.visible(group.custom, { scope: 'group', policy, role });
  return { ...withType(group, policy), custom: visible, ...(role === 'S' ? { notification: '' } : {}) };
}

/** A group as its row has it, and what follows from its type. */
export const withType = (group: groupv1.Group, policy: GroupPolicy): groupv1.Group => ({
  ...group,
  live: isLive(policy),
  hiddenUntilActive: policy.hiddenUntilActive,
});

export const shownMember = (
  member: groupv1.Member,
  view: GroupView,
  role: ActorRole,
  custom: CustomFields,
): groupv1.Member => ({
  ...member,
  custom: custom.visible(member.custom, { scope: 'member', policy: view.policy, role }),
});
