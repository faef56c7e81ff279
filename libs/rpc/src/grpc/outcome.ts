// Outcomes of calls between processes: ChatError ⇄ wire.
import { ChatError, ErrorCode } from '@parley/kernel';
import { ERROR_INFO_CHARS_MAX } from '../limits.js';
import { type CallOutcome, NO_BYTES } from './batch-codec.js';

export const successOf = (id: number, response: Uint8Array): CallOutcome => ({
  id,
  code: 0,
  info: '',
  response,
  retryAfterMs: 0,
});

/** The cause stays here: it never crosses the wire. */
export const failureOf = (id: number, error: ChatError): CallOutcome => ({
  id,
  code: error.code,
  info: error.info.slice(0, ERROR_INFO_CHARS_MAX),
  response: NO_BYTES,
  retryAfterMs: Math.ceil(error.retryAfterMs),
});

/** A code that this build does not know yet becomes INTERNAL, with the number in the text. */
export function errorOf(outcome: CallOutcome): ChatError {
  const isKnown = ErrorCode[outcome.code] !== undefined && outcome.code !== 0;
  return isKnown
    ? new ChatError(outcome.code, outcome.info, { retryAfterMs: outcome.retryAfterMs })
    : new ChatError(ErrorCode.INTERNAL, `unknown error code ${outcome.code}: ${outcome.info}`);
}
