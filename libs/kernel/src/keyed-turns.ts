// One after the other for each key, whatever the key names.
import type { ChatError } from './chat-error.js';

export interface KeyedTurnsOptions {
  /** Of one key at once, the running one included. */
  readonly waitingMax: number;
  /** Said to who comes when as many wait. */
  readonly overloaded: () => ChatError;
  /** What has waited longer is not begun. Default: everything is begun. */
  readonly patience?: {
    readonly ms: number;
    /** A clock that does not jump. */
    readonly nowMs: () => number;
    readonly tooLate: () => ChatError;
  };
}

interface Turns {
  count: number;
  tail: Promise<unknown>;
}

/** Holds nothing for keys that nobody waits for. */
export class KeyedTurns {
  readonly #turns = new Map<string, Turns>();

  constructor(private readonly options: KeyedTurnsOptions) {}

  /** Runs `work` after what was given for the key before, whatever became of that. Rejects with what `options` say. */
  async run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const { waitingMax, overloaded, patience } = this.options;
    const turns = this.#turns.get(key) ?? { count: 0, tail: Promise.resolve() };
    if (turns.count >= waitingMax) throw overloaded();
    this.#turns.set(key, turns);
    turns.count += 1;
    const sinceMs = patience?.nowMs() ?? 0;
    const result = turns.tail.then(() => {
      if (patience !== undefined && patience.nowMs() > sinceMs + patience.ms) throw patience.tooLate();
      return work();
    });
    // Whoever waits behind it does not care how it ended.
    turns.tail = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      turns.count -= 1;
      if (turns.count === 0) this.#turns.delete(key);
    }
  }
}
