// The bounds of every engine; stated in the port's comments where callers meet them.

/** Value of one record, bytes. */
export const RECORD_VALUE_BYTES_MAX = 1024 * 1024;
/** Key of one record, bytes of UTF-8. */
export const RECORD_KEY_BYTES_MAX = 4 * 1024;
/** Appends that wait for durability, bytes, before OVERLOADED. */
export const WAITING_BYTES_MAX = 64 * 1024 * 1024;
export const PARTITIONS_MAX = 1_024;
export const BATCH_RECORDS_DEFAULT = 500;
export const BATCH_RECORDS_MAX = 10_000;
/** Values of one batch, bytes; a batch has at least one record. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;
export const ATTEMPTS_DEFAULT = 5;
/** Pause after the first failed attempt; doubles up to the maximum. */
export const RETRY_PAUSE_MS = 100;
export const RETRY_PAUSE_MAX_MS = 10_000;
/** What a dead letter keeps of the failure, characters. */
export const REASON_CHARS_MAX = 500;
export const DEAD_LETTERS_PAGE_MAX = 1_000;
