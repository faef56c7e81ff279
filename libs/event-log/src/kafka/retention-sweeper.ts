// Removes what is past retention and behind every group. Kafka's own retention knows no groups: it would drop
// what one that was away has not seen. Every process sweeps; doing it twice does nothing.
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Admin } from 'kafkajs';
import { pause } from '../consumer/pause.js';
import type { Topic } from '../event-log.js';
import type { AdminConnection } from './admin-connection.js';
import { groupPrefixOf } from './group-id.js';
import { reasonOf } from './kafka-error.js';

export interface RetentionSweeperOptions {
  readonly admin: AdminConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly topics: () => readonly Topic[];
}

const INTERVAL_MS = 10 * 60 * 1_000;

export class RetentionSweeper {
  readonly #options: RetentionSweeperOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: RetentionSweeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // Replicas that started together take turns.
      await pause(INTERVAL_MS * (0.5 + Math.random()), signal);
      for (const topic of this.#options.topics()) if (!signal.aborted) await this.#tryTopic(topic);
    }
  }

  async #tryTopic(topic: Topic): Promise<void> {
    try {
      await sweepTopic(topic, this.#options);
    } catch (thrown) {
      // The next round comes anyway; until then there is only more to keep.
      this.#options.logger.warn('retention not applied', { topic: topic.name, reason: reasonOf(thrown) });
    }
  }
}

/** One round for one topic. Answers the first offset that stays, by partition. */
export function sweepTopic(
  topic: Topic,
  { admin, clock }: Pick<RetentionSweeperOptions, 'admin' | 'clock'>,
): Promise<bigint[]> {
  return admin.ask(async (it) => {
    const bounds = await it.fetchTopicOffsets(topic.name);
    const firstYoung = await it.fetchTopicOffsetsByTimestamp(topic.name, clock.now() - topic.retentionMs);
    const young = new Map(firstYoung.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const passed = await passedByAll(it, topic);
    const keepFrom = bounds.map(({ partition, low, high }) => {
      // Nothing young: all of it is old.
      const from = young.get(partition) ?? -1n;
      const oldBefore = from < 0n ? BigInt(high) : from;
      const groupsAt = passed[partition] ?? BigInt(high);
      const keep = oldBefore < groupsAt ? oldBefore : groupsAt;
      return { partition, from: keep > BigInt(low) ? keep : BigInt(low), isNew: keep > BigInt(low) };
    });
    const partitions = keepFrom
      .filter(({ isNew }) => isNew)
      .map(({ partition, from }) => ({ partition, offset: String(from) }));
    if (partitions.length > 0) await it.deleteTopicRecords({ topic: topic.name, partitions });
    return keepFrom.sort((a, b) => a.partition - b.partition).map(({ from }) => from);
  });
}

/** By partition, the lowest offset at which a known group stands; empty when there is no group. */
async function passedByAll(admin: Admin, topic: Topic): Promise<bigint[]> {
  const { groups } = await admin.listGroups();
  const prefix = groupPrefixOf(topic.name);
  const lowest: bigint[] = [];
  for (const { groupId } of groups.filter((it) => it.groupId.startsWith(prefix))) {
    for (const [partition, at] of (await committedOf(admin, topic, groupId)).entries()) {
      const before = lowest[partition];
      if (before === undefined || at < before) lowest[partition] = at;
    }
  }
  return lowest;
}

/** Offsets of a group, by its name at the brokers; 0n where it has none. */
export async function committedOf(admin: Admin, topic: Topic, groupId: string): Promise<bigint[]> {
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic.name] });
  const offsets = Array.from({ length: topic.partitions }, () => 0n);
  for (const { partition, offset } of found?.partitions ?? []) {
    const committed = BigInt(offset);
    if (committed > 0n) offsets[partition] = committed;
  }
  return offsets;
}
