// The bounds of relations. Source: rest-accounts-messages.md 9, client-features.md 13.

export const FRIENDS_MAX = 3_000;
export const BLOCKED_MAX = 1_000;
/** Requests that a user has received, and that it has sent, each. */
export const APPLICATIONS_MAX = 100;
export const FRIEND_GROUPS_MAX = 32;
export const GROUP_NAME_BYTES_MAX = 30;
export const REMARK_BYTES_MAX = 96;
export const WORDING_BYTES_MAX = 256;
export const CUSTOM_VALUE_BYTES_MAX = 500;
export const CUSTOM_FIELDS_MAX = 20;
/** Users in one call. */
export const USERS_PER_CALL_MAX = 1_000;
export const FRIENDS_TO_ADD_MAX = 100;
export const FRIENDS_TO_GET_MAX = 100;
export const PAGE_MAX = 1_000;
export const PAGE_DEFAULT = 100;

/** Pairs of one call that are worked on at once. */
export const PAIRS_AT_ONCE = 16;
/** How often a change is decided anew because somebody was faster. */
export const CHANGE_ATTEMPTS_MAX = 12;
/** Longest wait between two attempts. */
export const CHANGE_PAUSE_MS = 20;
/** A notice is looked at this long after it was written: by then its writer has carried the change out, or is dead. */
export const SETTLE_AFTER_MS = 10_000;
/** A writer whose notice is older than this writes another before it decides. */
export const NOTICE_VALID_MS = 3_000;
