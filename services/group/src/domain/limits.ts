// Bounds of this service. Those that depend on a plan are settings: see config.ts.

/** Members named at creation; rest-groups.md create_group. */
export const MEMBERS_AT_CREATION_MAX = 100;
/** Members added by one request of a back end; rest-groups.md add_group_member. */
export const ADDED_BY_ADMIN_MAX = 300;
/** Members invited by one request of a user; client-features.md 10.3. */
export const INVITED_BY_USER_MAX = 20;
/** Members removed by one request, and accounts of other lists; rest-groups.md 3. */
export const ACCOUNTS_PER_REQUEST_MAX = 500;
/** Accounts banned by one request; rest-groups.md ban_group_member. */
export const BANNED_AT_ONCE_MAX = 20;
/** Groups of one GetGroups; rest-groups.md get_group_info. */
export const GROUPS_PER_READ_MAX = 50;
/** Members of one page; rest-groups.md get_group_member_info. */
export const MEMBERS_PER_PAGE_MAX = 200;
export const MEMBERS_PER_PAGE_DEFAULT = 100;
export const JOINED_PER_PAGE_MAX = 100;
export const APP_GROUPS_PER_PAGE_MAX = 10_000;
export const BANNED_PER_PAGE_MAX = 100;
/** Applications shown to one user; rest-groups.md 1.8. */
export const APPLICATIONS_SHOWN_MAX = 50;
/** Applications of a group that are looked through when somebody comes to lead it; ours. */
export const APPLICATIONS_OF_GROUP_MAX = 500;
/** How long an application waits for a decision, s; ours. */
export const APPLICATION_TTL_S = 7 * 24 * 60 * 60;
/** Text for whoever decides, bytes; ours. */
export const APPLICATION_MESSAGE_BYTES_MAX = 300;
/** Admins of one group; ours: they stand in the group's row. */
export const ADMINS_PER_GROUP_MAX = 200;
/** Admins of one live group; rest-groups.md modify_admin. */
export const LIVE_ADMINS_MAX = 5;
/** Visitors of one page; rest-groups.md 5, as all of marks below. */
export const VISITORS_PER_PAGE_MAX = 500;
/** Different marks of an app's own in one live group. */
export const MARKS_PER_GROUP_MAX = 10;
/** Visitors with one mark. */
export const VISITORS_PER_MARK_MAX = 1_000;
/** The lowest mark of an app's own. */
export const OWN_MARK_MIN = 1_000;
/** Who is always there: a robot. */
export const ROBOT_MARK = 500;
/** Who is not shown in the list. */
export const HIDDEN_MARK = 600;
/** How long a mark lasts at most, s. */
export const MARK_TTL_S = 3 * 24 * 60 * 60;
/** How long a process believes what it read of a group's marks, ms; ours. */
export const MARKS_BELIEVED_MS = 5_000;
/** Marks, and groups, that a process remembers at once; ours. */
export const MARKS_REMEMBERED_MAX = 100_000;
export const MARKED_GROUPS_REMEMBERED_MAX = 10_000;
/** Reason of a removal, bytes; ours. */
export const REASON_BYTES_MAX = 300;
/** Description of a ban, bytes; rest-groups.md ban_group_member. */
export const BAN_DESCRIPTION_BYTES_MAX = 1_000;
export const CREATION_ID_BYTES_MAX = 128;

export const GROUP_ID_BYTES_MAX = 48;
export const NAME_CARD_BYTES_MAX = 50;
/** rest-groups.md 1.6. */
export const CUSTOM_KEY_BYTES_MAX = 16;
export const GROUP_CUSTOM_KEYS_MAX = 10;
export const GROUP_CUSTOM_BYTES_MAX = 512;
export const MEMBER_CUSTOM_KEYS_MAX = 5;
export const MEMBER_CUSTOM_BYTES_MAX = 64;

/** rest-groups.md 6. */
export const ATTRIBUTES_MAX = 16;
export const ATTRIBUTE_KEY_BYTES_MAX = 32;
export const ATTRIBUTE_VALUE_BYTES_MAX = 4_000;
export const ATTRIBUTES_BYTES_MAX = 16_000;
export const ATTRIBUTE_WRITES_PER_SECOND_MAX = 5;

/** rest-groups.md 7; calls: client-features.md 10.6. */
export const COUNTERS_MAX = 20;
export const COUNTER_KEY_BYTES_MAX = 128;
export const COUNTER_CALLS_PER_SECOND_MAX = 20;
export const COUNTER_CHANGE_REMEMBERED_S = 60 * 60;

/** Topics of one community; rest-groups.md 1.2. */
export const TOPICS_MAX = 200;
/** CustomString of a topic, bytes; rest-groups.md 8.1. */
export const TOPIC_CUSTOM_BYTES_MAX = 3_000;

/** Permission groups of one community; ours: they stand in its row. */
export const PERMISSION_GROUPS_MAX = 50;
/** Permission groups of one request or page, topics and members of a change, members of a page; rest-groups.md 8.2. */
export const PERMISSION_GROUPS_AT_ONCE_MAX = 20;
export const TOPIC_PERMISSIONS_AT_ONCE_MAX = 50;
export const PERMISSION_MEMBERS_AT_ONCE_MAX = 100;
export const PERMISSION_MEMBERS_PER_PAGE_MAX = 50;
/** Name and CustomString of a permission group, bytes; rest-groups.md 8.2. */
export const PERMISSION_GROUP_NAME_BYTES_MAX = 150;
export const PERMISSION_GROUP_CUSTOM_BYTES_MAX = 3_000;
/** Ours. */
export const PERMISSION_GROUP_ID_BYTES_MAX = 48;

/** rest-groups.md 4. */
export const PINS_MAX = 10;
export const PINNED_SEQ_MAX = 0xffff_ffffn;

/** A mute with this many seconds does not end; rest-groups.md forbid_send_msg. */
export const FOREVER_S = 0xffff_ffff;

/** Changes of one group that wait in one process; ours. */
export const CHANGES_WAITING_MAX = 500;
/** How often a change is decided anew because another process was faster; ours. */
export const CHANGE_ATTEMPTS_MAX = 40;
/** How often an intent of another process is looked at again before it is carried out by this one; ours. */
export const INTENT_PATIENCE = 10;
export const INTENT_PAUSE_MS = 15;

/** Tips about visitors of one live group that one process sends in a second; ours. */
export const VISIT_TIPS_PER_SECOND_MAX = 10;
/** Members whose ids the record of a group's end carries; see GroupDestroyed. */
export const DESTROYED_MEMBERS_NAMED_MAX = 10_000;
/** Members whose sessions are looked up to estimate how many are online; ours. */
export const ONLINE_SAMPLE_MAX = 500;
/** How long an estimate stands, ms; rest-groups.md get_online_member_num. */
export const ONLINE_COUNT_TTL_MS = 10_000;
/** The same for a live group, of which gateways say a new number every 10 s at most; ours. */
export const LIVE_COUNT_TTL_MS = 1_000;

/** How often, at most, a process asks whether those who lead a live group still exist, ms. */
export const LEADERS_CHECKED_EVERY_MS = 60_000;
