// Sends of one sender in one conversation keep their order (P4) although some of them must wait
// for an account, a seed or the log before they are numbered.
import { ChatError, ErrorCode } from '@parley/kernel';

/** Sends of one sender that wait in one conversation. */
const WAITING_PER_KEY_MAX = 256;

type Waiting = (() => void)[];

/**
 * First come, first served, one at a time per key. Costs one map entry while nobody waits.
 *
 *   absent ──enter──▶ taken ──enter──▶ taken, one waiting ──leave──▶ taken ──leave──▶ absent
 */
export class SendGate {
  readonly #taken = new Map<string, Waiting | undefined>();

  /**
   * Undefined: go on at once. A promise: go on when it resolves. Either way, leave() once.
   * @throws ChatError OVERLOADED when too many wait; then there is nothing to leave.
   */
  enter(key: string): Promise<void> | undefined {
    if (!this.#taken.has(key)) {
      this.#taken.set(key, undefined);
      return undefined;
    }
    const waiting = this.#taken.get(key) ?? [];
    if (waiting.length >= WAITING_PER_KEY_MAX) {
      throw new ChatError(ErrorCode.OVERLOADED, 'too many messages wait in this conversation; retry later', {
        retryAfterMs: 1_000,
      });
    }
    this.#taken.set(key, waiting);
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  }

  leave(key: string): void {
    const next = this.#taken.get(key)?.shift();
    if (next === undefined) this.#taken.delete(key);
    else next();
  }

  /** Keys that are taken now. */
  get size(): number {
    return this.#taken.size;
  }
}
