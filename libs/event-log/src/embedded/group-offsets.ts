// How far each group of one topic has come. Kept in memory and written along with whatever is committed
// next: after a crash a group sees some records again, which at-least-once allows.
import type { ByteSpace } from '@parley/embedded-db';
import type { Topic } from '../event-log.js';
import { decodeGroupOffsetKey, decodeOffset, encodeOffset, groupOffsetKey, topicRange } from './row-codec.js';

/** Offsets of one topic, all groups and partitions: 1,000 groups of 1,000 partitions. */
const OFFSETS_MAX = 1_000_000;

export class GroupOffsets {
  readonly #space: ByteSpace;
  readonly #topic: Topic;
  readonly #groups = new Map<string, number[]>();

  constructor(space: ByteSpace, topic: Topic) {
    this.#space = space;
    this.#topic = topic;
    for (const { key, value } of space.range({ ...topicRange(topic.name), limit: OFFSETS_MAX })) {
      const { group, partition } = decodeGroupOffsetKey(topic.name, key);
      this.#offsetsOf(group)[partition] = decodeOffset(value);
    }
  }

  /** By partition; zeros for a group that nobody knows. */
  committed(group: string): readonly number[] {
    return this.#groups.get(group) ?? this.#zeros();
  }

  commit(group: string, partition: number, next: number): void {
    const offsets = this.#offsetsOf(group);
    if (next <= (offsets[partition] ?? 0)) return;
    offsets[partition] = next;
    this.#space.putLater(groupOffsetKey(this.#topic.name, group, partition), encodeOffset(next));
  }

  /** Makes the group known, durably, and with it what it has committed so far. */
  async save(group: string): Promise<void> {
    const writes = this.#offsetsOf(group).map((offset, partition) =>
      this.#space.put(groupOffsetKey(this.#topic.name, group, partition), encodeOffset(offset)),
    );
    await Promise.all(writes);
  }

  /** The offset that every known group has passed; undefined: no group is known. */
  lowest(partition: number): number | undefined {
    let lowest: number | undefined;
    for (const offsets of this.#groups.values()) {
      lowest = Math.min(lowest ?? Number.POSITIVE_INFINITY, offsets[partition] ?? 0);
    }
    return lowest;
  }

  #zeros(): number[] {
    return new Array<number>(this.#topic.partitions).fill(0);
  }

  #offsetsOf(group: string): number[] {
    let offsets = this.#groups.get(group);
    if (!offsets) {
      offsets = this.#zeros();
      this.#groups.set(group, offsets);
    }
    return offsets;
  }
}
