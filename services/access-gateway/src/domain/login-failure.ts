// Whether a failed login is a refusal, or only bad luck that the client should repeat.
import { type ChatError, ErrorCode } from '@parley/kernel';

export type LoginFailure = 'refused' | 'overloaded' | 'failed';

/** Codes that are our fault although retrying a call with them is not safe in general. */
const OUR_FAULT: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.INTERNAL,
  ErrorCode.INTERNAL_RETRY,
  ErrorCode.ACCOUNT_INTERNAL,
  ErrorCode.ACCOUNT_TIMEOUT,
  ErrorCode.UNKNOWN_COMMAND,
]);

/** A refusal makes the client give up; the others make it come back. */
export function decideLoginFailure(error: ChatError): LoginFailure {
  if (error.code === ErrorCode.OVERLOADED) return 'overloaded';
  return error.isRetryable || OUR_FAULT.has(error.code) ? 'failed' : 'refused';
}
