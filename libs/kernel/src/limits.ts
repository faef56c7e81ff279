// Every named bound that more than one package must agree on. Sources are the
// public limits of the compatible borders unless a line says otherwise.

/** MsgBody and CloudCustomData of one message, bytes of JSON. */
export const MESSAGE_BYTES_MAX = 12 * 1024;
/** Largest frame on a socket, bytes; ours: the compatible request limit is 1 MB. */
export const FRAME_BYTES_MAX = 64 * 1024;
/** Largest REST body, bytes; ours: 500 targets of 32 bytes and one message fit many times over. */
export const REST_BODY_BYTES_MAX = 1024 * 1024;
export const TARGETS_PER_BATCH_MAX = 500;
export const ACCOUNTS_PER_BATCH_MAX = 100;
export const PAGE_MESSAGES_MAX = 100;
export const PAGE_CONVERSATIONS_MAX = 100;

/** Messages of one conversation in one table partition; ours, keeps a partition near 2 MB. */
export const MESSAGES_PER_BUCKET = 5_000n;
/** An append that has not ended by then fails; ours, design section 5. */
export const APPEND_DEADLINE_MS = 5_000;
/** A hole younger than this may still be filled; an older one is void; ours, design section 5. */
export const HOLE_PENDING_MS = 10_000;
/** How long a retry of a send by an SDK is recognised; ours. */
export const DEDUP_WINDOW_S = 24 * 60 * 60;
/** The same for REST sends, where the spec says 120 s. */
export const REST_DEDUP_WINDOW_S = 120;
/** A read that must see what was acked waits this long for the history writer; ours. */
export const READ_YOUR_WRITE_WAIT_MS = 2_000;
