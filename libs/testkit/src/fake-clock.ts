// Time that stands still until a test moves it.
import type { Clock } from '@parley/kernel';

export class FakeClock implements Clock {
  /** 2026-01-01T00:00:00Z unless told otherwise. */
  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
