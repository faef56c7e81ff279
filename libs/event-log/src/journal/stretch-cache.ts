// Pieces of older segments in memory. Consumers that are behind read the same pieces at about the same time, each for
// its own partition.
import type { RecordBlock } from './record-block.js';

interface Cached {
  readonly block: Promise<RecordBlock>;
  readonly bytes: number;
}

export class StretchCache {
  readonly #bytesMax: number;
  /** The longest unused first. */
  readonly #cached = new Map<string, Cached>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** What is cached under the key, or what `read` brings; who asks meanwhile waits for the same. */
  get(key: string, bytes: number, read: () => Promise<RecordBlock>): Promise<RecordBlock> {
    const cached = this.#cached.get(key);
    if (cached) {
      this.#cached.delete(key);
      this.#cached.set(key, cached);
      return cached.block;
    }
    const block = read();
    this.#cached.set(key, { block, bytes });
    this.#bytes += bytes;
    block.catch(() => this.#remove(key));
    for (const oldest of this.#cached.keys()) {
      if (this.#bytes <= this.#bytesMax || oldest === key) break;
      this.#remove(oldest);
    }
    return block;
  }

  #remove(key: string): void {
    this.#bytes -= this.#cached.get(key)?.bytes ?? 0;
    this.#cached.delete(key);
  }
}
