// The closed set of error codes, as generated from proto/parley/errors/v1.
import { errorsv1 } from '@parley/proto';

export const ErrorCode = errorsv1.ErrorCode;
export type ErrorCode = errorsv1.ErrorCode;

/** Codes after which the same request may be sent again and may then succeed. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.UNAVAILABLE,
  ErrorCode.OVERLOADED,
  ErrorCode.TIMEOUT,
  ErrorCode.C2C_UNAVAILABLE,
  ErrorCode.CALL_RATE_EXCEEDED,
  ErrorCode.TOO_MANY_CALLS_IN_FLIGHT,
]);

export const isRetryable = (code: ErrorCode): boolean => RETRYABLE.has(code);
