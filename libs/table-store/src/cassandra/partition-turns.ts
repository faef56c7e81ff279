// One after the other: whatever this process agrees on with the replicas of one partition. Rounds of one
// partition at once only make one another begin anew, and the order of the calls would be lost.
import { ChatError, ErrorCode } from '@parley/kernel';

interface Turns {
  waiting: number;
  tail: Promise<unknown>;
}

export class PartitionTurns {
  readonly #turns = new Map<string, Turns>();
  readonly #waitingMax: number;

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  /** Runs `work` after everything that was given for the partition before. @throws ChatError OVERLOADED. */
  async take<T>(partition: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(partition) ?? { waiting: 0, tail: Promise.resolve() };
    if (turns.waiting >= this.#waitingMax) {
      throw new ChatError(ErrorCode.OVERLOADED, 'too many writes of one partition wait for one another');
    }
    this.#turns.set(partition, turns);
    turns.waiting += 1;
    const result = turns.tail.then(work);
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
