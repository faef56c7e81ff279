// One after the other: whatever this process agrees on with the replicas of one partition. Rounds of one
// partition at once only make one another begin anew, and the order of the calls would be lost.
import { ChatError, ErrorCode, KeyedTurns } from '@parley/kernel';
import { unavailable } from './cassandra-error.js';

export class PartitionTurns {
  readonly #turns: KeyedTurns;
  readonly #nowMs: () => number;

  constructor(waitingMax: number, waitMsMax: number, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#turns = new KeyedTurns({
      waitingMax,
      overloaded: () =>
        new ChatError(ErrorCode.OVERLOADED, 'too many writes of one partition wait for one another'),
      patience: {
        ms: waitMsMax,
        nowMs,
        tooLate: () => unavailable('the writes before this one take too long'),
      },
    });
  }

  /**
   * Runs `work`, which is told when it was asked for, after everything that was given for the partition before. @throws ChatError OVERLOADED; UNAVAILABLE,
   * without having begun, when that takes too long: rounds with silent replicas are slow, one after another.
   */
  take<T>(partition: string, work: (sinceMs: number) => Promise<T>): Promise<T> {
    const sinceMs = this.#nowMs();
    return this.#turns.run(partition, () => work(sinceMs));
  }
}
