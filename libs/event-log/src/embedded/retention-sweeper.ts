import type { Logger } from '@parley/telemetry';
import type { StoredTopic } from './stored-topic.js';

const IDLE_DELAY_MS = 60_000;
/** Between two steps while there is work: leaves the thread to others. */
const BUSY_DELAY_MS = 50;

/** Drops what is past retention, in the background, one bounded step at a time. */
export class RetentionSweeper {
  readonly #topics: () => readonly StoredTopic[];
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(topics: () => readonly StoredTopic[], logger: Logger) {
    this.#topics = topics;
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
      const hasMore = await Promise.all(this.#topics().map((topic) => topic.trim()));
      this.#schedule(hasMore.includes(true) ? BUSY_DELAY_MS : IDLE_DELAY_MS);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#logger.warn('retention sweep failed', { reason });
      this.#schedule(IDLE_DELAY_MS);
    }
  }
}
