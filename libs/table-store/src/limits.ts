// The bounds that every engine enforces alike; stated in the port's comments.

/** Key and columns of one row, bytes. */
export const ROW_BYTES_MAX = 1024 * 1024;
/** The encoded key of a row, bytes; what the tighter engine can hold. */
export const ROW_KEY_BYTES_MAX = 1_500;
export const SCAN_ROWS_MAX = 10_000;
/** A page of a scan ends early, with a cursor, when its rows reach this many bytes. */
export const SCAN_BYTES_MAX = 32 * 1024 * 1024;
export const GET_MANY_MAX = 1_000;
export const BATCH_WRITES_MAX = 100;
/** All rows of a batch; what the tighter engine takes in one piece. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;
export const WRITE_ALL_MAX = 10_000;
/** How long the version of a deleted row is kept, seconds: ten days, which is Cassandra's own default. */
export const DELETED_VERSION_SECONDS = 10 * 24 * 60 * 60;
