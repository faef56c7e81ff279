// One after the other: whatever this process agrees on with the replicas of one partition. Rounds of one
// partition at once only make one another begin anew, and the order of the calls would be lost.
import { ChatError, ErrorCode } from '@parley/kernel';
import { unavailable } from './cassandra-error.js';

interface Turns {
  waiting: number;
  tail: Promise<unknown>;
}

export class PartitionTurns {
  readonly #turns = new Map<string, Turns>();
  readonly #waitingMax: number;
  readonly #waitMsMax: number;
  readonly #nowMs: () => number;

  constructor(waitingMax: number, waitMsMax: number, nowMs: () => number = () => performance.now()) {
    this.#waitingMax = waitingMax;
    this.#waitMsMax = waitMsMax;
    this.#nowMs = nowMs;
  }

  /**
   * Runs `work`, which is told when it was asked for, after everything that was given for the partition before. @throws ChatError OVERLOADED; UNAVAILABLE,
   * without having begun, when that takes too long: rounds with silent replicas are slow, one after another.
   */
  async take<T>(partition: string, work: (sinceMs: number) => Promise<T>): Promise<T> {
    const turns = this.#turns.get(partition) ?? { waiting: 0, tail: Promise.resolve() };
    if (turns.waiting >= this.#waitingMax) {
      throw new ChatError(ErrorCode.OVERLOADED, 'too many writes of one partition wait for one another');
    }
    this.#turns.set(partition, turns);
    turns.waiting += 1;
    const sinceMs = this.#nowMs();
    const result = turns.tail.then(() => {
      if (this.#nowMs() > sinceMs + this.#waitMsMax) {
        throw unavailable('the writes before this one take too long');
      }
      return work(sinceMs);
    });
    // Whoever waits behind it does not care how it ended.
    turns.tail = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      turns.waiting -= 1;
      if (turns.waiting === 0) this.#turns.delete(partition);
    }
  }
}
