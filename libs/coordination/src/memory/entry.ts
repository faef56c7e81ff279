// One key and what it holds.
import type { ExpiryQueue } from './expiry-queue.js';

/** Numbers `next` to `last` are still to be given out; none when next is above last. */
export class CounterState {
  constructor(
    public next: bigint,
    public last: bigint,
  ) {}
}

export class WindowState {
  count = 0;
}

export type Payload = string | Map<string, string> | Set<string> | CounterState | WindowState;

export class Entry {
  /** Infinity: does not expire. */
  expiresAtMs = Number.POSITIVE_INFINITY;
  /** Estimate of the memory it takes. */
  bytes = 0;

  // Owned by the expiry queue in which it is.
  queue: ExpiryQueue | undefined;
  bucket = 0;
  previous: Entry | undefined;
  next: Entry | undefined;

  constructor(
    readonly key: string,
    public payload: Payload,
  ) {}
}
