// The members of one group on one topic, all in this process, and who reads which partition.
// A partition changes hands only when the former owner's handler has ended.
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { PartitionLoop, type PartitionSource } from '../consumer/partition-loop.js';
import type { SubscribeOptions } from '../event-log.js';

export interface ConsumerGroupOptions {
  /** One for each partition, by index. */
  readonly sources: readonly PartitionSource[];
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Owned {
  readonly owner: SubscribeOptions;
  readonly loop: PartitionLoop;
}

export class ConsumerGroup {
  readonly #options: ConsumerGroupOptions;
  #members: readonly SubscribeOptions[] = [];
  readonly #owned = new Map<number, Owned>();
  /** Rebalances run one after another. */
  #rebalanced: Promise<void> = Promise.resolve();

  constructor(options: ConsumerGroupOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** Resolves when the partitions are divided anew. */
  join(member: SubscribeOptions): Promise<void> {
    this.#members = [...this.#members, member];
    return this.#rebalance();
  }

  /** Resolves when the member's handlers have ended and others have its partitions. Idempotent. */
  leave(member: SubscribeOptions): Promise<void> {
    this.#members = this.#members.filter((it) => it !== member);
    return this.#rebalance();
  }

  #rebalance(): Promise<void> {
    this.#rebalanced = this.#rebalanced.then(async () => {
      await Promise.all(this.#options.sources.map((source) => this.#assign(source)));
    });
    return this.#rebalanced;
  }

  async #assign(source: PartitionSource): Promise<void> {
    const owned = this.#owned.get(source.partition);
    const owner = this.#members[source.partition % this.#members.length];
    if (owned && owned.owner === owner) return;
    if (owned) {
      await owned.loop.stop();
      this.#owned.delete(source.partition);
    }
    // Members may have changed meanwhile; then the next rebalance, already waiting, puts it right.
    if (!owner) return;
    const { clock, logger } = this.#options;
    const loop = new PartitionLoop({ source, subscription: owner, clock, logger });
    this.#owned.set(source.partition, { owner, loop });
    loop.start();
  }
}
