// What one request of a group command may hold. Source: rest-groups.md 2 to 7;
// where two public pages differ, the larger number, as the services refuse what an
// app's plan does not allow. Lengths of texts are the group service's to judge.

export const GROUPS_PER_QUERY_MAX = 50;
export const APP_GROUPS_PER_PAGE_MAX = 10_000;
export const JOINED_GROUPS_PER_PAGE_MAX = 5_000;
export const MEMBERS_AT_CREATION_MAX = 100;
export const MEMBERS_PER_ADD_MAX = 300;
export const MEMBERS_PER_REMOVAL_MAX = 500;
export const MEMBERS_PER_PAGE_MAX = 6_000;
export const COMMUNITY_MEMBERS_PER_PAGE_MAX = 100;
export const NAMED_MEMBERS_PER_QUERY_MAX = 50;
export const ROLES_PER_QUERY_MAX = 500;
export const MUTES_PER_CALL_MAX = 500;
export const CHECKED_VISITORS_MAX = 500;
export const VISITORS_PER_PAGE_MAX = 500;
export const MARKED_VISITORS_MAX = 500;
export const MARKS_PER_VISITOR_MAX = 10;
export const LIVE_ADMINS_MAX = 5;
export const BANS_PER_CALL_MAX = 20;
export const BANS_PER_PAGE_MAX = 100;
export const BAN_DESCRIPTION_BYTES_MAX = 1_000;
export const MESSAGES_PER_PAGE_MAX = 20;
export const MESSAGES_PER_IMPORT_MAX = 20;
export const AT_ITEMS_MAX = 30;
export const TARGETS_PER_MESSAGE_MAX = 50;
export const NOTIFIED_MEMBERS_MAX = 500;
/** How long a send is recognised among its retries, seconds. */
export const GROUP_DEDUP_WINDOW_S = 5 * 60;
/** Topics of one community, and of one call. Source: rest-groups.md 1.2. */
export const TOPICS_PER_CALL_MAX = 200;
/** Permission groups, their topics and their members in one call or page. Source: rest-groups.md 8.2. */
export const PERMISSION_GROUPS_PER_CALL_MAX = 20;
export const TOPIC_PERMISSIONS_PER_CALL_MAX = 50;
export const PERMISSION_MEMBERS_PER_CALL_MAX = 100;
export const PERMISSION_MEMBERS_PER_PAGE_MAX = 50;
/** Chunks of one call for a message that grows; ours. */
export const STREAM_CHUNKS_PER_CALL_MAX = 100;
