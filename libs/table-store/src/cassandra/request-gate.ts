// Bounds the requests on their way. Who comes first goes first.
import { ChatError, ErrorCode } from '@parley/kernel';

export class RequestGate {
  readonly #inFlightMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #head = 0;
  #inFlight = 0;

  constructor(inFlightMax: number, waitingMax: number) {
    this.#inFlightMax = inFlightMax;
    this.#waitingMax = waitingMax;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** Undefined: come in. Resolves when it is the caller's turn. @throws ChatError OVERLOADED. */
  enter(): Promise<void> | undefined {
    if (this.#inFlight < this.#inFlightMax) {
      this.#inFlight += 1;
      return undefined;
    }
    if (this.waiting >= this.#waitingMax) {
      throw new ChatError(ErrorCode.OVERLOADED, `more than ${this.#waitingMax} requests to the tables wait`);
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  leave(): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#inFlight -= 1;
      return;
    }
    this.#head += 1;
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    }
    next();
  }
}
