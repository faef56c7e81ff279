// The refusals of this service that more than one place says.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { Codes } from './domain/codes.js';

/** A retry may find out. */
export const unresolvedSend = (retryAfterMs: number): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'it is not known yet whether the message was accepted; retry', {
    retryAfterMs,
  });

/** The history writer will come. */
export const historyBehind = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the history is being caught up; retry', { retryAfterMs: 500 });

export const receiverUnknown = (codes: Codes): ChatError =>
  new ChatError(codes.receiverUnknown, 'the receiver does not exist');

export const senderUnknown = (codes: Codes): ChatError =>
  new ChatError(codes.senderUnknown, 'the sender does not exist');
