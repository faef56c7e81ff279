// The embedded engine of the event log: records, offsets and dead letters in sub-databases of one
// environment, whose group commit makes an append durable.
import type { EmbeddedDatabase } from '@parley/embedded-db';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { Counter, Logger, Metrics } from '@parley/telemetry';
import type { DeadLetter, EventLog, Position, SubscribeOptions, Subscription, Topic } from '../event-log.js';
import { WAITING_BYTES_MAX } from '../limits.js';
import { partitionOfKey } from '../partitioner.js';
import {
  checkDeadLettersLimit,
  checkRecord,
  checkSubscribe,
  checkTopic,
  logClosed,
  misuse,
} from '../request-checks.js';
import { encodeRecord, recordKey } from './record-codec.js';
import { RetentionSweeper } from './retention-sweeper.js';
import type { StoredPartition } from './stored-partition.js';
import { StoredTopic } from './stored-topic.js';

const CATALOG_SPACE = 'log-topics';

export interface EmbeddedEventLogOptions {
  readonly database: EmbeddedDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
}

/** The log over an open database; closing the log leaves the database open. Close the log first. */
export const createEmbeddedEventLog = (options: EmbeddedEventLogOptions): EventLog =>
  new EmbeddedEventLog(options);

export class EmbeddedEventLog implements EventLog {
  readonly #options: EmbeddedEventLogOptions;
  readonly #topics = new Map<string, Promise<StoredTopic>>();
  /** The same, opened: appends must not wait for a promise. */
  readonly #open = new Map<string, StoredTopic>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #shownLags = new Set<string>();
  readonly #retention: RetentionSweeper;
  readonly #appended: Counter | undefined;
  readonly #buried: Counter | undefined;
  #waitingBytes = 0;
  #isClosed = false;

  constructor(options: EmbeddedEventLogOptions) {
    this.#options = options;
    const { metrics } = options;
    this.#appended = metrics?.counter('parley.event_log.appended', 'Records that became durable');
    this.#buried = metrics?.counter('parley.event_log.buried', 'Records that went to dead letters');
    metrics?.gauge(
      'parley.event_log.waiting_bytes',
      'Appended bytes that are not durable yet',
      () => this.#waitingBytes,
    );
    this.#retention = new RetentionSweeper(() => [...this.#open.values()], options.logger);
  }

  async ensureTopics(topics: readonly Topic[]): Promise<void> {
    this.#checkOpen();
    for (const topic of topics) checkTopic(topic);
    const catalog = await this.#options.database.space(CATALOG_SPACE);
    await this.#options.database.transact((transaction) => {
      for (const { name, partitions } of topics) {
        const key = Buffer.from(name);
        const stored = transaction.get(catalog, key)?.toString();
        if (stored === undefined) transaction.put(catalog, key, Buffer.from(String(partitions)));
        else if (stored !== String(partitions)) {
          throw misuse(`topic ${name} has ${stored} partitions and cannot have ${partitions}`);
        }
      }
    });
    await Promise.all(topics.map((topic) => this.#ensureOpen(topic)));
    this.#retention.start();
  }

  async append(topic: Topic, key: string, value: Uint8Array): Promise<Position> {
    const stored = this.#stored(topic);
    const keyBytes = Buffer.byteLength(key);
    checkRecord(topic, keyBytes, value.length);
    const bytes = encodeRecord({ key, keyBytes, value, appendedAtMs: this.#options.clock.now() });
    if (this.#waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      throw new ChatError(ErrorCode.OVERLOADED, 'the event log does not keep up: try again later');
    }
    const partition = stored.partitions[partitionOfKey(key, topic.partitions)] as StoredPartition;
    const offset = partition.takeOffset();
    this.#waitingBytes += bytes.length;
    try {
      await stored.space.put(recordKey(partition.partition, offset), bytes);
    } finally {
      this.#waitingBytes -= bytes.length;
    }
    partition.advance(offset, bytes);
    this.#appended?.add();
    return { partition: partition.partition, offset: BigInt(offset) };
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
    this.#showLag(stored, options.group);
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
  }

  #checkOpen(): void {
    if (this.#isClosed) throw logClosed();
  }

  #stored(topic: Topic): StoredTopic {
    this.#checkOpen();
    const stored = this.#open.get(topic.name);
    if (!stored) throw misuse(`topic ${topic.name} is not ensured`);
    if (stored.topic.partitions !== topic.partitions) {
      throw misuse(`topic ${topic.name} has ${stored.topic.partitions} partitions`);
    }
    return stored;
  }

  #showLag(stored: StoredTopic, group: string): void {
    const labels = { topic: stored.topic.name, group };
    const name = `${labels.topic}/${group}`;
    if (this.#shownLags.has(name)) return;
    this.#shownLags.add(name);
    const help = 'Records that the group has not finished';
    this.#options.metrics?.gauge('parley.event_log.lag', help, () => stored.lag(group), labels);
  }

  /** Opens a topic once, whoever asks: its offsets live in one place. */
  async #ensureOpen(topic: Topic): Promise<void> {
    let opening = this.#topics.get(topic.name);
    if (!opening) {
      const { database, clock, logger } = this.#options;
      opening = StoredTopic.open(topic, { database, clock, logger, onBuried: () => this.#buried?.add() });
      this.#topics.set(topic.name, opening);
    }
    this.#open.set(topic.name, await opening);
  }
}
