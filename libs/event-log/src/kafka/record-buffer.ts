// Records of one partition between the driver, which fetches ahead, and the loop that hands them over.
import type { FetchLimits, PartitionSource } from '../consumer/partition-loop.js';
import type { LogRecord } from '../event-log.js';
import { BUFFER_BYTES_MAX, BUFFER_RECORDS_MAX } from './kafka-limits.js';

/** Fetched again when so much of a full buffer is gone: taking a partition up again takes a while. */
const RESUME_PART = 3 / 4;

export interface RecordBufferOptions {
  readonly partition: number;
  /** The driver shall fetch this partition no more, or again. */
  readonly setPaused: (isPaused: boolean) => void;
  readonly onCommit: (next: bigint) => void;
  readonly bury: PartitionSource['bury'];
}

export class RecordBuffer implements PartitionSource {
  readonly partition: number;
  readonly #options: RecordBufferOptions;
  #records: LogRecord[] = [];
  #bytes = 0;
  #next = 0n;
  #isPaused = false;
  #isRevoked = false;
  #listener: (() => void) | undefined;
  /** The broker's offset after the last record, as last heard. */
  #end = 0n;
  #finished: bigint | undefined;

  constructor(options: RecordBufferOptions) {
    this.#options = options;
    this.partition = options.partition;
  }

  /** Fetched records, in order; those that are here already are dropped. */
  take(records: readonly LogRecord[], end: bigint): void {
    if (this.#isRevoked) return;
    this.heardOfEnd(end);
    for (const record of records) {
      if (record.offset < this.#next) continue;
      this.#next = record.offset + 1n;
      this.#records.push(record);
      this.#bytes += record.value.length;
    }
    if (this.#records.length > BUFFER_RECORDS_MAX || this.#bytes > BUFFER_BYTES_MAX) this.#setPaused(true);
    this.#listener?.();
  }

  heardOfEnd(end: bigint): void {
    if (end > this.#end) this.#end = end;
  }

  /** Somebody else has the partition, or nobody: what a handler still finishes is not committed. */
  revoke(): void {
    this.#isRevoked = true;
    this.#records = [];
    this.#bytes = 0;
  }

  /** The first offset that was not fetched yet; undefined before the first fetch. */
  get next(): bigint | undefined {
    return this.#next === 0n ? undefined : this.#next;
  }

  /** Where the group stands; undefined until this member has finished something. */
  get finished(): bigint | undefined {
    return this.#finished;
  }

  /** Where to go on when nobody else had the partition meanwhile; undefined: where the group stands. */
  get standing(): bigint | undefined {
    return this.#finished ?? this.#records[0]?.offset ?? this.next;
  }

  /** Records that are not finished, as far as this member knows. */
  get lag(): number {
    const from = this.#finished ?? this.#records[0]?.offset;
    return from === undefined || from > this.#end ? 0 : Number(this.#end - from);
  }

  fetch(from: bigint, { recordsMax, bytesMax }: FetchLimits): LogRecord[] {
    let count = 0;
    let bytes = 0;
    for (const { value } of this.#records) {
      if (count >= recordsMax || (count > 0 && bytes + value.length > bytesMax)) break;
      bytes += value.length;
      count++;
    }
    const records = this.#records.splice(0, count);
    this.#bytes -= bytes;
    this.#finished ??= records[0]?.offset;
    if (this.#isPaused && this.#isDrained()) this.#setPaused(false);
    return records[0] && records[0].offset < from ? records.filter((it) => it.offset >= from) : records;
  }

  onMore(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }

  /** The driver begins where the group stands: whatever it fetches first is right. */
  position(): bigint {
    return 0n;
  }

  commit(next: bigint): void {
    if (this.#isRevoked) return;
    this.#finished = next;
    this.#options.onCommit(next);
  }

  bury(record: LogRecord, reason: string): Promise<void> {
    return this.#options.bury(record, reason);
  }

  #isDrained(): boolean {
    return (
      this.#records.length <= BUFFER_RECORDS_MAX * RESUME_PART &&
      this.#bytes <= BUFFER_BYTES_MAX * RESUME_PART
    );
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused || this.#isRevoked) return;
    this.#isPaused = isPaused;
    this.#options.setPaused(isPaused);
  }
}
