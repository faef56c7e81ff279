// One after the other for each key: changes of one group do not contend within a process.
import { ChatError, ErrorCode } from '@parley/kernel';

export class TurnQueue {
  readonly #waiting = new Map<string, { last: Promise<unknown>; count: number }>();

  /** At most `waitingMax` of a key at once, the running one included. */
  constructor(private readonly waitingMax: number) {}

  /** Runs `task` after those before it, whatever became of them. @throws ChatError OVERLOADED when too many wait. */
  run<R>(key: string, task: () => Promise<R>): Promise<R> {
    const before = this.#waiting.get(key) ?? { last: Promise.resolve<unknown>(undefined), count: 0 };
    if (before.count >= this.waitingMax) {
      return Promise.reject(
        new ChatError(ErrorCode.OVERLOADED, 'too many changes of this group at once; retry', {
          retryAfterMs: 200,
        }),
      );
    }
    const result = before.last.then(task);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    before.last = ended;
    before.count += 1;
    this.#waiting.set(key, before);
    ended.then(() => this.#leave(key));
    return result;
  }

  #leave(key: string): void {
    const entry = this.#waiting.get(key);
    if (entry === undefined) return;
    entry.count -= 1;
    if (entry.count === 0) this.#waiting.delete(key);
  }
}
