// What to do with a send that may be a retry. Pure; sending/ asks and obeys.
import { APPEND_DEADLINE_MS } from '@parley/kernel';
import { optionsv1 } from '@parley/proto';
import { APPEND_BUDGET_MS_MIN, FIRST_ATTEMPT_MARGIN_MS, VOID_AFTER_MS } from './limits.js';
import type { RememberedSend } from './reservation.js';

/** A send without a reservation, and the coordination that does not know it. */
export interface UnknownSend {
  readonly attempt: number;
  readonly role: optionsv1.CallerRole;
  /** How long a reservation lives. */
  readonly windowMs: number;
  /** Since its first attempt began; undefined: unknown. */
  readonly firstAttemptAgeMs: number | undefined;
  readonly coordinationAgeMs: number;
  /** Whether coordination forgot nothing in that time. */
  readonly isUnbroken: boolean;
}

/**
 * Whether it may still be an old one, so that the tables must be asked.
 * SDKs count their attempts, and a repeated one is no old one if coordination would know it. A back end behind REST
 * cannot count, so for it the question is whether the reservation may have been lost with the rest of coordination.
 */
export function mayBeForgotten(send: UnknownSend): boolean {
  if (send.attempt > 0 && !wouldBeKnown(send)) return true;
  return send.role !== optionsv1.CallerRole.USER && send.coordinationAgeMs < send.windowMs;
}

/** Whether every attempt fell into the present life of coordination, so that none of them was ever numbered. */
function wouldBeKnown(send: UnknownSend): boolean {
  const { firstAttemptAgeMs, coordinationAgeMs, windowMs, isUnbroken } = send;
  if (!isUnbroken || firstAttemptAgeMs === undefined) return false;
  const neededMs = Math.max(0, firstAttemptAgeMs) + FIRST_ATTEMPT_MARGIN_MS;
  return neededMs < coordinationAgeMs && neededMs < windowMs;
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
