import type { Clock } from '@parley/kernel';

/** Real time that a test can move forward; what waits by timers keeps running. */
export class ShiftClock implements Clock {
  #shiftMs = 0;

  now(): number {
    return Date.now() + this.#shiftMs;
  }

  advance(ms: number): void {
    this.#shiftMs += ms;
  }
}
