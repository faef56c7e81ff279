// Frames in memory, and where each lane's records are in them.
import type { LogRecord } from '../event-log.js';
import { FRAME_HEADER_BYTES, visitFrames } from './frame.js';
import { offsetAt, readRecord, valueBytesAt, visitRecords } from './journal-record.js';

export interface RecordQuery {
  readonly lane: number;
  readonly partition: number;
  /** First offset wanted. */
  readonly from: number;
  /** Offset after the last durable record: nothing at or behind it is given out. */
  readonly end: number;
  readonly recordsMax: number;
  /** Bytes of all values, unless there is only one. */
  readonly bytesMax: number;
}

/** The answer to a query while it is put together, in the order of offsets. */
export class Collected {
  readonly query: RecordQuery;
  readonly records: LogRecord[] = [];
  #bytes = 0;
  #isFull = false;

  constructor(query: RecordQuery) {
    this.query = query;
    this.#isFull = query.from >= query.end;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** First offset that is still wanted. */
  get next(): number {
    const last = this.records.at(-1);
    return last ? Number(last.offset) + 1 : this.query.from;
  }

  /** Takes the record that begins there, unless the answer is full. */
  take(bytes: Buffer, at: number): void {
    if (!this.#admit(offsetAt(bytes, at), valueBytesAt(bytes, at))) return;
    this.records.push(readRecord(bytes, at, this.query.partition));
  }

  #admit(offset: number, valueBytes: number): boolean {
    const { end, recordsMax, bytesMax } = this.query;
    const count = this.records.length;
    const isTooMuch = count >= recordsMax || (count > 0 && this.#bytes + valueBytes > bytesMax);
    if (this.#isFull || offset >= end || isTooMuch) {
      this.#isFull = true;
      return false;
    }
    this.#bytes += valueBytes;
    this.#isFull = count + 1 >= recordsMax || offset + 1 >= end;
    return true;
  }
}

export class RecordBlock {
  readonly bytes: Buffer;
  /** By lane: where its records begin, in the order of offsets. */
  readonly #positions: (number[] | undefined)[] = [];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Frames read from a file. `frameBytes` of `bytes` are sound. */
  static ofFrames(bytes: Buffer, salt: number): { readonly block: RecordBlock; readonly frameBytes: number } {
    const block = new RecordBlock(bytes);
    const frameBytes = visitFrames(bytes, salt, (frame, frameAt) => {
      const range = { from: frameAt + FRAME_HEADER_BYTES, to: frameAt + frame.length };
      visitRecords(bytes, range, (lane, _, at) => block.note(lane, at));
    });
    return { block, frameBytes };
  }

  /** A record begins there; records of a lane are noted in their order. */
  note(lane: number, at: number): void {
    const positions = this.#positions[lane];
    if (positions) positions.push(at);
    else this.#positions[lane] = [at];
  }

  /** The lane's records between two places do not count any more. */
  forget(lane: number, range: { readonly from: number; readonly to: number }): void {
    const kept = this.#positions[lane]?.filter((at) => at < range.from || at >= range.to);
    this.#positions[lane] = kept;
  }

  /** Adds the wanted records that are here. */
  collect(collected: Collected): void {
    const positions = this.#positions[collected.query.lane];
    if (!positions) return;
    for (let i = this.#firstFrom(positions, collected.next); i < positions.length; i++) {
      if (collected.isFull) return;
      collected.take(this.bytes, positions[i] as number);
    }
  }

  #firstFrom(positions: readonly number[], offset: number): number {
    let low = 0;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsetAt(this.bytes, positions[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
