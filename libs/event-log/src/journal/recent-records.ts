// The newest records, in the memory into which they were appended: what waits for the disk, and the last of what is
// durable. Consumers that keep up read here and nowhere else.
import { CHUNK_BYTES, RECENT_BYTES_MAX } from '../limits.js';
import { type Collected, RecordBlock } from './record-block.js';
import { lastBefore, type Place } from './starts.js';

/** A piece of memory that is filled from its beginning. Its bytes never change again: consumers may keep views of it. */
export class Chunk implements Place {
  readonly starts: Float64Array;
  // Not from a pool, and not zeroed.
  readonly block = new RecordBlock(Buffer.allocUnsafeSlow(CHUNK_BYTES));
  used = 0;
  /** Frames in it that are not settled. */
  waitingFrames = 0;

  constructor(starts: Float64Array) {
    this.starts = starts;
  }

  get room(): number {
    return CHUNK_BYTES - this.used;
  }
}

export class RecentRecords {
  readonly #bytesMax: number;
  /** Without a gap, up to the newest record. */
  readonly #chunks: Chunk[] = [];

  constructor(bytesMax: number = RECENT_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get newest(): Chunk | undefined {
    return this.#chunks.at(-1);
  }

  /** A new chunk, for records behind `starts`. */
  begin(starts: Float64Array): Chunk {
    const chunk = new Chunk(starts);
    this.#chunks.push(chunk);
    this.trim();
    return chunk;
  }

  /** Lets go of the oldest chunks beyond the bound; never of one that waits for the disk, never of the newest. */
  trim(): void {
    let durableBytes = 0;
    for (const chunk of this.#chunks) if (chunk.waitingFrames === 0) durableBytes += chunk.used;
    while (this.#chunks.length > 1 && durableBytes > this.#bytesMax) {
      const [oldest] = this.#chunks;
      if (!oldest || oldest.waitingFrames > 0) return;
      durableBytes -= oldest.used;
      this.#chunks.shift();
    }
  }

  /** Whether every record of the lane from `offset` on is here. */
  has(lane: number, offset: number): boolean {
    return lastBefore(this.#chunks, lane, offset) >= 0;
  }

  /** Adds the wanted records; all of them are here if {@link has} says so of the first. */
  collect(collected: Collected): void {
    const first = lastBefore(this.#chunks, collected.query.lane, collected.next);
    for (let i = Math.max(first, 0); i < this.#chunks.length && !collected.isFull; i++) {
      this.#chunks[i]?.block.collect(collected);
    }
  }
}
