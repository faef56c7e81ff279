import type { Clock } from '@parley/kernel';
import type { ExpiryIndex } from './expiry-index.js';

const IDLE_DELAY_MS = 5_000;
/** Between two steps while there is work: leaves the thread to others. */
const BUSY_DELAY_MS = 20;

/** Removes expired rows in the background, one bounded step at a time. */
export class ExpirySweeper {
  readonly #index: ExpiryIndex;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(index: ExpiryIndex, clock: Clock) {
    this.#index = index;
    this.#clock = clock;
  }

  start(): void {
    this.#schedule(IDLE_DELAY_MS);
  }

  /** Resolves when the running step has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#step();
    }, delayMs);
    this.#timer.unref();
  }

  async #step(): Promise<void> {
    try {
      const hasMore = await this.#index.sweep(this.#clock.now());
      this.#schedule(hasMore ? BUSY_DELAY_MS : IDLE_DELAY_MS);
    } catch {
      // The disk is full or away: the writers are told so; expired rows stay invisible and are swept later.
      this.#schedule(IDLE_DELAY_MS);
    }
  }
}
