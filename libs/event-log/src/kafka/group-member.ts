// One member of one group on one topic. kafkajs joins the group, keeps the membership alive and fetches; the
// loops that all engines share hand over, repeat and bury.
//
//   joining ──GROUP_JOIN──▶ member ──GROUP_JOIN──▶ member (lost partitions aborted, kept ones go on)
//      ▲                    │    ▲
//      │             no heartbeat│for a session: the partitions may be somebody else's, handlers are aborted
//      │                    ▼    │heartbeat: nobody else had them
//      └──pause── crash ◀── unheard         stop(): handlers end, offsets are saved, the group is left
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { PartitionLoop } from '../consumer/partition-loop.js';
import { pause, retryPauseMs } from '../consumer/pause.js';
import type { LogRecord, SubscribeOptions } from '../event-log.js';
import { CommitKeeper } from './commit-keeper.js';
import { evenAssigner } from './even-assigner.js';
import { MEMBER_RETRY } from './kafka-client.js';
import { reasonOf, unavailable } from './kafka-error.js';
import { FETCH_BYTES_MAX, FETCH_WAIT_MS } from './kafka-limits.js';
import { RecordBuffer } from './record-buffer.js';
import { toLogRecord } from './to-log-record.js';

export interface GroupMemberOptions {
  readonly client: Kafka;
  /** The group's name at the brokers. */
  readonly groupId: string;
  readonly subscription: SubscribeOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessionTimeoutMs: number;
  readonly startDeadlineMs: number;
  readonly bury: (record: LogRecord, reason: string) => Promise<void>;
}

interface Owned {
  readonly buffer: RecordBuffer;
  readonly loop: PartitionLoop;
}

const HEARTBEATS_PER_SESSION = 5;
const WATCHES_PER_SESSION = 10;
/** What leaving may take when no broker answers. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Members have so long to come back when the group is divided anew, in sessions. */
const REBALANCE_SESSIONS = 2;

