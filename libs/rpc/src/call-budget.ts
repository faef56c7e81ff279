// What may be in flight at once, in calls and in bytes of requests.
import type { ChatError } from '@parley/kernel';
import { tooManyInFlight } from './failures.js';

/** Calls in flight on one client stream or one server; ours. */
export const CALLS_IN_FLIGHT_MAX = 10_000;
/** Their requests together, bytes; ours. One request of any size always fits an idle budget. */
export const REQUEST_BYTES_IN_FLIGHT_MAX = 64 * 1024 * 1024;
/** What a refused caller is asked to wait, ms. */
const RETRY_AFTER_MS = 100;

/** Counts what is in flight. Not tied to any call: whoever takes must release, once. */
export class CallBudget {
  #calls = 0;
  #bytes = 0;

  constructor(
    private readonly callsMax = CALLS_IN_FLIGHT_MAX,
    private readonly bytesMax = REQUEST_BYTES_IN_FLIGHT_MAX,
  ) {}

  get calls(): number {
    return this.#calls;
  }

  /** Takes room for one call, or answers OVERLOADED. */
  take(requestBytes: number): ChatError | undefined {
    const isFull = this.#calls >= this.callsMax || this.#bytes + requestBytes > this.bytesMax;
    if (isFull && this.#calls > 0) return tooManyInFlight(this.callsMax, RETRY_AFTER_MS);
    this.#calls += 1;
    this.#bytes += requestBytes;
    return undefined;
  }

  release(requestBytes: number): void {
    this.#calls -= 1;
    this.#bytes -= requestBytes;
  }
}
