// What the group service stores. A group's row decides; the other rows follow from its intents, each with the
// number of the change as its version, so that a process that comes late with an old intent changes nothing.
import { defineTable } from '@parley/table-store';
import { APPLICATION_TTL_S, COUNTER_CHANGE_REMEMBERED_S, MARK_TTL_S } from './domain/limits.js';

/** `state` is an encoded GroupState, `intent` an encoded Intent, empty when nothing is left to do. */
export const groups = defineTable({
  name: 'groups',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: {},
  columns: { revision: 'u64', state: 'bytes', intent: 'bytes' },
  isConditional: true,
});

/** Who is, or was, a member. */
export const groupMembers = defineTable({
  name: 'group_members',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { user_id: 'text' },
  // An encoded parley.group.v1.Member without role and mute.
  columns: { member: 'bytes', is_gone: 'bool', change_seq: 'u64' },
  isVersioned: true,
});

export const joinedGroups = defineTable({
  name: 'joined_groups',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { group_id: 'text' },
  columns: { type: 'text', is_gone: 'bool' },
  isVersioned: true,
});

/** Mutes and bans: until which second; over when that has passed. */
export const groupMutes = defineTable({
  name: 'group_mutes',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { user_id: 'text' },
  columns: { until_s: 'u32' },
  isVersioned: true,
});

export const groupBans = defineTable({
  name: 'group_bans',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { user_id: 'text' },
  columns: { until_s: 'u32' },
  isVersioned: true,
});

/** One row a kind of application and person: the newest. */
export const groupApplications = defineTable({
  name: 'group_applications',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { subject: 'text' },
  // An encoded parley.group.v1.ApplicationRow.
  columns: { application: 'bytes' },
  ttlSeconds: APPLICATION_TTL_S,
  isVersioned: true,
});

/** What somebody may decide. */
export const applicationInbox = defineTable({
  name: 'application_inbox',
  partition: { app_id: 'u32', user_id: 'text' },
  clustering: { time_ms: 'u64', group_id: 'text', subject: 'text' },
  columns: { is_open: 'bool' },
  ttlSeconds: APPLICATION_TTL_S,
  isVersioned: true,
});

/** Marks of visitors of live groups; gone when their visitors go, or with time. */
export const visitorMarks = defineTable({
  name: 'visitor_marks',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { user_id: 'text', mark: 'u32' },
  columns: { set_ms: 'u64' },
  ttlSeconds: MARK_TTL_S,
});

/** Attributes and counters of a group as one value each. */
export const groupValues = defineTable({
  name: 'group_values',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { kind: 'text' },
  columns: { value: 'bytes' },
  isVersioned: true,
});

/** What a change of counters answered, for its retries. */
export const counterAnswers = defineTable({
  name: 'counter_answers',
  partition: { app_id: 'u32', group_id: 'text', change_id: 'text' },
  clustering: {},
  columns: { counters: 'bytes' },
  ttlSeconds: COUNTER_CHANGE_REMEMBERED_S,
});

/** A topic that is gone leaves its row, so that its id is not given again. */
export const groupTopics = defineTable({
  name: 'group_topics',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { topic_id: 'text' },
  // An encoded parley.group.v1.TopicRow.
  columns: { topic: 'bytes', is_gone: 'bool' },
  isVersioned: true,
});

/** A permission group that is gone leaves its row, so that its id is not given again. */
export const permissionGroups = defineTable({
  name: 'permission_groups',
  partition: { app_id: 'u32', group_id: 'text' },
  clustering: { permission_group_id: 'text' },
  // An encoded parley.group.v1.PermissionGroupRow.
  columns: { permission_group: 'bytes', is_gone: 'bool' },
  isVersioned: true,
});

/** Who is, or was, in a permission group; what a member is in stands in the member's own row, which decides. */
export const permissionMembers = defineTable({
  name: 'permission_members',
  partition: { app_id: 'u32', group_id: 'text', permission_group_id: 'text' },
  clustering: { user_id: 'text' },
  columns: { is_gone: 'bool', change_seq: 'u64' },
  isVersioned: true,
});

/** The app's groups in the order of their making. */
export const appGroups = defineTable({
  name: 'app_groups',
  partition: { app_id: 'u32' },
  clustering: { list_key: 'u64', group_id: 'text' },
  columns: { type: 'text' },
});

export const GROUP_TABLES = [
  groups,
  groupMembers,
  joinedGroups,
  groupMutes,
  groupBans,
  groupApplications,
  applicationInbox,
  visitorMarks,
  groupValues,
  counterAnswers,
  groupTopics,
  permissionGroups,
  permissionMembers,
  appGroups,
];