export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #commits: CommitKeeper;
  readonly #owned = new Map<number, Owned>();
  /** Loops of partitions that were taken away, until their handlers have ended. */
  readonly #ending = new Map<number, Promise<void>>();
  readonly #stopping = new AbortController();
  /** After `stopping`: the handlers have ended, nothing keeps the member any more. */
  readonly #leaving = new AbortController();
  #consumer: Consumer | undefined;
  #memberId: string | undefined;
  /** When the coordinator last took this member for one. */
  #heardMs = 0;
  /** Partitions given up for want of heartbeats, and where to go on in them. */
  #unheard: Map<number, bigint | undefined> | undefined;
  #running: Promise<void> | undefined;
  #onJoined: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    const { topic, group } = options.subscription;
    this.#commits = new CommitKeeper({
      save: (offsets) => this.#save(offsets),
      logger: options.logger,
      topic: topic.name,
      group,
    });
  }

  /** Records of this member's partitions that are not finished, as last heard. */
  get lag(): number {
    return [...this.#owned.values()].reduce((sum, { buffer }) => sum + buffer.lag, 0);
  }

  /** Offsets after the last records, by partition; keeps the lag right while nothing is fetched. */
  heardOfEnds(ends: readonly bigint[]): void {
    for (const [partition, { buffer }] of this.#owned) buffer.heardOfEnd(ends[partition] ?? 0n);
  }

  /** Resolves when the group has been divided for the first time. @throws ChatError UNAVAILABLE at the deadline. */
  async start(): Promise<void> {
    const deadline = new AbortController();
    const joined = new Promise<boolean>((resolve) => {
      this.#onJoined = () => resolve(true);
      void pause(this.#options.startDeadlineMs, deadline.signal).then(() => resolve(false));
    });
    this.#running = this.#run();
    const isJoined = await joined;
    deadline.abort();
    if (isJoined) return;
    await this.stop();
    throw unavailable(new Error('the group was not joined in time'));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#owned.values()].map(({ loop }) => loop.stop()));
    await Promise.all(this.#ending.values());
    await this.#commits.close();
    this.#leaving.abort();
    await this.#running;
  }

  /** Joins, and joins again after every failure that kafkajs does not get over. */
  async #run(): Promise<void> {
    for (let failures = 1; !this.#stopping.signal.aborted; failures++) {
      const since = this.#options.clock.now();
      try {
        await this.#beMember();
      } catch (thrown) {
        const { topic, group } = this.#options.subscription;
        const reason = reasonOf(thrown);
        this.#options.logger.warn('left the group', { topic: topic.name, group, failures, reason });
      }
      for (const partition of [...this.#owned.keys()]) this.#revoke(partition);
      if (this.#stopping.signal.aborted) return;
      if (this.#options.clock.now() - since > this.#options.sessionTimeoutMs) failures = 0;
      await pause(retryPauseMs(failures + 1), this.#stopping.signal);
    }
  }

  /** Is a member until `stop`. @throws what ended the membership. */
  async #beMember(): Promise<void> {
    const consumer = this.#newConsumer();
    const ended = new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      this.#leaving.signal.addEventListener('abort', () => resolve());
    });
    // It may crash before anybody waits for it.
    ended.catch(() => undefined);
    const watch = setInterval(() => this.#watch(), this.#options.sessionTimeoutMs / WATCHES_PER_SESSION);
    const joined = this.#join(consumer);
    try {
      await Promise.race([joined, ended]);
      await ended;
    } finally {
      clearInterval(watch);
      this.#consumer = undefined;
      this.#memberId = undefined;
      this.#unheard = undefined;
      // Leaving does not wait for brokers that are away; should they come back, nothing stays open.
      joined.then(
        () => this.#close(consumer),
        () => undefined,
      );
      await this.#close(consumer);
    }
  }

  async #join(consumer: Consumer): Promise<void> {
    const { topic } = this.#options.subscription;
    await consumer.connect();
    if (this.#leaving.signal.aborted) return;
    this.#consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#joined(payload.memberId, payload.memberAssignment[topic.name] ?? []);
    });
    consumer.on(consumer.events.HEARTBEAT, () => this.#heard());
    await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: async (payload) => this.#take(payload) });
  }

  #newConsumer(): Consumer {
    const { client, groupId, sessionTimeoutMs } = this.#options;
    return client.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * REBALANCE_SESSIONS,
      heartbeatInterval: sessionTimeoutMs / HEARTBEATS_PER_SESSION,
      maxBytesPerPartition: FETCH_BYTES_MAX,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      readUncommitted: true,
      partitionAssigners: [evenAssigner],
      // A new consumer begins with nothing left over, so this class restarts instead.
      retry: MEMBER_RETRY,
    });
  }

  async #close(consumer: Consumer): Promise<void> {
    const closed = new AbortController();
    const reason = await Promise.race([
      consumer.disconnect().then(() => undefined, reasonOf),
      pause(CLOSE_TIMEOUT_MS, closed.signal).then(() => `not closed in ${CLOSE_TIMEOUT_MS} ms`),
    ]);
    closed.abort();
    if (reason !== undefined) this.#options.logger.warn('consumer not closed', { reason });
  }

  /** Who hears of no coordinator for a session cannot know whether the partitions are its own. */
  #watch(): void {
    const { clock, logger, subscription, sessionTimeoutMs } = this.#options;
    if (this.#owned.size === 0 || clock.now() - this.#heardMs < sessionTimeoutMs) return;
    const { topic, group } = subscription;
    logger.warn('group unheard of', { topic: topic.name, group, partitions: this.#owned.size });
    this.#unheard = new Map([...this.#owned].map(([partition, { buffer }]) => [partition, buffer.standing]));
    for (const partition of [...this.#owned.keys()]) this.#revoke(partition);
  }

  /** The coordinator never missed this member: its partitions were nobody else's. */
  #heard(): void {
    this.#heardMs = this.#options.clock.now();
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    for (const [partition, standing] of unheard) {
      this.#own(partition);
      if (standing !== undefined) this.#seek(partition, standing);
    }
  }

  #joined(memberId: string, partitions: readonly number[]): void {
    const assigned = new Set(partitions);
    // Under a new id the member was away: others may have come further in its partitions meanwhile.
    const isSameMember = this.#memberId === memberId;
    this.#memberId = memberId;
    this.#heardMs = this.#options.clock.now();
    this.#unheard = undefined;
    for (const partition of [...this.#owned.keys()]) {
      if (!isSameMember || !assigned.has(partition)) this.#revoke(partition);
    }
    for (const partition of assigned) {
      const kept = this.#owned.get(partition);
      if (kept) this.#keep(partition, kept);
      else this.#own(partition);
    }
    this.#onJoined?.();
  }

  /** kafkajs would go back to the saved offsets. */
  #keep(partition: number, { buffer }: Owned): void {
    if (buffer.next !== undefined) this.#seek(partition, buffer.next);
    if (buffer.finished !== undefined) this.#commits.set(partition, buffer.finished);
  }

  #seek(partition: number, offset: bigint): void {
    const topic = this.#options.subscription.topic.name;
    this.#consumer?.seek({ topic, partition, offset: String(offset) });
  }

  #own(partition: number): void {
    if (this.#stopping.signal.aborted) return;
    const { subscription, clock, logger, bury } = this.#options;
    const buffer = new RecordBuffer({
      partition,
      setPaused: (isPaused) => this.#setPaused(partition, isPaused),
      onCommit: (next) => this.#commits.set(partition, next),
      bury,
    });
    const loop = new PartitionLoop({ source: buffer, subscription, clock, logger });
    this.#owned.set(partition, { buffer, loop });
    // A former owner of the partition may have left it paused.
    this.#setPaused(partition, false);
    // One handler at a time for a partition, in this process at least.
    const former = this.#ending.get(partition);
    if (former) void former.then(() => loop.start());
    else loop.start();
  }

  #revoke(partition: number): void {
    const owned = this.#owned.get(partition);
    if (!owned) return;
    this.#owned.delete(partition);
    owned.buffer.revoke();
    this.#commits.forget(partition);
    const former = this.#ending.get(partition);
    const ending: Promise<void> = Promise.all([former, owned.loop.stop()]).then(() => {
      if (this.#ending.get(partition) === ending) this.#ending.delete(partition);
    });
    this.#ending.set(partition, ending);
  }

  #setPaused(partition: number, isPaused: boolean): void {
    const where = [{ topic: this.#options.subscription.topic.name, partitions: [partition] }];
    if (isPaused) this.#consumer?.pause(where);
    else this.#consumer?.resume(where);
  }

  #take({ batch }: EachBatchPayload): void {
    const { partition, messages, highWatermark } = batch;
    const records = messages.map((message) => toLogRecord(partition, message));
    this.#owned.get(partition)?.buffer.take(records, BigInt(highWatermark));
  }

  async #save(offsets: ReadonlyMap<number, bigint>): Promise<void> {
    const topic = this.#options.subscription.topic.name;
    // Between two memberships there is nobody to commit as; the partitions are lost with the former one.
    await this.#consumer?.commitOffsets(
      [...offsets].map(([partition, next]) => ({ topic, partition, offset: String(next) })),
    );
  }
}
