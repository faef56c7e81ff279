// Appends on their way to the brokers. No timer gathers them: what waits goes when the former request to the
// same broker has ended. One batch of a partition is under way at a time, so its records keep their order
// whatever is sent again.
//
//   waiting ──next()──▶ sent ──acknowledged──▶ position
//                        │ ▲
//            fails, pause└─┘ the same batch again ──its last deadline──▶ UNAVAILABLE, and a new producer id
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Kafka, Message } from 'kafkajs';
import type { Position } from '../event-log.js';
import { WAITING_BYTES_MAX } from '../limits.js';
import { logClosed } from '../request-checks.js';
import { isProducerLost, isRecordRefused, reasonOf, refusalOf, unavailable } from './kafka-error.js';
import { PRODUCE_REQUEST_BYTES_MAX, RECORD_OVERHEAD_BYTES } from './kafka-limits.js';
import { PartitionQueue, type PendingAppend, type SentBatch } from './partition-queue.js';
import { ProducerSession } from './producer-session.js';

export interface AppendPipelineOptions {
  readonly client: Kafka;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deadlineMs: number;
  /** The broker that leads a partition, or -1 where that is not known. */
  readonly leaderOf: (topic: string, partition: number) => number;
  /** Something failed that new leaders may explain. */
  readonly onFailure: () => void;
}

export interface NewRecord {
  readonly topic: string;
  readonly partition: number;
  readonly message: Message;
  /** Key and value. */
  readonly bytes: number;
}

/** How often deadlines are looked at while something waits. */
const SWEEP_MS = 100;
const PAUSE_MS = 100;

/** The queues of one broker. */
interface Lane {
  readonly ready: Set<PartitionQueue>;
  isBusy: boolean;
  /** A request was refused for its records: batches go one by one until it is known whose fault it is. */
  isCareful: boolean;
}

