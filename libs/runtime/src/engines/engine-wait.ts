// Before anything is opened for good: the engines of other machines are asked until they answer. A process that starts
// before them says which one it waits for, instead of failing somewhere in a service.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { EngineProbe } from './engine-probes.js';

export interface EngineWaitOptions {
  readonly probes: readonly EngineProbe[];
  readonly log: Logger;
  /** Of all engines together, ms; default 60,000. */
  readonly deadlineMs?: number;
  /** Between two questions to one engine, ms; default 1,000. */
  readonly pauseMs?: number;
}

const DEADLINE_MS = 60_000;
const PAUSE_MS = 1_000;
/** One question. */
const QUESTION_MS = 5_000;
/** How often an engine that is still awaited is named in the log. */
const REPEAT_MS = 10_000;

export class EngineWait {
  readonly #awaited = new Map<EngineProbe, string>();
  readonly #options: EngineWaitOptions;
  readonly #giveUp = new AbortController();

  constructor(options: EngineWaitOptions) {
    this.#options = options;
    for (const probe of options.probes) this.#awaited.set(probe, `${probe.engine} at ${probe.address}`);
  }

  /** Whom it waits for; undefined when all have answered. */
  get awaited(): string | undefined {
    return this.#awaited.size === 0 ? undefined : [...this.#awaited.values()].join(', ');
  }

  /** @throws ChatError, one line with the remedy, of the first engine that refuses or is not there in time. */
  async untilAllAnswer(): Promise<void> {
    try {
      await Promise.all(this.#options.probes.map((probe) => this.#untilAnswer(probe)));
    } finally {
      this.stop();
    }
  }

  /** Ends the waiting; what it waits for stands. */
  stop(): void {
    this.#giveUp.abort();
  }

  async #untilAnswer(probe: EngineProbe): Promise<void> {
    const { log, deadlineMs = DEADLINE_MS, pauseMs = PAUSE_MS } = this.#options;
    const endMs = performance.now() + deadlineMs;
    const fields = { engine: probe.engine, address: probe.address };
    for (let saidAtMs = -REPEAT_MS; ; ) {
      try {
        const { problems } = await probe.ask(QUESTION_MS);
        for (const problem of problems) log.warn('engine.misfit', { ...fields, problem });
        this.#awaited.delete(probe);
        return;
      } catch (thrown) {
        const error = ChatError.from(thrown);
        const nowMs = performance.now();
        const isOver = nowMs + pauseMs >= endMs || this.#giveUp.signal.aborted;
        if (error.code !== ErrorCode.UNAVAILABLE || isOver) throw error;
        if (nowMs - saidAtMs >= REPEAT_MS) {
          saidAtMs = nowMs;
          log.warn('engine.awaited', { ...fields, reason: error.info });
        }
      }
      await this.#pause(pauseMs);
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#giveUp;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
  }
}
