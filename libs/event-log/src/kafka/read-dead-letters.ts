// Reads a topic of dead letters from its beginning. kafkajs fetches for members of groups only, so the reader
// is the only member of a group that commits nothing and is removed afterwards.
import { randomUUID } from 'node:crypto';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { pause } from '../consumer/pause.js';
import type { DeadLetter } from '../event-log.js';
import type { AdminConnection } from './admin-connection.js';
import { decodeDeadLetter } from './dead-letter.js';
import { DRIVER_RETRY } from './kafka-client.js';
import { unavailable } from './kafka-error.js';
import { DEAD_LETTERS_BYTES_MAX, FETCH_WAIT_MS } from './kafka-limits.js';

export interface DeadLetterQuery {
  readonly client: Kafka;
  readonly admin: AdminConnection;
  /** The topic of dead letters. */
  readonly topic: string;
  readonly limit: number;
  readonly deadlineMs: number;
}

/** Oldest first. @throws ChatError UNAVAILABLE when they are not read by the deadline. */
export async function readDeadLetters(query: DeadLetterQuery): Promise<DeadLetter[]> {
  const { client, admin, topic } = query;
  const [ends] = await admin.ask((it) => it.fetchTopicOffsets(topic));
  if (!ends || ends.high === ends.low) return [];
  const groupId = `${topic}.reader-${randomUUID()}`;
  const consumer = client.consumer({
    groupId,
    allowAutoTopicCreation: false,
    readUncommitted: true,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    retry: { ...DRIVER_RETRY, restartOnFailure: async () => false },
  });
  const page = new Page(query.limit, BigInt(ends.high));
  consumer.on(consumer.events.CRASH, ({ payload }) => page.fail(payload.error));
  const deadline = new AbortController();
  void pause(query.deadlineMs, deadline.signal).then(() => page.fail(new Error('not read in time')));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: async (payload) => page.take(payload) });
    return await page.full;
  } catch (thrown) {
    throw unavailable(thrown);
  } finally {
    deadline.abort();
    await consumer
      .disconnect()
      .then(
        () => admin.ask((it) => it.deleteGroups([groupId])),
        // Without members and offsets the brokers forget the group by themselves.
        () => undefined,
      )
      .catch(() => undefined);
  }
}

class Page {
  readonly #letters: DeadLetter[] = [];
  readonly #limit: number;
  readonly #end: bigint;
  #bytes = 0;
  #isFull = false;
  #next = 0n;
  #resolve: (letters: DeadLetter[]) => void = () => undefined;
  fail: (thrown: unknown) => void = () => undefined;
  readonly full: Promise<DeadLetter[]>;

  constructor(limit: number, end: bigint) {
    this.#limit = limit;
    this.#end = end;
    this.full = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.fail = reject;
    });
    this.full.catch(() => undefined);
  }

  take({ batch }: EachBatchPayload): void {
    for (const message of batch.messages) {
      const offset = BigInt(message.offset);
      if (this.#isFull || offset < this.#next) continue;
      this.#next = offset + 1n;
      const letter = offset < this.#end ? decodeDeadLetter(message) : undefined;
      if (letter) this.#letters.push(letter);
      this.#bytes += letter?.record.value.length ?? 0;
      const isLast = this.#next >= this.#end;
      this.#isFull = isLast || this.#letters.length >= this.#limit || this.#bytes >= DEAD_LETTERS_BYTES_MAX;
    }
    if (this.#isFull) this.#resolve(this.#letters);
  }
}
