// What to do with a send that may be a retry. Pure; sending/ asks and obeys.
import { APPEND_DEADLINE_MS } from '@parley/kernel';
import { optionsv1 } from '@parley/proto';
import { APPEND_BUDGET_MS_MIN, VOID_AFTER_MS } from './limits.js';
import type { RememberedSend } from './reservation.js';

/**
 * Whether a send without a reservation may still be an old one, so that the tables must be asked.
 * SDKs count their attempts. A back end behind REST cannot, so for it the question is
 * whether the reservation may have been lost with the rest of coordination.
 */
export function mayBeForgotten(options: {
  readonly attempt: number;
  readonly role: optionsv1.CallerRole;
  readonly windowMs: number;
  readonly coordinationAgeMs: number;
}): boolean {
  if (options.attempt > 0) return true;
  return options.role !== optionsv1.CallerRole.USER && options.coordinationAgeMs < options.windowMs;
}

export type RetryStep =
  /** It is a message: answer as the first time. */
  | 'answer-again'
  /** Its append may have failed or may be on its way: append again under the same number; the copy is dropped. */
  | 'append-again'
  /** Too late to append under that number: only the log knows whether it is a message. */
  | 'ask-log';

export function decideRetry(found: RememberedSend, nowMs: number): RetryStep {
  if (found.isAppended) return 'answer-again';
  return nowMs - found.timeMs <= APPEND_DEADLINE_MS - APPEND_BUDGET_MS_MIN ? 'append-again' : 'ask-log';
}

/**
 * After the log was read to its end without the message: 0 when the number is void and the
 * send may get a new one, else how long its record may still appear, ms.
 */
export const mayAppearForMs = (numberedAtMs: number, nowMs: number): number =>
  Math.max(0, numberedAtMs + VOID_AFTER_MS - nowMs);
