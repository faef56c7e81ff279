// Which topics there are, with their place in the journal: a topic's partitions are consecutive lanes, given out once and
// for ever.
//
//   key: the name      value: partitions, first lane and retention in ms, as text
import type { ByteSpace, EmbeddedDatabase, Transaction } from '@parley/embedded-db';
import type { Topic } from '../event-log.js';
import { LANES_MAX } from '../limits.js';
import { misuse } from '../request-checks.js';

const SPACE = 'log-topics';
/** No name: how many lanes are given out. */
const LANES = Buffer.of(0);
const FIRST_NAME = Buffer.of(1);

export interface CatalogEntry {
  readonly topic: Topic;
  readonly firstLane: number;
}

export class TopicCatalog {
  readonly #database: EmbeddedDatabase;
  readonly #space: ByteSpace;

  private constructor(database: EmbeddedDatabase, space: ByteSpace) {
    this.#database = database;
    this.#space = space;
  }

  static async open(database: EmbeddedDatabase): Promise<TopicCatalog> {
    return new TopicCatalog(database, await database.space(SPACE));
  }

  get lanes(): number {
    return Number(this.#space.get(LANES) ?? 0);
  }

  /** Every topic that was ever declared here. */
  all(): CatalogEntry[] {
    return this.#space
      .range({ start: FIRST_NAME, limit: LANES_MAX })
      .map(({ key, value }) => decode(key.toString(), value));
  }

  /** Durable when it resolves. @throws ChatError INTERNAL when a topic exists with another number of partitions. */
  async declare(topics: readonly Topic[]): Promise<void> {
    await this.#database.transact((transaction) => {
      for (const topic of topics) this.#declare(topic, transaction);
    });
  }

  #declare(topic: Topic, transaction: Transaction): void {
    const { name, partitions } = topic;
    const key = Buffer.from(name);
    const stored = transaction.get(this.#space, key);
    let firstLane = Number(transaction.get(this.#space, LANES) ?? 0);
    if (stored) {
      const known = decode(name, stored);
      if (known.topic.partitions !== partitions) {
        throw misuse(`topic ${name} has ${known.topic.partitions} partitions and cannot have ${partitions}`);
      }
      if (known.topic.retentionMs === topic.retentionMs) return;
      firstLane = known.firstLane;
    } else {
      const lanes = firstLane + partitions;
      if (lanes > LANES_MAX) {
        throw misuse(`topic ${name}: all topics together have at most ${LANES_MAX} partitions`);
      }
      transaction.put(this.#space, LANES, Buffer.from(String(lanes)));
    }
    transaction.put(this.#space, key, Buffer.from(`${partitions} ${firstLane} ${topic.retentionMs}`));
  }
}

function decode(name: string, value: Buffer): CatalogEntry {
  const [partitions = 0, firstLane = 0, retentionMs = 0] = value.toString().split(' ').map(Number);
  return { topic: { name, partitions, retentionMs }, firstLane };
}
