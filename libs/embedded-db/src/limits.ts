// The bounds of the embedded database; ours unless a line says otherwise.

/** Longest key, bytes. The engine's own bound is 1,978 with pages of 4 KiB. */
export const KEY_BYTES_MAX = 1_900;
/** Longest value, bytes. */
export const VALUE_BYTES_MAX = 16 * 1024 * 1024;
/** A commit that holds this much is closed for further writes; bounds the time of one fsync. */
export const COMMIT_BYTES_MAX = 16 * 1024 * 1024;
/** Writes that wait for their commit, bytes; beyond it a write is refused with OVERLOADED. */
export const WAITING_BYTES_MAX = 256 * 1024 * 1024;
/** What {@link ByteSpace.putLater} wrote is committed after this time at the latest. */
export const PUT_LATER_DELAY_MS = 1_000;
/** Sub-databases of one environment. */
export const SPACES_MAX = 1_024;
/** Address space reserved at first; grows by itself, and takes no disk until it is used. */
export const INITIAL_MAP_BYTES = 1024 * 1024 * 1024;
/** Below this much free space a failed write is called a full disk. */
export const DISK_FULL_BELOW_BYTES = 32 * 1024 * 1024;
/**
 * Free space that a commit leaves. An engine whose write finds no space breaks its own memory now and then, and the
 * process with it: so it is never let that far.
 */
export const COMMIT_RESERVE_BYTES = 16 * 1024 * 1024;
/** What a key may cost at most on its way to the disk: the pages from the root to its leaf, written anew. */
export const KEY_PAGES_BYTES = 2 * 4_096;
/** Free space without which a database is not opened. */
export const FREE_BYTES_MIN = 16 * 1024 * 1024;
