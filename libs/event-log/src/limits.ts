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

// The embedded engine's journal.

/**
 * Free space that an append leaves. More than the database leaves to itself, so that what consumers make of the records
 * that were accepted last still finds room.
 */
export const RESERVE_BYTES = 48 * 1024 * 1024;
/** A segment file that would grow beyond this is followed by the next one. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Zeros are written ahead up to the next multiple of this: most flushes then need not touch the file's metadata. */
export const WRITE_AHEAD_BYTES = 1024 * 1024;
/** One piece of memory for appended records, and so the longest frame. */
export const CHUNK_BYTES = 4 * 1024 * 1024;
/** Newest durable records kept in memory for all consumers together. */
export const RECENT_BYTES_MAX = 32 * 1024 * 1024;
/** Older records come from the file in stretches of at least this much, or one frame more. */
export const STRETCH_BYTES = 1024 * 1024;
/** Stretches kept in memory for consumers that are behind, all together. */
export const STRETCH_CACHE_BYTES_MAX = 24 * 1024 * 1024;
/** Stretches that one fetch passes; it ends with fewer records than asked for when these hold no more. */
export const FETCH_STRETCHES_MAX = 16;
/** Segments whose index is kept in memory: at most 64 marks of 4,096 offsets each. */
export const INDEXED_SEGMENTS_MAX = 8;
/** Partitions of all topics of one data directory, those of former topics included. */
export const LANES_MAX = 4_096;
