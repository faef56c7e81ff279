// The Kafka engine of the event log. Each promise of the port has its own file; this one puts them together.
import { ChatError } from '@parley/kernel';
import type { Counter } from '@parley/telemetry';
import { pause, retryPauseMs } from '../consumer/pause.js';
import type {
  DeadLetter,
  EventLog,
  LogRecord,
  Position,
  SubscribeOptions,
  Subscription,
  Topic,
} from '../event-log.js';
import { partitionOfKey } from '../partitioner.js';
import { checkDeadLettersLimit, checkRecord, checkSubscribe, logClosed } from '../request-checks.js';
import { AdminConnection } from './admin-connection.js';
import { AppendPipeline } from './append-pipeline.js';
import { deadLetterTopicOf, encodeDeadLetter } from './dead-letter.js';
import { groupIdOf } from './group-id.js';
import { GroupMember } from './group-member.js';
import { createKafkaClients, type KafkaClients } from './kafka-client.js';
import { reasonOf } from './kafka-error.js';
import {
  APPEND_DEADLINE_MS,
  type KafkaEventLogOptions,
  SESSION_TIMEOUT_MS,
  START_DEADLINE_MS,
} from './kafka-options.js';
import { LagWatch } from './lag-watch.js';
import { readDeadLetters } from './read-dead-letters.js';
import { committedOf, RetentionSweeper } from './retention-sweeper.js';
import { TopicCatalog } from './topic-catalog.js';

/** The log over a Kafka cluster; connects with the first call. */
export const createKafkaEventLog = (options: KafkaEventLogOptions): EventLog =>
  new KafkaEventLog(options, createKafkaClients(options));