export class AppendPipeline {
  readonly #options: AppendPipelineOptions;
  readonly #queues = new Map<string, PartitionQueue>();
  readonly #lanes = new Map<number, Lane>();
  #session: ProducerSession;
  #waitingBytes = 0;
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: AppendPipelineOptions) {
    this.#options = options;
    this.#session = this.#newSession();
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Rejects with OVERLOADED when 64 MiB wait, with UNAVAILABLE at the deadline. */
  append({ topic, partition, message, bytes }: NewRecord): Promise<Position> {
    if (this.#isClosed) return Promise.reject(logClosed());
    const cost = bytes + RECORD_OVERHEAD_BYTES;
    if (this.#waitingBytes + cost > WAITING_BYTES_MAX) {
      const info = 'the event log does not keep up: try again later';
      return Promise.reject(new ChatError(ErrorCode.OVERLOADED, info));
    }
    this.#waitingBytes += cost;
    return new Promise<Position>((resolve, reject) => {
      const append: PendingAppend = {
        message,
        bytes: cost,
        deadlineMs: this.#options.clock.now() + this.#options.deadlineMs,
        isSettled: false,
        settle: (outcome) => {
          this.#waitingBytes -= cost;
          if (outcome instanceof ChatError) reject(outcome);
          else resolve(outcome);
        },
      };
      const queue = this.#queueOf(topic, partition);
      queue.add(append);
      this.#offer(queue);
      this.#sweep ??= setInterval(() => this.#expire(), SWEEP_MS);
    });
  }

  /** Takes no more and resolves when nothing waits: at the latest when the deadlines have passed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isBusy()) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    clearInterval(this.#sweep);
    await this.#session.retire();
  }

  #isBusy(): boolean {
    return [...this.#queues.values()].some((queue) => !queue.isEmpty);
  }

  #queueOf(topic: string, partition: number): PartitionQueue {
    const name = `${topic}/${partition}`;
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new PartitionQueue(topic, partition);
      this.#queues.set(name, queue);
    }
    return queue;
  }

  #laneOf(leader: number): Lane {
    let lane = this.#lanes.get(leader);
    if (!lane) {
      lane = { ready: new Set(), isBusy: false, isCareful: false };
      this.#lanes.set(leader, lane);
    }
    return lane;
  }

  /** The queue has something to send, unless it is being sent: then it is offered again afterwards. */
  #offer(queue: PartitionQueue): void {
    if (queue.isSending) return;
    const lane = this.#laneOf(this.#options.leaderOf(queue.topic, queue.partition));
    const isFirst = lane.ready.size === 0;
    lane.ready.add(queue);
    // What the rest of this turn appends goes along.
    if (isFirst && !lane.isBusy) setImmediate(() => this.#pump(lane));
  }

  #pump(lane: Lane): void {
    if (lane.isBusy) return;
    const batches = this.#take(lane);
    const first = batches[0];
    if (!first) return;
    lane.isBusy = true;
    for (const { queue } of batches) queue.isSending = true;
    first.session
      .send(batches)
      .then(
        (offsets) => this.#acknowledged(lane, batches, offsets),
        (thrown: unknown) => this.#failed(lane, batches, thrown),
      )
      .then((pauseMs) => this.#goOn(lane, batches, pauseMs));
  }

  /** Batches for one request: of one session, and no more than a request holds. */
  #take(lane: Lane): SentBatch[] {
    const batches: SentBatch[] = [];
    let bytes = 0;
    for (const queue of [...lane.ready]) {
      // It may have become another broker's, and be under way there.
      const batch = queue.isSending ? undefined : queue.next(this.#session);
      if (!batch) {
        lane.ready.delete(queue);
        continue;
      }
      const isOther = batches.length > 0 && batch.session !== batches[0]?.session;
      if (isOther || (batches.length > 0 && bytes + batch.bytes > PRODUCE_REQUEST_BYTES_MAX)) continue;
      lane.ready.delete(queue);
      batches.push(batch);
      bytes += batch.bytes;
      if (lane.isCareful) break;
    }
    return batches;
  }

  #acknowledged(lane: Lane, batches: readonly SentBatch[], offsets: readonly (bigint | undefined)[]): number {
    batches.forEach(({ queue }, i) => {
      const offset = offsets[i];
      if (offset !== undefined) queue.succeed(offset);
    });
    if (lane.ready.size === 0) lane.isCareful = false;
    // kafkajs forgets a partition whose leader changed between its attempts: that batch was not sent.
    return offsets.includes(undefined) ? PAUSE_MS : 0;
  }

  /** Answers how long the lane rests. */
  #failed(lane: Lane, batches: readonly SentBatch[], thrown: unknown): number {
    const { logger, onFailure } = this.#options;
    const { topic, partition } = batches[0] as SentBatch;
    logger.warn('append failed', {
      topic,
      partition,
      batches: batches.length,
      refusal: refusalOf(thrown),
      reason: reasonOf(thrown),
    });
    onFailure();
    if (isProducerLost(thrown)) {
      this.#renewSession(batches[0]?.session);
      for (const { queue } of batches) queue.move(this.#session);
    } else if (isRecordRefused(thrown)) {
      if (batches.length > 1) lane.isCareful = true;
      else
        batches[0]?.queue.fail(
          new ChatError(ErrorCode.INTERNAL, 'the event log refused the record', { cause: thrown }),
        );
    }
    return PAUSE_MS;
  }

  #goOn(lane: Lane, batches: readonly SentBatch[], pauseMs: number): void {
    for (const { queue } of batches) queue.isSending = false;
    this.#expire();
    const proceed = (): void => {
      lane.isBusy = false;
      for (const { queue } of batches) if (!queue.isEmpty) this.#offer(queue);
      setImmediate(() => this.#pump(lane));
    };
    if (pauseMs === 0) proceed();
    else setTimeout(proceed, pauseMs);
  }

  /** Ends what is past its deadline. A batch that nobody waits for is given up once its request has ended. */
  #expire(): void {
    const now = this.#options.clock.now();
    for (const queue of this.#queues.values()) {
      const isAbandoned = queue.expire(now);
      if (!isAbandoned || queue.isSending) continue;
      this.#renewSession(queue.next(this.#session)?.session);
      queue.fail(unavailable(undefined));
    }
    if (this.#isBusy()) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
    this.#onIdle?.();
  }

  /** Batches from now on get a new producer id, unless `lost` is not the current one any more. */
  #renewSession(lost: ProducerSession | undefined): void {
    if (lost !== this.#session) return;
    this.#session = this.#newSession();
    void lost.retire();
  }

  #newSession(): ProducerSession {
    const { client, deadlineMs, logger } = this.#options;
    return new ProducerSession({
      client,
      ackTimeoutMs: deadlineMs,
      onCloseFailure: (thrown) => logger.warn('producer not closed', { reason: reasonOf(thrown) }),
    });
  }
}
