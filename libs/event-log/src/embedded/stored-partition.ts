// One partition: a lane of the journal, as producers and consumers see it.
import type { FetchLimits } from '../consumer/partition-loop.js';
import type { LogRecord } from '../event-log.js';
import type { Appended } from '../journal/append-queue.js';
import type { Journal } from '../journal/journal.js';
import type { Lane } from '../journal/lane.js';

export class StoredPartition {
  readonly partition: number;
  readonly #journal: Journal;
  readonly #lane: Lane;

  constructor(journal: Journal, lane: Lane, partition: number) {
    this.#journal = journal;
    this.#lane = lane;
    this.partition = partition;
  }

  /** Offset of the first record that retention has left. */
  get start(): number {
    return this.#journal.firstOffset(this.#lane);
  }

  /** Offset after the last durable record. */
  get end(): number {
    return this.#lane.end;
  }

  append(key: string, value: Uint8Array, appendedAtMs: number): Appended {
    return this.#journal.append({ lane: this.#lane, key, value, appendedAtMs });
  }

  /** Calls back whenever records became durable, until the returned function is called. */
  onMore(listener: () => void): () => void {
    const { listeners } = this.#lane;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  fetch(from: number, { recordsMax, bytesMax }: FetchLimits): LogRecord[] | Promise<LogRecord[]> {
    const { partition } = this;
    const { index: lane, end } = this.#lane;
    return this.#journal.read({ lane, partition, from, end, recordsMax, bytesMax });
  }
}
