// Whose remembered facts a change makes stale.
import type { groupv1 } from '@parley/proto';
import type { GroupKey } from '../stores/group-store.js';

/** Beyond this many users the whole group is named instead. */
const USERS_NAMED_MAX = 50;

/** Texts for GROUP_CHANGED_CHANNEL. */
export function noticesOf({ appId, groupId }: GroupKey, intent: groupv1.Intent): string[] {
  const group = `${appId} ${groupId}`;
  if (intent.changes.some(concernsAll)) return [group];
  const users = new Set<string>();
  for (const { member } of intent.members) if (member !== undefined) users.add(member.userId);
  // A role stands in the group's row, not in the member's.
  for (const { change } of intent.changes) {
    if (change.case === 'memberModified' && change.value.member !== undefined) {
      users.add(change.value.member.userId);
    }
  }
  for (const { userId } of [...intent.mutes, ...intent.bans]) users.add(userId);
  if (users.size > USERS_NAMED_MAX) return [group];
  return [...[...users].map((user) => `${group} ${user}`), ...topicNotices(appId, intent)];
}

/** A topic's own facts; what changes for the whole community concerns its topics as well. */
function topicNotices(appId: number, intent: groupv1.Intent): string[] {
  const changed = intent.topics.map((row) => row.topic?.topicId ?? '');
  const permitted = intent.changes.flatMap(({ change }) =>
    change.case === 'topicPermissionsChanged' ? change.value.topics.map(({ topicId }) => topicId) : [],
  );
  return [...changed, ...intent.goneTopicIds, ...permitted].map((topicId) => `${appId} ${topicId}`);
}

const concernsAll = ({ change }: groupv1.GroupChange): boolean =>
  change.case === 'created' ||
  change.case === 'destroyed' ||
  change.case === 'modified' ||
  change.case === 'ownerChanged' ||
  (change.case === 'permissionGroupModified' && change.value.fields?.permission !== undefined) ||
  change.case === 'permissionGroupsDestroyed';
