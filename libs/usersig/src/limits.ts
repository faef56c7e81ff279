// Bounds of everything that a stranger can make us read. Ours: a real UserSig has about
// 190 characters, with a room ticket about 300.

/** Longest UserSig that is looked at, characters. */
export const USER_SIG_CHARS_MAX = 4 * 1024;
/** Largest JSON inside it after inflating, bytes. */
export const USER_SIG_JSON_BYTES_MAX = 4 * 1024;
/** Longest identifier that is parsed; whether it is a UserID is decided by comparing it with one. */
export const IDENTIFIER_CHARS_MAX = 256;
/** Keys that are tried for one UserSig; further ones are ignored. */
export const KEYS_TRIED_MAX = 8;
/** How far in the future TLS.time may lie by default, seconds: clocks of app servers are not ours. */
export const CLOCK_SKEW_S_DEFAULT = 300;
