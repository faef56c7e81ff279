// The embedded engine of the event log: records in the journal's files; topics, offsets and dead letters in
// sub-databases of the embedded database.
import { join } from 'node:path';
import type { EmbeddedDatabase } from '@parley/embedded-db';
import type { Clock } from '@parley/kernel';
import type { Logger, Metrics } from '@parley/telemetry';
import type { DeadLetter, EventLog, Position, SubscribeOptions, Subscription, Topic } from '../event-log.js';
import { Journal, type JournalSizes } from '../journal/journal.js';
import { RECORD_KEY_BYTES_MAX, RECORD_VALUE_BYTES_MAX } from '../limits.js';
import { partitionOfKey } from '../partitioner.js';
import {
  checkDeadLettersLimit,
  checkRecord,
  checkSubscribe,
  checkTopic,
  logClosed,
  misuse,
} from '../request-checks.js';
import { LogMetrics } from './log-metrics.js';
import { RetentionSweeper } from './retention-sweeper.js';
import type { StoredPartition } from './stored-partition.js';
import { StoredTopic } from './stored-topic.js';
import { TopicCatalog } from './topic-catalog.js';

/** Folder of the journal in the data directory. */
const JOURNAL_FOLDER = 'log';

export interface EmbeddedEventLogOptions {
  /** Its data directory gets the folder `log`, under the same lock. */
  readonly database: EmbeddedDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly sizes?: JournalSizes;
}

/**
 * The log over an open database; closing the log leaves the database open. Close the log first.
 * The files are opened by the first `ensureTopics`, which rejects with one clear line when they cannot be used.
 */
export const createEmbeddedEventLog = (options: EmbeddedEventLogOptions): EventLog =>
  new EmbeddedEventLog(options);

/** What the first `ensureTopics` opens. */
interface Storage {
  readonly catalog: TopicCatalog;
  readonly journal: Journal;
}

export class EmbeddedEventLog implements EventLog {
  readonly #options: EmbeddedEventLogOptions;
  #storage: Promise<Storage> | undefined;
  /** Of every topic in the catalog, also of those that this process does not use. */
  readonly #topics = new Map<string, StoredTopic>();
  readonly #ensured = new Map<string, StoredTopic>();
  /** Calls of `ensureTopics` run one after another. */
  #ensuring: Promise<void> = Promise.resolve();
  readonly #subscriptions = new Set<Subscription>();
  readonly #retention: RetentionSweeper;
  readonly #metrics: LogMetrics;
  #isClosed = false;

  constructor(options: EmbeddedEventLogOptions) {
    this.#options = options;
    this.#metrics = new LogMetrics(options.metrics);
    this.#retention = new RetentionSweeper(() => this.dropOldRecords(), options.logger);
  }

  ensureTopics(topics: readonly Topic[]): Promise<void> {
    const ensured = this.#ensuring.then(() => this.#ensure(topics));
    // The next call does not depend on this one's success.
    this.#ensuring = ensured.catch(() => undefined);
    return ensured;
  }

  async append(topic: Topic, key: string, value: Uint8Array): Promise<Position> {
    const stored = this.#stored(topic);
    // Counting bytes costs as much as writing them; a short key needs no counting.
    if (key.length * 3 > RECORD_KEY_BYTES_MAX || value.length > RECORD_VALUE_BYTES_MAX) {
      checkRecord(topic, Buffer.byteLength(key), value.length);
    }
    const partition = partitionOfKey(key, topic.partitions);
    const to = stored.partitions[partition] as StoredPartition;
    const { offset, frame } = to.append(key, value, this.#options.clock.now());
    await frame.settled;
    this.#metrics.appended.add();
    return { partition, offset: BigInt(offset) };
  }

  partitionOf(topic: Topic, key: string): number {
    return partitionOfKey(key, topic.partitions);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkSubscribe(options);
    const stored = this.#stored(options.topic);
    const member = { ...options };
    await stored.join(member);
    if (this.#isClosed) {
      await stored.leave(member);
      throw logClosed();
    }
    this.#metrics.showLag(stored, options.group);
    let stopped: Promise<void> | undefined;
    const subscription: Subscription = {
      stop: () => {
        stopped ??= stored.leave(member).finally(() => this.#subscriptions.delete(subscription));
        return stopped;
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async endOffsets(topic: Topic): Promise<bigint[]> {
    return this.#stored(topic).partitions.map((partition) => BigInt(partition.end));
  }

  async committedOffsets(topic: Topic, group: string): Promise<bigint[]> {
    return this.#stored(topic).offsets.committed(group).map(BigInt);
  }

  async deadLetters(topic: Topic, limit: number): Promise<DeadLetter[]> {
    checkDeadLettersLimit(limit);
    return this.#stored(topic).deadLetters(limit);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // An offset that could not be saved means that its records come again; it must not keep the rest open.
    await Promise.allSettled([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#retention.stop();
    await this.#ensuring;
    const storage = await this.#storage?.catch(() => undefined);
    this.#storage = undefined;
    await storage?.journal.close();
  }

  /** One step of retention: drops the oldest segment if it may go. Answers whether it did. */
  async dropOldRecords(): Promise<boolean> {
    const storage = await this.#storage;
    if (!storage) return false;
    const byLane: (StoredTopic | undefined)[] = [];
    for (const topic of this.#topics.values()) {
      for (const partition of topic.partitions) byLane[topic.firstLane + partition.partition] = topic;
    }
    return storage.journal.dropOldest((part) => byLane[part.lane]?.isDone(part) ?? false);
  }

  async #ensure(topics: readonly Topic[]): Promise<void> {
    this.#checkOpen();
    for (const topic of topics) checkTopic(topic);
    const { catalog, journal } = await this.#openStorage(topics);
    const { database, clock, logger } = this.#options;
    const onBuried = (): void => this.#metrics.buried.add();
    for (const entry of catalog.all()) {
      const { name } = entry.topic;
      if (this.#topics.has(name)) continue;
      this.#topics.set(name, await StoredTopic.open(entry, { database, journal, clock, logger, onBuried }));
    }
    for (const topic of topics) {
      const stored = this.#topics.get(topic.name) as StoredTopic;
      stored.topic = topic;
      this.#ensured.set(topic.name, stored);
    }
    this.#retention.start();
  }

  /** Declares the topics first: the journal has to know how many lanes there are. */
  async #openStorage(topics: readonly Topic[]): Promise<Storage> {
    const { database, clock, logger, sizes = {} } = this.#options;
    const catalog = await TopicCatalog.open(database);
    await catalog.declare(topics);
    this.#storage ??= Journal.open({
      dir: join(database.dir, JOURNAL_FOLDER),
      database,
      lanes: catalog.lanes,
      clock,
      logger,
      sizes,
      onFlush: (durationMs) => this.#metrics.flushMs.record(durationMs),
    }).then((journal) => {
      this.#metrics.showJournal(journal);
      return { catalog, journal };
    });
    try {
      return await this.#storage;
    } catch (thrown) {
      this.#storage = undefined;
      throw thrown;
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw logClosed();
  }

  #stored(topic: Topic): StoredTopic {
    this.#checkOpen();
    const stored = this.#ensured.get(topic.name);
    if (!stored) throw misuse(`topic ${topic.name} is not ensured`);
    if (stored.topic.partitions !== topic.partitions) {
      throw misuse(`topic ${topic.name} has ${stored.topic.partitions} partitions`);
    }
    return stored;
  }
}
