// One producer id. The broker knows a batch sent again by the id and the numbers of its records, so a batch
// whose outcome is unknown may be repeated under the same id only, whole and before any other of its
// partition. When that is given up, the id must be given up too: kafkajs would number the next batch like the
// lost one, and the broker would acknowledge it as a copy without storing it.
import type { Kafka, Message, Producer } from 'kafkajs';

/** Records of one partition that are sent together, always the same ones. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly Message[];
}

export interface ProducerSessionOptions {
  readonly client: Kafka;
  /** How long the broker may wait for the replicas, ms. */
  readonly ackTimeoutMs: number;
  /** Called with what went wrong when the connections could not be closed. */
  readonly onCloseFailure: (thrown: unknown) => void;
}

/** kafkajs asks for at least one retry of an idempotent producer; the log's own retries are around it. */
const RETRY = { retries: 1, initialRetryTime: 50, maxRetryTime: 200, multiplier: 2, factor: 0.2 };

export class ProducerSession {
  readonly #options: ProducerSessionOptions;
  readonly #producer: Producer;
  #isReady = false;
  #connecting: Promise<void> | undefined;
  #sending = 0;
  #holds = 0;
  #isRetired = false;
  #closing: Promise<void> | undefined;

  constructor(options: ProducerSessionOptions) {
    this.#options = options;
    this.#producer = options.client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      retry: RETRY,
      // The log has chosen already: positions must not depend on the driver's partitioner.
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition as number,
    });
  }

  /** A batch under this id is unfinished: the id stays until it is released. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.#closeWhenIdle();
  }

  /** No new batch will come. */
  retire(): Promise<void> {
    this.#isRetired = true;
    this.#closeWhenIdle();
    return this.#closing ?? Promise.resolve();
  }

  /**
   * Sends the batches in one request per broker. Resolves to the offset of the first record of each batch,
   * in the batches' order; undefined where the answer did not name the partition.
   * @throws the driver's error when the outcome of some batch is unknown, or a broker refused.
   */
  async send(batches: readonly RecordBatch[]): Promise<(bigint | undefined)[]> {
    this.#sending++;
    try {
      await this.#ready();
      const answers = await this.#producer.sendBatch({
        acks: -1,
        timeout: this.#options.ackTimeoutMs,
        topicMessages: batches.map(({ topic, messages }) => ({ topic, messages: [...messages] })),
      });
      const offsets = new Map(
        answers
          .filter((it) => it.errorCode === 0 && it.baseOffset !== undefined)
          .map((it) => [`${it.topicName}/${it.partition}`, BigInt(it.baseOffset as string)]),
      );
      return batches.map(({ topic, partition }) => offsets.get(`${topic}/${partition}`));
    } finally {
      this.#sending--;
      this.#closeWhenIdle();
    }
  }

  async #ready(): Promise<void> {
    if (this.#isReady) return;
    this.#connecting ??= this.#producer.connect().finally(() => {
      this.#connecting = undefined;
    });
    await this.#connecting;
    this.#isReady = true;
  }

  #closeWhenIdle(): void {
    if (!this.#isRetired || this.#holds > 0 || this.#sending > 0) return;
    this.#closing ??= this.#producer.disconnect().catch(this.#options.onCloseFailure);
  }
}
