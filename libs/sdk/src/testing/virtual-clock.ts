// Time that passes when a test says so.
import type { ChatClock } from '../time/clock.js';

interface VirtualTimer {
  readonly dueMs: number;
  readonly task: () => void;
}

/** Lets everything that waits for a promise go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export class VirtualClock implements ChatClock {
  private readonly timers = new Set<VirtualTimer>();
  private passedMs = 0;

  constructor(private readonly startMs = 1_700_000_000_000) {}

  now(): number {
    return Math.floor(this.startMs + this.passedMs);
  }

  elapsed(): number {
    return this.passedMs;
  }

  setTimer(task: () => void, delayMs: number): unknown {
    const timer: VirtualTimer = { dueMs: this.passedMs + delayMs, task };
    this.timers.add(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.timers.delete(timer as VirtualTimer);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Runs what falls due within the time, in order, with all promises settled in between. */
  async pass(ms: number): Promise<void> {
    const endMs = this.passedMs + ms;
    await settle();
    for (let next = this.next(endMs); next !== undefined; next = this.next(endMs)) {
      this.timers.delete(next);
      this.passedMs = Math.max(this.passedMs, next.dueMs);
      next.task();
      await settle();
    }
    this.passedMs = endMs;
  }

  private next(endMs: number): VirtualTimer | undefined {
    let first: VirtualTimer | undefined;
    for (const timer of this.timers) {
      if (timer.dueMs <= endMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  }
}