export class KafkaEventLog implements EventLog {
  readonly #options: KafkaEventLogOptions;
  readonly #clients: KafkaClients;
  readonly #admin: AdminConnection;
  readonly #catalog: TopicCatalog;
  readonly #pipeline: AppendPipeline;
  readonly #retention: RetentionSweeper;
  readonly #lag: LagWatch;
  readonly #members = new Set<GroupMember>();
  readonly #appended: Counter | undefined;
  readonly #buried: Counter | undefined;
  #refreshing: Promise<void> | undefined;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: KafkaEventLogOptions, clients: KafkaClients) {
    this.#options = options;
    this.#clients = clients;
    const { clock, logger, metrics } = options;
    this.#admin = new AdminConnection(clients.prompt, logger);
    this.#catalog = new TopicCatalog({ ...options, admin: this.#admin });
    this.#pipeline = new AppendPipeline({
      client: clients.prompt,
      clock,
      logger,
      deadlineMs: options.appendDeadlineMs ?? APPEND_DEADLINE_MS,
      leaderOf: (topic, partition) => this.#catalog.leaderOf(topic, partition),
      onFailure: () => this.#refreshLeaders(),
    });
    this.#retention = new RetentionSweeper({
      admin: this.#admin,
      clock,
      logger,
      topics: () => this.#catalog.topics,
    });
    this.#lag = new LagWatch({ logger, metrics, endOffsets: (topic) => this.endOffsets(topic) });
    this.#appended = metrics?.counter('parley.event_log.appended', 'Records that became durable');
    this.#buried = metrics?.counter('parley.event_log.buried', 'Records that went to dead letters');
    metrics?.gauge(
      'parley.event_log.waiting_bytes',
      'Appended bytes that are not durable yet',
      () => this.#pipeline.waitingBytes,
    );
  }

  async ensureTopics(topics: readonly Topic[]): Promise<void> {
    this.#checkOpen();
    // Brokers that are asked about no topic tell about every topic.
    if (topics.length === 0) return;
    await this.#untilBrokersAnswer(() => this.#catalog.ensure(topics));
    // A new topic's leaders are chosen before they know it themselves.
    for (const topic of topics) await this.#untilBrokersAnswer(() => this.#seeLeaders(topic));
    this.#retention.start();
  }

  async append(topic: Topic, key: string, value: Uint8Array): Promise<Position> {
    this.#checkOpen();
    const { name, partitions } = this.#catalog.find(topic);
    const keyBytes = Buffer.byteLength(key);
    checkRecord(topic, keyBytes, value.length);
    const partition = partitionOfKey(key, partitions);
    const bytes = Buffer.from(value.buffer as ArrayBuffer, value.byteOffset, value.length);
    const position = await this.#pipeline.append({
      topic: name,
      partition,
      message: { key, value: bytes, partition },
      bytes: keyBytes + value.length,
    });
    this.#appended?.add();
    return position;
  }

  partitionOf(topic: Topic, key: string): number {
    return partitionOfKey(key, topic.partitions);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.#checkOpen();
    checkSubscribe(options);
    const topic = this.#catalog.find(options.topic);
    const member = this.#newMember(options);
    this.#members.add(member);
    const forget = this.#lag.watch({ topic, group: options.group, member });
    const stop = async (): Promise<void> => {
      await member.stop();
      forget();
      this.#members.delete(member);
    };
    try {
      await member.start();
    } catch (thrown) {
      await stop();
      throw thrown;
    }
    return { stop };
  }

  async endOffsets(topic: Topic): Promise<bigint[]> {
    this.#checkOpen();
    const { name, partitions } = this.#catalog.find(topic);
    const found = await this.#admin.ask((admin) => admin.fetchTopicOffsets(name));
    const ends = Array.from({ length: partitions }, () => 0n);
    for (const { partition, high } of found) ends[partition] = BigInt(high);
    return ends;
  }

  async committedOffsets(topic: Topic, group: string): Promise<bigint[]> {
    this.#checkOpen();
    const found = this.#catalog.find(topic);
    return this.#admin.ask((admin) => committedOf(admin, found, groupIdOf(found.name, group)));
  }

  async deadLetters(topic: Topic, limit: number): Promise<DeadLetter[]> {
    this.#checkOpen();
    checkDeadLettersLimit(limit);
    return readDeadLetters({
      client: this.#clients.prompt,
      admin: this.#admin,
      topic: deadLetterTopicOf(this.#catalog.find(topic).name),
      limit,
      deadlineMs: this.#options.startDeadlineMs ?? START_DEADLINE_MS,
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // What was not saved comes again; it must not keep the rest open.
    await Promise.allSettled([...this.#members].map((member) => member.stop()));
    await this.#pipeline.close();
    await this.#retention.stop();
    this.#lag.stop();
    await this.#admin.close();
    this.#clients.sockets.closeAll();
  }

  #checkOpen(): void {
    if (this.#closed) throw logClosed();
  }

  async #seeLeaders(topic: Topic): Promise<void> {
    await this.endOffsets(topic);
  }

  /** Processes and brokers may start together. @throws what the last attempt threw, at the deadline. */
  async #untilBrokersAnswer(attempt: () => Promise<void>): Promise<void> {
    const { clock, startDeadlineMs = START_DEADLINE_MS } = this.#options;
    const deadlineMs = clock.now() + startDeadlineMs;
    for (let failures = 1; ; failures++) {
      try {
        await attempt();
        return;
      } catch (thrown) {
        const mayHelp = thrown instanceof ChatError && thrown.isRetryable && !this.#closing.signal.aborted;
        if (!mayHelp || clock.now() >= deadlineMs) throw thrown;
        await pause(retryPauseMs(failures), this.#closing.signal);
      }
    }
  }

  #newMember(subscription: SubscribeOptions): GroupMember {
    const {
      clock,
      logger,
      sessionTimeoutMs = SESSION_TIMEOUT_MS,
      startDeadlineMs = START_DEADLINE_MS,
    } = this.#options;
    const { topic, group } = subscription;
    return new GroupMember({
      client: this.#clients.patient,
      groupId: groupIdOf(topic.name, group),
      subscription,
      clock,
      logger,
      sessionTimeoutMs,
      startDeadlineMs,
      bury: (record, reason) => this.#bury(subscription, record, reason),
    });
  }

  async #bury({ topic, group }: SubscribeOptions, record: LogRecord, reason: string): Promise<void> {
    const diedAtMs = this.#options.clock.now();
    await this.#pipeline.append({
      topic: deadLetterTopicOf(topic.name),
      partition: 0,
      message: encodeDeadLetter({ group, record, reason, diedAtMs }),
      bytes: Buffer.byteLength(record.key) + record.value.length,
    });
    this.#buried?.add();
  }

  /** At most one question at a time, whatever fails meanwhile. */
  #refreshLeaders(): void {
    this.#refreshing ??= this.#catalog
      .refreshLeaders()
      .catch((thrown) => this.#options.logger.debug('leaders not refreshed', { reason: reasonOf(thrown) }))
      .finally(() => {
        this.#refreshing = undefined;
      });
  }
}
