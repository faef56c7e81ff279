// Bounds of the registry and of delivery; all ours.

/** Live connections of one user; the login policies allow far fewer. */
export const SESSIONS_PER_USER_MAX = 64;
/** How long an answer about a node's lease is believed, ms. See LeaseBook. */
export const LEASE_BELIEVED_MS = 1_000;

/** Changes of sessions that are written at once. */
export const CHANGES_PER_WRITE_MAX = 500;

/** Pushes that wait for a lookup or for a node's answer. */
export const PUSHES_WAITING_MAX = 10_000;
/** Bytes of the pushes that wait. */
export const PUSH_BYTES_WAITING_MAX = 64 * 1024 * 1024;
/** Receivers of the pushes that wait. */
export const RECEIVERS_WAITING_MAX = 500_000;
/** Receivers of one push. */
export const RECEIVERS_PER_PUSH_MAX = 10_000;
/** One encoded push; an RPC message holds several. */
export const PUSH_BYTES_MAX = 1024 * 1024;

/** Receivers whose sessions are looked up together. */
export const RECEIVERS_PER_LOOKUP_MAX = 1_000;
/** Deliveries of one batch. */
export const DELIVERIES_PER_BATCH_MAX = 1_000;
/** Bytes of one batch, give or take its last delivery; an RPC message may have four times as many. */
export const BATCH_BYTES_MAX = 1024 * 1024;
/** Users of one change of rooms. */
export const USERS_PER_ROOMS_CHANGE_MAX = 10_000;
/** Rooms that one change names. */
export const ROOMS_PER_CHANGE_MAX = 1_000;
/** Visitors of one list; rest-groups.md 5, which keeps the newest 1,000. */
export const VISITORS_LISTED_MAX = 1_000;
/** Live groups of one user that are listed; ours: the SDK leaves one before it enters another. */
export const VISITED_ROOMS_MAX = 1_000;
/** Connections times rooms of one ChangeRooms; a larger change is split. */
export const MOVES_PER_REQUEST_MAX = 5_000;

/** Connections of one delivery or one disconnect; a push to more of one node is split. */
export const CONNECTIONS_PER_DELIVERY_MAX = 5_000;

/** A node that has not answered for this time is slow, ms. */
export const NODE_SLOW_MS = 250;
/** Deliveries that may wait for a slow node, so that it cannot use up what all nodes share. */
export const SLOW_NODE_WAITING_MAX = 1_000;
