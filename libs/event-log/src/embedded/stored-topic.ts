// One topic: its partitions, its groups' offsets, its dead letters, its retention.
import type { ByteSpace, EmbeddedDatabase } from '@parley/embedded-db';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { PartitionSource } from '../consumer/partition-loop.js';
import type { DeadLetter, LogRecord, SubscribeOptions, Topic } from '../event-log.js';
import type { Journal, LaneInSegment } from '../journal/journal.js';
import { ConsumerGroup } from './consumer-group.js';
import { GroupOffsets } from './group-offsets.js';
import { deadLetterKey, decodeDeadLetter, encodeDeadLetter, topicRange } from './row-codec.js';
import { StoredPartition } from './stored-partition.js';
import type { CatalogEntry } from './topic-catalog.js';

const OFFSETS_SPACE = 'log-offsets';
const DEAD_LETTERS_SPACE = 'log-dead-letters';

export interface TopicEnvironment {
  readonly database: EmbeddedDatabase;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onBuried: () => void;
}

export class StoredTopic {
  /** As it was declared last. */
  topic: Topic;
  readonly firstLane: number;
  readonly partitions: readonly StoredPartition[];
  readonly offsets: GroupOffsets;
  readonly #deadLetters: ByteSpace;
  readonly #environment: TopicEnvironment;
  readonly #groups = new Map<string, ConsumerGroup>();

  private constructor(
    { topic, firstLane }: CatalogEntry,
    environment: TopicEnvironment,
    spaces: { offsets: ByteSpace; deadLetters: ByteSpace },
  ) {
    this.topic = topic;
    this.firstLane = firstLane;
    this.#environment = environment;
    this.#deadLetters = spaces.deadLetters;
    this.offsets = new GroupOffsets(spaces.offsets, topic);
    const { journal } = environment;
    this.partitions = Array.from(
      { length: topic.partitions },
      (_, partition) => new StoredPartition(journal, journal.lane(firstLane + partition), partition),
    );
  }

  static async open(entry: CatalogEntry, environment: TopicEnvironment): Promise<StoredTopic> {
    const { database } = environment;
    return new StoredTopic(entry, environment, {
      offsets: await database.space(OFFSETS_SPACE),
      deadLetters: await database.space(DEAD_LETTERS_SPACE),
    });
  }

  async join(member: SubscribeOptions): Promise<void> {
    // Where retention has dropped records, a new group has nothing to finish.
    for (const it of this.partitions) this.offsets.commit(member.group, it.partition, it.start);
    await this.offsets.save(member.group);
    let group = this.#groups.get(member.group);
    if (!group) {
      const sources = this.partitions.map((partition) => this.#sourceOf(partition, member.group));
      const { clock, logger } = this.#environment;
      group = new ConsumerGroup({ sources, clock, logger });
      this.#groups.set(member.group, group);
    }
    await group.join(member);
  }

  async leave(member: SubscribeOptions): Promise<void> {
    await this.#groups.get(member.group)?.leave(member);
    await this.offsets.save(member.group);
  }

  deadLetters(limit: number): DeadLetter[] {
    return this.#deadLetters
      .range({ ...topicRange(this.topic.name), limit })
      .map((entry) => decodeDeadLetter(this.topic.name, entry));
  }

  /** Whether the records of a lane of this topic in a segment are past retention and no known group needs them. */
  isDone({ lane, end, newestMs }: LaneInSegment): boolean {
    const isOld = newestMs < this.#environment.clock.now() - this.topic.retentionMs;
    return isOld && (this.offsets.lowest(lane - this.firstLane) ?? end) >= end;
  }

  /** Records that the group has not finished. */
  lag(group: string): number {
    const committed = this.offsets.committed(group);
    return this.partitions.reduce((sum, it, i) => sum + it.end - (committed[i] ?? 0), 0);
  }

  #sourceOf(partition: StoredPartition, group: string): PartitionSource {
    return {
      partition: partition.partition,
      fetch: (from, limits) => partition.fetch(Number(from), limits),
      onMore: (listener) => partition.onMore(listener),
      position: () => BigInt(this.offsets.committed(group)[partition.partition] ?? 0),
      commit: (next) => this.offsets.commit(group, partition.partition, Number(next)),
      bury: (record, reason) => this.#bury(group, record, reason),
    };
  }

  async #bury(group: string, record: LogRecord, reason: string): Promise<void> {
    const diedAtMs = this.#environment.clock.now();
    const key = deadLetterKey(this.topic.name, { group, record, diedAtMs });
    await this.#deadLetters.put(key, encodeDeadLetter(record, reason));
    this.#environment.onBuried();
  }
}
