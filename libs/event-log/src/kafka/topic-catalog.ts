// The topics at the brokers: made with the settings that the port's promises need, checked where they exist.
import type { Admin, ITopicConfig, ITopicMetadata } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Topic } from '../event-log.js';
import { checkTopic, misuse } from '../request-checks.js';
import type { AdminConnection } from './admin-connection.js';
import { deadLetterTopicOf } from './dead-letter.js';
import { TOPIC_BATCH_BYTES } from './kafka-limits.js';

export interface TopicCatalogOptions {
  readonly admin: AdminConnection;
  readonly replicationFactor?: number;
  readonly minInSyncReplicas?: number;
}

const CREATE_TIMEOUT_MS = 10_000;

/**
 * Time and size never remove a record by themselves: a group that was away must find what it has not seen.
 * Retention is the log's own business (retention-sweeper.ts).
 */
const CONFIG: Readonly<Record<string, string>> = {
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': String(TOPIC_BATCH_BYTES),
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'compression.type': 'producer',
};

/** Of an existing topic these must be so; the rest is its owner's business. */
const REQUIRED: Readonly<Record<string, (value: string) => boolean>> = {
  'message.timestamp.type': (value) => value === 'LogAppendTime',
  'max.message.bytes': (value) => Number(value) >= TOPIC_BATCH_BYTES,
  'cleanup.policy': (value) => value === 'delete',
};

export class TopicCatalog {
  readonly #options: TopicCatalogOptions;
  readonly #topics = new Map<string, Topic>();
  readonly #leaders = new Map<string, number[]>();

  constructor(options: TopicCatalogOptions) {
    this.#options = options;
  }

  get topics(): readonly Topic[] {
    return [...this.#topics.values()];
  }

  /** @throws ChatError INTERNAL when nobody ensured the topic like this. */
  find(topic: Topic): Topic {
    const known = this.#topics.get(topic.name);
    if (!known) throw misuse(`topic ${topic.name} is not ensured`);
    if (known.partitions !== topic.partitions) {
      throw misuse(`topic ${topic.name} has ${known.partitions} partitions`);
    }
    return known;
  }

  /** The broker that leads the partition, as last heard; -1 unknown. */
  leaderOf(topic: string, partition: number): number {
    return this.#leaders.get(topic)?.[partition] ?? -1;
  }

  /** @throws ChatError INTERNAL when a topic exists otherwise, UNAVAILABLE when the brokers do not answer. */
  async ensure(topics: readonly Topic[]): Promise<void> {
    for (const topic of topics) checkTopic(topic);
    // Asked for twice with different numbers, the second one is a mistake, as it would be a moment later.
    const wanted = new Map(topics.map((topic) => [topic.name, topic]));
    const partitions = new Map<string, number>();
    for (const topic of topics) {
      const wantedBefore = partitions.get(topic.name) ?? topic.partitions;
      if (wantedBefore !== topic.partitions) throw misuse(`topic ${topic.name}: two numbers of partitions`);
      partitions.set(topic.name, topic.partitions);
      partitions.set(deadLetterTopicOf(topic.name), 1);
    }
    await this.#options.admin.ask(async (admin) => {
      await this.#createMissing(admin, partitions);
      const found = await this.#load(admin, [...partitions.keys()]);
      for (const { name, partitions: it } of found) checkPartitions(name, it.length, partitions);
      await checkConfig(admin, [...partitions.keys()]);
    });
    for (const topic of wanted.values()) this.#topics.set(topic.name, topic);
  }

  /** Asks anew who leads what. */
  async refreshLeaders(): Promise<void> {
    const names = this.topics.flatMap(({ name }) => [name, deadLetterTopicOf(name)]);
    if (names.length > 0) await this.#options.admin.ask((admin) => this.#load(admin, names));
  }

  async #createMissing(admin: Admin, partitions: ReadonlyMap<string, number>): Promise<void> {
    const existing = new Set(await admin.listTopics());
    const missing = [...partitions].filter(([name]) => !existing.has(name));
    if (missing.length === 0) return;
    const { replicationFactor = -1, minInSyncReplicas } = this.#options;
    const config = { ...CONFIG };
    if (minInSyncReplicas !== undefined) config['min.insync.replicas'] = String(minInSyncReplicas);
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const topics: ITopicConfig[] = missing.map(([topic, numPartitions]) => ({
      topic,
      numPartitions,
      replicationFactor,
      configEntries,
    }));
    // Another process may be making the same ones: who comes second finds them made.
    await admin.createTopics({ topics, timeout: CREATE_TIMEOUT_MS, waitForLeaders: true });
  }

  async #load(admin: Admin, names: readonly string[]): Promise<ITopicMetadata[]> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    for (const { name, partitions } of topics) {
      const leaders: number[] = [];
      for (const { partitionId, leader } of partitions) leaders[partitionId] = leader;
      this.#leaders.set(name, leaders);
    }
    return topics;
  }
}

function checkPartitions(name: string, count: number, wanted: ReadonlyMap<string, number>): void {
  const partitions = wanted.get(name);
  if (partitions === count) return;
  throw misuse(`topic ${name} has ${count} partitions and cannot have ${partitions}`);
}

async function checkConfig(admin: Admin, names: readonly string[]): Promise<void> {
  const configNames = Object.keys(REQUIRED);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames })),
  });
  for (const { resourceName, configEntries } of resources) {
    for (const { configName, configValue } of configEntries) {
      if (REQUIRED[configName]?.(configValue) !== false) continue;
      throw misuse(`topic ${resourceName}: ${configName} is ${configValue}, set it to ${CONFIG[configName]}`);
    }
  }
}
