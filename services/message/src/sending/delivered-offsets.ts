// Which offsets this process delivered itself: a bit each, for a while.

/** Offsets of one block; also of one set in coordination, below the sets' bound of 10,000 members. */
export const OFFSETS_PER_BLOCK = 4_096n;
/** Blocks kept, the oldest go first: 2 MiB, some four million records of a busy process. */
const BLOCKS_MAX = 4_096;

export class DeliveredOffsets {
  readonly #blocks = new Map<string, Uint8Array>();

  add(partition: number, offset: bigint): void {
    const key = blockKey(partition, offset);
    let bits = this.#blocks.get(key);
    if (bits === undefined) {
      bits = new Uint8Array(Number(OFFSETS_PER_BLOCK) / 8);
      this.#blocks.set(key, bits);
      this.#dropOldest();
    }
    const index = Number(offset % OFFSETS_PER_BLOCK);
    bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }

  has(partition: number, offset: bigint): boolean {
    const bits = this.#blocks.get(blockKey(partition, offset));
    const index = Number(offset % OFFSETS_PER_BLOCK);
    return bits !== undefined && ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  #dropOldest(): void {
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= BLOCKS_MAX) return;
      this.#blocks.delete(oldest);
    }
  }
}

/** Names the block of an offset. */
export const blockKey = (partition: number, offset: bigint): string =>
  `${partition}:${offset / OFFSETS_PER_BLOCK}`;
