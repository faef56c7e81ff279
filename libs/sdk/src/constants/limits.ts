// Every bound and interval of the SDK. Times in ms.

/** MsgBody and CloudCustomData of one message, bytes; the server refuses more with 80002. */
export const MESSAGE_BYTES_MAX = 12 * 1024;
/** Page of getMessageList when the caller names none. */
export const PAGE_MESSAGES_DEFAULT = 15;
/** Largest page of any listing. */
export const PAGE_MAX = 100;
/** Pages of conversations read after a login; what lies beyond is learned when it speaks. */
export const CONVERSATION_PAGES_MAX = 100;
/** Messages that findMessage knows; the oldest leave first. */
export const STORED_MESSAGES_MAX = 10_000;
/** Messages of one conversation that wait for a gap before them; more are fetched again. */
export const WAITING_MESSAGES_MAX = 500;
/** Pushes kept while the first conversation list is on its way; more are found by a second one. */
export const EARLY_PUSHES_MAX = 1_000;
/** Changes of one conversation, or of the user's view, that wait for a gap before them; more are fetched again. */
export const WAITING_CHANGES_MAX = 500;
/** Messages whose last change is remembered, for the message may come after it; beyond that it is fetched as it is. */
export const KNOWN_CHANGES_MAX = 500;
/** Messages that one call deletes; client-features.md 5.15. */
export const DELETED_MESSAGES_MAX = 30;
/** Pages with which the messages in memory of one conversation are read anew; what lies beyond leaves memory. */
export const REREAD_PAGES_MAX = 20;
/** Reading anew is tried so often; then the messages leave memory and are read when they are asked for. */
export const REREAD_ATTEMPTS_MAX = 8;
/** Ids of online-only messages remembered against repeats. */
export const ONLINE_ONLY_IDS_MAX = 1_000;
/** Numbers of unread messages kept one by one per conversation before the oldest are summed up. */
export const UNREAD_NUMBERS_MAX = 500;
/** Conversations that the user left and may come back to, of which the place is remembered. */
export const CLOSED_CONVERSATIONS_MAX = 1_000;
/** Topics of one community; the service's bound. */
export const TOPICS_PER_COMMUNITY_MAX = 200;
/** Topics whose conversations are kept; those of the communities that were in use last stay. */
export const TOPICS_KNOWN_MAX = 1_000;
/** Pages of joined groups read after a login. */
export const GROUP_PAGES_MAX = 100;
/** Reading the list of groups keeps a login waiting for no longer; it is tried again. */
export const GROUP_LIST_GIVE_UP_MS = 5_000;
/** Live groups are entered again before a new connection is reported, for this time at most. */
export const REJOIN_GIVE_UP_MS = 5_000;
/** And then so often in the background. */
export const REJOIN_ROUNDS_MAX = 100;
/** Members of one page, and of one question for named ones; client-features.md 10.3. */
export const MEMBERS_PAGE_DEFAULT = 15;
export const MEMBERS_PAGE_MAX = 100;
export const MEMBERS_NAMED_MAX = 50;
/** How long a count of online members stands; in live groups; ms (client-features.md 10.3). */
export const ONLINE_COUNT_MS = 60_000;
export const LIVE_ONLINE_COUNT_MS = 5_000;
/** Writes of attributes within the window, and reads of them; client-features.md 10.5. */
export const ATTRIBUTE_WRITES_MAX = 10;
export const ATTRIBUTE_READS_MAX = 20;
export const ATTRIBUTE_WINDOW_MS = 5_000;
/** UTF-8 bytes; the service refuses more. */
export const GROUP_ID_BYTES_MAX = 48;
export const NAME_CARD_BYTES_MAX = 50;
/** Unread messages of one conversation that mention the user, as its list shows them. */
export const AT_INFO_MAX = 100;

