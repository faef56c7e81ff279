// When to try again. Pure: chance is an argument.
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS, RETRY_AFTER_MAX_MS } from '../constants/limits.js';

export interface BackoffInput {
  /** Failures in a row before this one. */
  readonly failures: number;
  /** What the server asked for; 0: nothing. */
  readonly retryAfterMs: number;
  /** 0 up to, not including, 1. */
  readonly chance: number;
}

/**
 * Exponential backoff with full jitter, on top of what the server asked for: a
 * crowd that is cut at once comes back spread out, and nobody comes back early.
 */
export function decideBackoffMs({ failures, retryAfterMs, chance }: BackoffInput): number {
  const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 20));
  return Math.min(retryAfterMs, RETRY_AFTER_MAX_MS) + Math.round(chance * ceilingMs);
}
