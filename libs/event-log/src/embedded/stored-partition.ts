// One partition: where its next record goes, how far it is durable, and its newest records in memory.
import type { ByteSpace } from '@parley/embedded-db';
import type { FetchLimits } from '../consumer/partition-loop.js';
import type { LogRecord } from '../event-log.js';
import { appendedAtOf, decodeRecord, offsetOfKey, recordKey } from './record-codec.js';

/** Newest records of a partition that consumers get without a read. */
const TAIL_RECORDS_MAX = 512;
const TAIL_BYTES_MAX = 512 * 1024;
/** Records that one trim step looks at. */
const TRIM_STEP_MAX = 500;
const TRIM_STEP_BYTES_MAX = 1024 * 1024;

export class StoredPartition {
  readonly partition: number;
  readonly #space: ByteSpace;
  #next: number;
  #end: number;
  readonly #listeners = new Set<() => void>();
  /** Complete from its first record to the end; empty while nobody listens. */
  #tail: LogRecord[] = [];
  #tailBytes = 0;

  constructor(space: ByteSpace, partition: number) {
    this.#space = space;
    this.partition = partition;
    const [last] = space.range({ ...this.#range(), isReverse: true, limit: 1 });
    this.#end = last ? offsetOfKey(last.key) + 1 : 0;
    this.#next = this.#end;
  }

  /** Offset after the last durable record. */
  get end(): number {
    return this.#end;
  }

  /** The offset of the next append. One whose append fails stays unused until a restart. */
  takeOffset(): number {
    return this.#next++;
  }

  /** The record at `offset` is durable. Called in order of offsets. */
  advance(offset: number, bytes: Buffer): void {
    this.#end = offset + 1;
    if (this.#listeners.size === 0) return;
    const record = decodeRecord(this.partition, offset, bytes);
    this.#tail.push(record);
    this.#tailBytes += record.value.length;
    const isFull = this.#tail.length > TAIL_RECORDS_MAX || this.#tailBytes > TAIL_BYTES_MAX;
    if (isFull) this.#dropTail(Math.ceil(this.#tail.length / 2));
    for (const listener of this.#listeners) listener();
  }

  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#dropTail(this.#tail.length);
    };
  }

  fetch(from: number, { recordsMax, bytesMax }: FetchLimits): LogRecord[] {
    if (from >= this.#end) return [];
    const tail = this.#fromTail(from, recordsMax, bytesMax);
    if (tail) return tail;
    return this.#space
      .range({ ...this.#range(from), limit: recordsMax, bytesMax })
      .map(({ key, value }) => decodeRecord(this.partition, offsetOfKey(key), value));
  }

  /**
   * Removes some records older than `beforeMs` and below `offset`, from the first on. The last
   * record always stays: it tells where to go on after a restart. Answers whether there may be more.
   */
  async trim(offset: number, beforeMs: number): Promise<boolean> {
    const end = recordKey(this.partition, Math.min(offset, this.#end - 1));
    const entries = this.#space.range({
      start: recordKey(this.partition, 0),
      end,
      limit: TRIM_STEP_MAX,
      bytesMax: TRIM_STEP_BYTES_MAX,
    });
    const firstYoung = entries.findIndex(({ value }) => appendedAtOf(value) >= beforeMs);
    const old = firstYoung < 0 ? entries : entries.slice(0, firstYoung);
    await Promise.all(old.map(({ key }) => this.#space.remove(key)));
    return firstYoung < 0 && entries.length > 0;
  }

  #range(from = 0): { start: Buffer; end: Buffer } {
    const isLast = this.partition === 0xffff;
    return {
      start: recordKey(this.partition, from),
      end: isLast ? Buffer.alloc(9, 0xff) : recordKey(this.partition + 1, 0),
    };
  }

  #fromTail(from: number, recordsMax: number, bytesMax: number): LogRecord[] | undefined {
    const first = this.#tail[0];
    if (!first || from < Number(first.offset)) return undefined;
    let at = Math.min(from - Number(first.offset), this.#tail.length);
    // Offsets may have gaps, so the guess may be too far to the right.
    while (at > 0 && Number(this.#tail[at - 1]?.offset) >= from) at--;
    let bytes = 0;
    let stop = at;
    while (stop < this.#tail.length && stop - at < recordsMax && bytes < bytesMax) {
      bytes += this.#tail[stop++]?.value.length ?? 0;
    }
    return this.#tail.slice(at, stop);
  }

  #dropTail(count: number): void {
    for (const record of this.#tail.splice(0, count)) this.#tailBytes -= record.value.length;
  }
}
