// How one attempt of a call ended. A value, not an exception: whoever repeats calls
// decides by it.
import { type ChatFailure, FailureCode } from '../events/failure.js';

export type CallOutcome =
  | {
      readonly kind: 'answered';
      /** Public error code; 0 is success. */
      readonly code: number;
      readonly info: string;
      readonly response: Uint8Array;
      readonly retryAfterMs: number;
    }
  /** The connection went away; the call may have been done. */
  | { readonly kind: 'lost' }
  /** No answer in time; the call may have been done. */
  | { readonly kind: 'late' }
  /** It was never sent and never will be. */
  | { readonly kind: 'refused'; readonly code: number; readonly info: string };

/**
 * Answers after which the same call may succeed: not reachable, internal for the
 * moment, too late, too fast. A test holds the set against the kernel's own.
 */
const RETRYABLE_CODES: ReadonlySet<number> = new Set([
  9506, 9507, 20004, 20005, 60008, 60018, 70169, 70500, 90994, 90995,
]);

export const isRetryableCode = (code: number): boolean => RETRYABLE_CODES.has(code);

/** Whether what failed so may succeed later, or has succeeded unheard. */
export const isMomentary = ({ code }: ChatFailure): boolean =>
  isRetryableCode(code) || code === FailureCode.NETWORK || code === FailureCode.TIMEOUT;

/** Whether the same call may be repeated after this outcome. */
export function mayRepeat(outcome: CallOutcome): boolean {
  if (outcome.kind === 'lost' || outcome.kind === 'late') return true;
  if (outcome.kind === 'refused' || outcome.code === 0) return false;
  return outcome.retryAfterMs > 0 || isRetryableCode(outcome.code);
}
