// The suite's tools: one fixture for all its tests, names that nobody else uses, and handlers that remember.
import type {
  BatchHandler,
  EventLog,
  LogBatch,
  LogRecord,
  SubscribeOptions,
  Subscription,
  Topic,
} from '../event-log.js';
import type { EventLogFactory, EventLogFixture } from './event-log-fixture.js';

/** An engine whose groups are divided by a broker may take this long to give a member its partitions. */
export const PATIENCE_MS = 40_000;
/** For jest: longer than all the patience within one test. */
export const TEST_TIMEOUT_MS = 120_000;

/** Polls until the condition holds. @throws Error, saying what was waited for, when it does not in time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (record: LogRecord): string => new TextDecoder().decode(record.value);

/** Something that a test opens by hand. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** Remembers what a handler was given, in order. */
export class Collector {
  readonly batches: LogBatch[] = [];

  readonly handler: BatchHandler = async (batch) => {
    this.take(batch);
  };

  take(batch: LogBatch): void {
    // The records belong to the log; a handler that keeps them keeps copies.
    const records = batch.records.map((record) => ({ ...record, value: record.value.slice() }));
    this.batches.push({ ...batch, records });
  }

  get records(): LogRecord[] {
    return this.batches.flatMap((batch) => batch.records);
  }

  get values(): string[] {
    return this.records.map(textOf);
  }

  valuesOf(key: string): string[] {
    return this.records.filter((record) => record.key === key).map(textOf);
  }

  /** Waits for that many different records. */
  async untilRecords(count: number): Promise<void> {
    const different = (): number => new Set(this.records.map((it) => `${it.partition}/${it.offset}`)).size;
    await until(`${count} records came`, () => different() >= count);
  }
}

type Subscribing = Omit<SubscribeOptions, 'topic' | 'group' | 'handler'> & {
  readonly group?: string;
  readonly handler: BatchHandler;
};

export class ContractLog {
  #fixture: EventLogFixture | undefined;
  #log: EventLog | undefined;
  #names = 0;
  readonly #run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  readonly #factory: EventLogFactory;
  readonly #subscriptions: Subscription[] = [];

  constructor(factory: EventLogFactory) {
    this.#factory = factory;
  }

  async open(): Promise<void> {
    this.#fixture = await this.#factory();
    this.#log = this.#fixture.log;
  }

  /** After each test, so that its handlers do not meet the next one. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
  }

  async close(): Promise<void> {
    await this.#fixture?.close();
  }

  /** The log of all tests. */
  get log(): EventLog {
    if (!this.#log) throw new Error('the contract suite has not been opened');
    return this.#log;
  }

  /** A fixture of its own, for tests that close the log. */
  fresh(): Promise<EventLogFixture> {
    return this.#factory();
  }

  async reopen(topics: readonly Topic[]): Promise<void> {
    if (!this.#fixture) throw new Error('the contract suite has not been opened');
    this.#subscriptions.length = 0;
    this.#log = await this.#fixture.reopen();
    await this.#log.ensureTopics(topics);
  }

  name(): string {
    this.#names += 1;
    return `contract-${this.#run}-${this.#names}`;
  }

  /** A topic of its own, ready to use. */
  async topic(partitions = 3): Promise<Topic> {
    const topic = { name: this.name(), partitions, retentionMs: 24 * 60 * 60 * 1_000 };
    await this.log.ensureTopics([topic]);
    return topic;
  }

  async subscribe(topic: Topic, options: Subscribing): Promise<Subscription> {
    const subscription = await this.log.subscribe({ topic, group: 'readers', ...options });
    this.#subscriptions.push(subscription);
    return subscription;
  }

  append(topic: Topic, key: string, text: string): ReturnType<EventLog['append']> {
    return this.log.append(topic, key, bytesOf(text));
  }

  /** Appends texts to one key, without waiting in between. */
  async appendAll(topic: Topic, key: string, texts: readonly string[]): Promise<void> {
    await Promise.all(texts.map((text) => this.append(topic, key, text)));
  }

  /** Whether the group has finished everything that is in the topic now. */
  async hasFinished(topic: Topic, group = 'readers'): Promise<boolean> {
    const [committed, ends] = await Promise.all([
      this.log.committedOffsets(topic, group),
      this.log.endOffsets(topic),
    ]);
    return ends.every((end, partition) => committed[partition]! >= end);
  }

  untilFinished(topic: Topic, group = 'readers'): Promise<void> {
    return until(`group ${group} has finished`, () => this.hasFinished(topic, group));
  }
}

/** Texts `<prefix>0`, `<prefix>1` … */
export const texts = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);
