// One native timer for everything that waits in an SDK instance.
import type { ChatClock } from './clock.js';

/** Takes the task back; does nothing once it ran. */
export type CancelTimer = () => void;

interface Entry {
  readonly dueMs: number;
  task: (() => void) | undefined;
  /** Called instead of the task when the timer is stopped. */
  readonly onStop?: () => void;
}

/**
 * Runs tasks after a delay, in the order of their due times, equal ones in the
 * order of their arrival. A cancelled task stays in the list until it is due.
 */
export class SharedTimer {
  /** Latest first, so that the next one is popped from the end. */
  private readonly entries: Entry[] = [];
  private armed: { readonly handle: unknown; readonly dueMs: number } | undefined;
  private isStopped = false;

  constructor(private readonly clock: ChatClock) {}

  after(delayMs: number, task: () => void): CancelTimer {
    const entry: Entry = { dueMs: this.dueAfter(delayMs), task };
    this.add(entry);
    return () => {
      entry.task = undefined;
    };
  }

  /** Resolves after the delay, or when the timer is stopped before. */
  sleep(delayMs: number): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.add({ dueMs: this.dueAfter(delayMs), task: resolve, onStop: resolve });
    });
  }

  /** Drops every task, also later ones; those who sleep wake up. */
  stop(): void {
    this.isStopped = true;
    const dropped = this.entries.splice(0);
    this.disarm();
    for (const entry of dropped) entry.onStop?.();
  }

  private dueAfter(delayMs: number): number {
    return this.clock.elapsed() + Math.max(0, delayMs);
  }

  private add(entry: Entry): void {
    if (this.isStopped) return;
    this.entries.splice(this.placeOf(entry.dueMs), 0, entry);
    this.arm();
  }

  private placeOf(dueMs: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle] as Entry).dueMs > dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private arm(): void {
    while (this.entries.length > 0 && this.entries.at(-1)?.task === undefined) this.entries.pop();
    const next = this.entries.at(-1);
    if (next === undefined) {
      this.disarm();
      return;
    }
    if (this.armed !== undefined && this.armed.dueMs <= next.dueMs) return;
    this.disarm();
    const delayMs = Math.max(0, next.dueMs - this.clock.elapsed());
    this.armed = { handle: this.clock.setTimer(() => this.run(), delayMs), dueMs: next.dueMs };
  }

  private disarm(): void {
    if (this.armed === undefined) return;
    this.clock.clearTimer(this.armed.handle);
    this.armed = undefined;
  }

  private run(): void {
    this.armed = undefined;
    const nowMs = this.clock.elapsed();
    for (
      let next = this.entries.at(-1);
      next !== undefined && next.dueMs <= nowMs;
      next = this.entries.at(-1)
    ) {
      this.entries.pop();
      next.task?.();
    }
    this.arm();
  }
}
