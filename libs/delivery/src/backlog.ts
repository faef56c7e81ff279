// How much waits, and whether one more may.
import { ChatError, ErrorCode } from '@parley/kernel';
import {
  PUSH_BYTES_MAX,
  PUSH_BYTES_WAITING_MAX,
  PUSHES_WAITING_MAX,
  RECEIVERS_PER_PUSH_MAX,
  RECEIVERS_WAITING_MAX,
} from './limits.js';

const RETRY_AFTER_MS = 100;

export class Backlog {
  #pushes = 0;
  #bytes = 0;
  #receivers = 0;

  get pushes(): number {
    return this.#pushes;
  }

  /** Takes the push in; otherwise says why not. */
  enter(bytes: number, receivers: number): ChatError | undefined {
    if (bytes > PUSH_BYTES_MAX || receivers > RECEIVERS_PER_PUSH_MAX) {
      return new ChatError(
        ErrorCode.INTERNAL,
        `a push has at most ${PUSH_BYTES_MAX} bytes and ${RECEIVERS_PER_PUSH_MAX} receivers`,
      );
    }
    if (
      this.#pushes >= PUSHES_WAITING_MAX ||
      this.#bytes + bytes > PUSH_BYTES_WAITING_MAX ||
      this.#receivers + receivers > RECEIVERS_WAITING_MAX
    ) {
      return new ChatError(ErrorCode.OVERLOADED, 'too many pushes wait; retry later', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#pushes += 1;
    this.#bytes += bytes;
    this.#receivers += receivers;
    return undefined;
  }

  leave(bytes: number, receivers: number): void {
    this.#pushes -= 1;
    this.#bytes -= bytes;
    this.#receivers -= receivers;
  }
}
