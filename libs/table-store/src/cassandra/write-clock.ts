// The timestamps of plain writes: the process's clock in microseconds, and never the same twice. They are taken
// when a write is asked for, so a repeated attempt has the timestamp of the first and cannot hide a later write.
import type { Clock } from '@parley/kernel';

export class WriteClock {
  readonly #clock: Clock;
  #lastUs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): bigint {
    this.#lastUs = Math.max(this.#lastUs + 1, this.#clock.now() * 1_000);
    return BigInt(this.#lastUs);
  }
}
