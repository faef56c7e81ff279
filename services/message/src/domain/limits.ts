// Bounds of this service alone. Those that others must know are in kernel.
import { HOLE_PENDING_MS } from '@parley/kernel';

/** Elements of one body; ours: 12 KiB hold no more useful ones. */
export const ELEMENTS_PER_BODY_MAX = 200;
/** Nesting of objects and arrays in a body; merged messages may hold merged messages. */
export const BODY_DEPTH_MAX = 64;
/** client_message_id and dedup_key, bytes. */
export const MESSAGE_ID_BYTES_MAX = 128;
/** OfflinePushInfo, bytes; its vendors allow about 4 KB each. */
export const OFFLINE_PUSH_BYTES_MAX = 8 * 1024;
/** Messages of one page together, bytes; at least one message is always given. */
export const PAGE_BYTES_MAX = 512 * 1024;
/** Peers of one unread query; rest-accounts-messages.md 5.7. */
export const UNREAD_PEERS_MAX = 10;
/** Conversations of one user that are looked at; beyond that the list and the total are cut and a counter says so. */
export const CONVERSATIONS_PER_USER_MAX = 5_000;
/** To_Account of one message to a group; rest-groups.md 4. */
export const TARGETS_PER_MESSAGE_MAX = 50;
/** GroupAtInfo of one message; rest-groups.md 4. */
export const AT_ACCOUNTS_MAX = 30;
/** Members of one OpenConversations or CloseConversations. */
export const MEMBERS_PER_CALL_MAX = 500;
/** Topics of one GetTopicConversations. */
export const TOPICS_PER_CALL_MAX = 100;
/** Members of one GetStandings. */
export const STANDINGS_PER_CALL_MAX = 500;
/** Mentions that a conversation shows; client-features.md 8. */
export const MENTIONS_SHOWN_MAX = 30;
/** Mentions of anybody that are looked through for those of one user, the newest. */
export const MENTIONS_LOOKED_AT_MAX = 300;
/** How long a mention is found by who comes late; the longest that messages are kept by plan. */
export const MENTIONS_KEPT_S = 90 * 24 * 60 * 60;
/** Groups of one GetHeads. */
export const HEADS_PER_CALL_MAX = 100;

/** A number must be used this soon after the clock was read for it, or it is given up. */
export const NUMBERING_MS_MAX = 1_000;
/** How far the clocks of two processes or of the log may be apart. */
export const CLOCK_SKEW_MS_MAX = 1_000;
/**
 * When an unused number is void. Later than HOLE_PENDING_MS, because the time in the
 * message above the hole may be older than the hole's by a numbering, and by the clocks' difference.
 */
export const VOID_AFTER_MS = HOLE_PENDING_MS + NUMBERING_MS_MAX + CLOCK_SKEW_MS_MAX;
/** An append of a retry is only tried when it has at least this long. */
export const APPEND_BUDGET_MS_MIN = 500;
/**
 * So much longer than the time since the first attempt coordination must have lived, if what it does not know was never
 * numbered. Covers the caller's way to here, the clocks' difference, and a Redis that takes writes after
 * another was promoted (its min-replicas-max-lag, 10 s by default).
 */
export const FIRST_ATTEMPT_MARGIN_MS = 10_000;

/** Users for whom an option is set at once; client-features.md 8.1. */
export const OPTION_PEERS_MAX = 30;
/** How long a change is kept for those who were away; who was away longer reads history anew. */
export const CHANGES_KEPT_S = 30 * 24 * 60 * 60;
/** Messages of one change. */
export const MESSAGES_PER_CHANGE_MAX = 100;
/** Messages that a recall by sender looks at; rest-groups.md 4. */
export const RECALL_BY_SENDER_LOOKS_AT = 1_000;
/** Recalled messages of a conversation that are taken out of unread counts, the newest ones. */
export const RECALLED_COUNTED_MAX = 256;
/** Reason of a recall, bytes; rest-groups.md 4. */
export const RECALL_REASON_BYTES_MAX = 100;
/** Messages of one call about receipts; rest-groups.md 4. */
export const RECEIPTS_PER_CALL_MAX = 50;
/** Members of a group whose messages have receipts; rest-groups.md 4. */
export const RECEIPT_MEMBERS_MAX = 200;
/** Users on a page of those who have read, or not read, a message; rest-groups.md 4. */
export const RECEIPT_USERS_PAGE_MAX = 200;
/** Pairs of one message, and of one call; client-features.md 5.9. */
export const EXTENSIONS_MAX = 300;
export const EXTENSIONS_PER_CALL_MAX = 20;
export const EXTENSIONS_PAGE_MAX = 200;
export const EXTENSION_KEY_BYTES_MAX = 100;
export const EXTENSION_VALUE_BYTES_MAX = 1_000;
/** Calls that write pairs of one message in a minute; rest-groups.md 4. */
export const EXTENSION_CALLS_PER_MINUTE_MAX = 200;
/** Changes of one page. */
export const PAGE_CHANGES_MAX = 100;
/** MsgKeys of one one-sided delete; rest-accounts-messages.md 5.9. */
export const HIDDEN_KEYS_MAX = 30;
/** Body and custom data of a message that grows, bytes; less than this. rest-groups.md 4. */
export const STREAM_BYTES_MAX = 128 * 1024;
/** Between two calls for one such message; rest-groups.md 4. */
export const STREAM_GAP_MS_MAX = 15_000;
/** Continuations of one such message in a second; rest-groups.md 4. */
export const STREAM_CALLS_PER_SECOND_MAX = 5;
/** Pieces of one call; ours. */
export const STREAM_CHUNKS_PER_CALL_MAX = 100;
