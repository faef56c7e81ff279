import type { Logger } from '@parley/telemetry';

const IDLE_DELAY_MS = 60_000;
/** Between two steps while there is work: leaves the thread and the disk to others. */
const BUSY_DELAY_MS = 50;

/** Drops what is past retention, in the background, one bounded step at a time. */
export class RetentionSweeper {
  /** Drops some; answers whether there may be more. */
  readonly #dropSome: () => Promise<boolean>;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(dropSome: () => Promise<boolean>, logger: Logger) {
    this.#dropSome = dropSome;
    this.#logger = logger;
  }

  start(): void {
    if (!this.#timer) this.#schedule(IDLE_DELAY_MS);
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
      this.#schedule((await this.#dropSome()) ? BUSY_DELAY_MS : IDLE_DELAY_MS);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#logger.warn('retention sweep failed', { reason });
      this.#schedule(IDLE_DELAY_MS);
    }
  }
}
