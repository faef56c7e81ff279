// Bounds in time for work that has none of its own, on one shared wheel.
import { ChatError, ErrorCode } from '@parley/kernel';
import { TimerWheel, WheelEntry } from '@parley/rpc';

export class Deadlines {
  readonly #wheel = new TimerWheel();

  /** The work's outcome, or UNAVAILABLE with `info` when it has none after `limitMs`; the work goes on. */
  within<T>(work: Promise<T>, limitMs: number, info: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const limit = new Limit(() => reject(new ChatError(ErrorCode.UNAVAILABLE, info)));
      this.#wheel.arm(limit, limitMs);
      work.then(
        (value) => {
          this.#wheel.disarm(limit);
          resolve(value);
        },
        (error: unknown) => {
          this.#wheel.disarm(limit);
          reject(error);
        },
      );
    });
  }
}

class Limit extends WheelEntry {
  constructor(override readonly expire: () => void) {
    super();
  }
}
