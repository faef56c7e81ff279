// Bounds of this engine beside those of every engine (../limits.ts).

/** Values and keys of one record batch, bytes; one record may be larger. */
export const PRODUCE_BATCH_BYTES_MAX = 1024 * 1024;
/** The same for all partitions of one request. */
export const PRODUCE_REQUEST_BYTES_MAX = 8 * 1024 * 1024;
/** What a topic must accept as one batch: the largest record, or a full batch, with what surrounds it. */
export const TOPIC_BATCH_BYTES = 2 * 1024 * 1024;
/** What a record costs beside its key and value while it waits, bytes; an estimate. */
export const RECORD_OVERHEAD_BYTES = 64;
/** Fetched records of one partition that wait for the handler; beyond either it is not fetched for a while. */
export const BUFFER_RECORDS_MAX = 4_000;
export const BUFFER_BYTES_MAX = 4 * 1024 * 1024;
/** One fetch of one partition, bytes. */
export const FETCH_BYTES_MAX = 1024 * 1024;
/** How long a fetch may wait for records; bounds how soon a member hears of a rebalance or takes up a partition again. */
export const FETCH_WAIT_MS = 250;
/** Values that one page of dead letters holds, bytes; a page may end early. */
export const DEAD_LETTERS_BYTES_MAX = 64 * 1024 * 1024;
