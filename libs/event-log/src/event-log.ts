// The port: a partitioned durable log with consumer groups.

/** A topic, declared as data by the service that publishes it. */
export interface Topic {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  /** Fixed for the topic's life: a key must stay in its partition. */
  readonly partitions: number;
  /** Records older than this may be dropped, never before every known group has passed them. */
  readonly retentionMs: number;
}

/** Where a record is. Offsets rise by at least one within a partition and start at 0. */
export interface Position {
  readonly partition: number;
  readonly offset: bigint;
}

export interface LogRecord extends Position {
  readonly key: string;
  readonly value: Uint8Array;
  /** When the log took it, by the log's own clock, ms. */
  readonly appendedAtMs: number;
}

/** Consecutive records of one partition. */
export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

/**
 * Handles a batch; its effects must be durable when it resolves, and idempotent:
 * the same records may come again, also to another process at the same time
 * around a rebalance. A rejection means "again": the batch is retried with
 * backoff; after `attemptsMax` each record is tried alone, and one that still
 * fails goes to the topic's dead letters, durably, before the group moves on.
 * A ChatError that is retryable (an engine is away) is retried without end.
 * `signal` aborts when the partition is taken away or the log closes.
 */
export type BatchHandler = (batch: LogBatch, signal: AbortSignal) => Promise<void>;

export interface SubscribeOptions {
  readonly topic: Topic;
  /** Members of one group share the partitions; each group sees every record. */
  readonly group: string;
  readonly handler: BatchHandler;
  /** Records of a batch at most; default 500. Bytes at most: 4 MiB, or one record. */
  readonly batchRecordsMax?: number;
  /** Default 5. */
  readonly attemptsMax?: number;
  /** Hands a record over only when it is this old; default 0. */
  readonly delayMs?: number;
}

export interface Subscription {
  /** Stops taking batches, waits for the running ones, commits, leaves the group. Idempotent. */
  stop(): Promise<void>;
}

export interface DeadLetter {
  readonly group: string;
  readonly record: LogRecord;
  readonly reason: string;
  readonly diedAtMs: number;
}

/**
 * The log. At least once, in order per key. `append` resolves when the record
 * is durable (embedded: fsynced; Kafka: acknowledged by all in-sync replicas)
 * and rejects with ChatError UNAVAILABLE when it is not known to be; the record
 * may then still appear. Appends of one process to one key keep their order.
 */
export interface EventLog {
  /** Makes the declared topics usable. @throws when a topic exists with another number of partitions. */
  ensureTopics(topics: readonly Topic[]): Promise<void>;
  /** Value at most 1 MiB, key at most 4 KiB of UTF-8. At most 64 MiB wait at once; beyond that it rejects with OVERLOADED. */
  append(topic: Topic, key: string, value: Uint8Array): Promise<Position>;
  /** The partition of a key; the same in every process and for ever. */
  partitionOf(topic: Topic, key: string): number;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Offset after the last record of each partition, by index. */
  endOffsets(topic: Topic): Promise<bigint[]>;
  /** Offset of the first record that the group has not finished, by partition; 0n where it never committed. */
  committedOffsets(topic: Topic, group: string): Promise<bigint[]>;
  /** Dead letters of a topic, oldest first. */
  deadLetters(topic: Topic, limit: number): Promise<DeadLetter[]>;
  close(): Promise<void>;
}
