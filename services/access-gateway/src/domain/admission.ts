// How many may come in at once. Who does not is told when there will be a place: each another moment, at the rate at
// which places come, so that a crowd comes back as a queue.
import { type RateLimit, takeToken, waitForToken } from './rate-limit.js';

/** Nobody is told to wait longer, ms: by then the crowd is another one. */
const WAIT_MAX_MS = 30_000;

export class Admission {
  #fullAtMs = 0;
  /** The moment that the last of those who were sent away was given. */
  #promisedAtMs = 0;

  constructor(private readonly limit: RateLimit) {}

  /** Takes a place and answers 0, or answers how long to stay away, ms. */
  admit(nowMs: number): number {
    const waitMs = waitForToken(this.limit, this.#fullAtMs, nowMs);
    if (waitMs === 0) {
      this.#fullAtMs = takeToken(this.limit, this.#fullAtMs, nowMs);
      return 0;
    }
    const spacingMs = 1_000 / this.limit.perSecond;
    const atMs = Math.max(this.#promisedAtMs + spacingMs, nowMs + waitMs);
    this.#promisedAtMs = Math.min(atMs, nowMs + WAIT_MAX_MS);
    return Math.max(1, Math.ceil(this.#promisedAtMs - nowMs));
  }
}
