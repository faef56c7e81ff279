// Heads in the history writer's memory. It may keep them because it is the only writer of its
// partitions; whenever that may have been otherwise, they are forgotten.
import type { ConversationHead } from '../domain/conversation-head.js';

interface PartitionHeads {
  /** Offset that the next batch starts at when nobody else wrote meanwhile. */
  nextOffset: bigint;
  /** Oldest use first. */
  readonly heads: Map<string, ConversationHead>;
}

export class HeadCache {
  readonly #partitions = new Map<number, PartitionHeads>();
  readonly #headsPerPartition: number;

  constructor(options: { readonly headsMax: number; readonly partitions: number }) {
    this.#headsPerPartition = Math.max(1, Math.floor(options.headsMax / options.partitions));
  }

  /** The heads known when a batch begins at `offset`; none after a break in the offsets. */
  open(partition: number, offset: bigint): ReadonlyMap<string, ConversationHead> {
    const known = this.#partitions.get(partition);
    if (known?.nextOffset === offset) return known.heads;
    const fresh = { nextOffset: offset, heads: new Map<string, ConversationHead>() };
    this.#partitions.set(partition, fresh);
    return fresh.heads;
  }

  /** The batch is durable: its heads are the newest. */
  commit(partition: number, nextOffset: bigint, changed: ReadonlyMap<string, ConversationHead>): void {
    const known = this.#partitions.get(partition);
    if (known === undefined) return;
    known.nextOffset = nextOffset;
    for (const [key, head] of changed) {
      known.heads.delete(key);
      known.heads.set(key, head);
    }
    for (const oldest of known.heads.keys()) {
      if (known.heads.size <= this.#headsPerPartition) break;
      known.heads.delete(oldest);
    }
  }

  /** The batch failed: what the tables hold is not known. */
  forget(partition: number): void {
    this.#partitions.delete(partition);
  }
}
