// The failures that every transport reports in the same words.
import { ChatError, ErrorCode } from '@parley/kernel';
import { RPC_MESSAGE_BYTES_MAX } from './limits.js';

export const deadlinePassed = (fullName: string): ChatError =>
  new ChatError(ErrorCode.TIMEOUT, `${fullName}: the deadline passed before the work was done`);

/** TIMEOUT, not UNAVAILABLE: nobody may retry what the caller gave up. */
export const callerGaveUp = (fullName: string): ChatError =>
  new ChatError(ErrorCode.TIMEOUT, `${fullName}: the caller gave up`);

export const transportClosed = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the transport is closed');

export const unknownMethod = (fullName: string): ChatError =>
  new ChatError(ErrorCode.UNKNOWN_COMMAND, `no service here implements ${fullName}`);

export const requestTooLarge = (fullName: string): ChatError =>
  new ChatError(
    ErrorCode.FRAME_TOO_LARGE,
    `${fullName}: the request exceeds ${RPC_MESSAGE_BYTES_MAX} bytes; send less at once`,
  );

export const tooManyInFlight = (callsMax: number, retryAfterMs: number): ChatError =>
  new ChatError(ErrorCode.OVERLOADED, `more than ${callsMax} calls in flight; retry later`, { retryAfterMs });