/** Messages being sent or waiting for it. Compatible bound of requests (9507). */
export const SENDS_MAX = 1_000;
/** Calls waiting for a place in flight. */
export const CALLS_WAITING_MAX = 1_000;
/** A send, with all its attempts, ends by then. */
export const SEND_GIVE_UP_MS = 60_000;
/** The same for online-only messages: nobody wants a late typing indicator. */
export const ONLINE_ONLY_GIVE_UP_MS = 5_000;
/** One attempt of a send; above the server's own deadline of 8 s. */
export const SEND_ATTEMPT_MS = 10_000;
/** One attempt of another call; above the server's own deadline of 5 s. */
export const CALL_ATTEMPT_MS = 7_000;
/** A call with all its attempts. */
export const CALL_GIVE_UP_MS = 15_000;
/** A read mark that was given up is told again for so long: as long as services may be away. */
export const READ_MARK_AGAIN_MS = 120_000;
export const LOGIN_GIVE_UP_MS = 15_000;
export const LOGOUT_GIVE_UP_MS = 3_000;

/** Opening a socket and being welcomed on it. */
export const HANDSHAKE_MS = 10_000;
export const PING_INTERVAL_MIN_MS = 1_000;
export const PING_INTERVAL_MAX_MS = 300_000;
/** A socket on which nothing was heard for this many ping intervals is dead. */
export const SILENT_PINGS_MAX = 2.5;
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_MAX_MS = 30_000;
/** A connection that lived this long makes the next reconnect a first attempt again. */
export const STABLE_CONNECTION_MS = 10_000;
/** The longest that a server may ask a client to stay away. */
export const RETRY_AFTER_MAX_MS = 10 * 60_000;
/** Addresses of a Move that are remembered. */
export const MOVE_ADDRESSES_MAX = 8;

/** A gap is given this time, and as much again by chance, to close by itself. */
export const GAP_PATIENCE_MS = 100;
export const SYNC_RETRY_MIN_MS = 100;
export const SYNC_RETRY_MAX_MS = 30_000;
/** Conversations synced at the same time. */
export const SYNCS_AT_ONCE = 4;
/** Head lists overlap by this time, for heads are written a little after their messages. */
export const HEAD_OVERLAP_MS = 60_000;
/** Heads are compared this often although nothing seems to be missing. */
export const HEAD_CHECK_INTERVAL_MS = 5 * 60_000;
/** Users whose conversations are muted at once; client-features.md 8.1. */
export const REMIND_USERS_MAX = 30;
/** Messages of one call about receipts; client-features.md 5.6. */
export const RECEIPTS_MAX = 30;
/** Users on a page of those who have read a message. */
export const RECEIPT_USERS_PAGE = 100;
/** Pairs of one call, and pages of all pairs of a message; client-features.md 5.9. */
export const EXTENSIONS_PER_CALL_MAX = 20;
export const EXTENSION_PAGES_MAX = 4;
/** Messages of whose pairs this session remembers what it has seen; of older ones they are read again. */
export const EXTENSIONS_KNOWN_MAX = 1_000;
/** Users who are followed, or whose counts are asked for, in one call; the service's bound. */
export const FOLLOWS_NAMED_MAX = 20;
/** Users on a page of a list of follows. */
export const FOLLOWS_PAGE = 100;
/** Follows of which this session remembers what it told last; of older ones one may be told twice. */
export const FOLLOWS_KNOWN_MAX = 5_000;
/** Users whose statuses one call asks for, and subscribes to; client-features.md 4.3. */
export const STATUSES_NAMED_MAX = 500;
export const STATUSES_SUBSCRIBED_MAX = 100;
/** Users of whom this session remembers which change of their status it told. */
export const STATUSES_KNOWN_MAX = 5_000;
/** Users whose profiles one call asks for; the service's bound. */
export const PROFILES_NAMED_MAX = 100;
/** Users of whom this session remembers which change of their profile it told; of older ones one may be told twice. */
export const PROFILES_KNOWN_MAX = 5_000;
/** Friends, and people on the blocklist, of one page; and pages read before the list is taken as it is. */
export const FRIENDS_PAGE = 100;
export const BLOCKLIST_PAGE = 1_000;
export const RELATION_PAGES_MAX = 50;
/** Users whom one call names; client-features.md 13. */
export const FRIENDS_NAMED_MAX = 100;
export const RELATION_USERS_MAX = 1_000;
/** After an own change its event is given this time to come; then the list is read anew. */
export const RELATION_EVENT_PATIENCE_MS = 500;
/** What follows an own change keeps its caller waiting for no longer. */
export const RELATION_SETTLE_GIVE_UP_MS = 5_000;
/** Users whose statuses are compared after a reconnect: the service's bound of subscriptions, and oneself. */
export const STATUSES_WATCHED_MAX = 201;
