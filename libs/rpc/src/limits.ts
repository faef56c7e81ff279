// The named bounds of a call, the same for every transport.

/** Encoded request or response of one call, bytes; ours: four times the largest row or log record. */
export const RPC_MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
/** Text of an error that is sent to the caller, characters. */
export const ERROR_INFO_CHARS_MAX = 1_024;
