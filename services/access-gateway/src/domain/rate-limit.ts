// Token buckets as one number each: the time at which the bucket is full again.

/** `perSecond` tokens come back every second; `burst` fit in. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Ms until one more token is there; 0: there is one now. `fullAtMs` is the bucket's
 * state, 0 for a bucket that was never used.
 */
export function waitForToken(limit: RateLimit, fullAtMs: number, nowMs: number): number {
  const missingMs = fullAtMs - nowMs;
  const roomMs = ((limit.burst - 1) * 1_000) / limit.perSecond;
  return missingMs <= roomMs ? 0 : Math.ceil(missingMs - roomMs);
}

/** The bucket's state after taking one token; ask {@link waitForToken} first. */
export const takeToken = (limit: RateLimit, fullAtMs: number, nowMs: number): number =>
  Math.max(fullAtMs, nowMs) + 1_000 / limit.perSecond;
