// The port's bounds, the same for every engine.

export const KEY_BYTES_MAX = 4 * 1024;
export const VALUE_BYTES_MAX = 4 * 1024;
/** Members of one set, fields of one hash. */
export const MEMBERS_MAX = 10_000;
/** Hashes of one hashGetMany. */
export const HASHES_PER_READ_MAX = 1_000;
/** What fits into the signed 64-bit integers of every engine. */
export const COUNTER_MAX = 2n ** 63n - 1n;
/** A counter that was not used for this time may be forgotten, ms. */
export const COUNTER_IDLE_MS = 60 * 60 * 1000;
