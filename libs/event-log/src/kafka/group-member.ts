// One member of one group on one topic. kafkajs joins the group, keeps the membership alive and fetches; the
// loops that all engines share hand over, repeat and bury.
//
//   joining ──GROUP_JOIN──▶ member ──GROUP_JOIN──▶ member (lost partitions aborted, kept ones go on)
//      └──pause── crash ◀─────┘   what else may happen to a membership: membership-watch.ts
//
// stop(): the handlers end, offsets are saved, the group is left.
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import kafkajs, { type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs';
import { pause, retryPauseMs } from '../consumer/pause.js';
import type { LogRecord, SubscribeOptions } from '../event-log.js';
import { CommitKeeper } from './commit-keeper.js';
import { evenAssigner } from './even-assigner.js';
import { MEMBER_RETRY } from './kafka-client.js';
import { reasonOf, unavailable } from './kafka-error.js';
import { FETCH_BYTES_MAX, FETCH_WAIT_MS } from './kafka-limits.js';
import { MembershipWatch } from './membership-watch.js';
import { OwnedPartitions } from './owned-partitions.js';
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

const HEARTBEATS_PER_SESSION = 5;
const WATCHES_PER_SESSION = 20;
/** Members have so long to come back when the group is divided anew, in sessions. */
const REBALANCE_SESSIONS = 2;
/** Leaders that changed without an error to tell are heard of after this. */
const METADATA_AGE_MS = 5_000;
/** What leaving may take when no broker answers. */
const CLOSE_TIMEOUT_MS = 5_000;

export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #commits: CommitKeeper;
  readonly #owned: OwnedPartitions;
  readonly #watch: MembershipWatch;
  readonly #stopping = new AbortController();
  /** After `stopping`: the handlers have ended, nothing keeps the member any more. */
  readonly #leaving = new AbortController();
  #consumer: Consumer | undefined;
  #memberId: string | undefined;
  #shouldJoinAgain = false;
  #endMembership: (reason: Error) => void = () => undefined;
  #commitNow: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  /** Partitions given up for want of heartbeats, and where to go on in them. */
  #unheard = new Map<number, bigint | undefined>();
  #running: Promise<void> | undefined;
  #onJoined: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    const { logger, subscription } = options;
    this.#watch = new MembershipWatch(options.sessionTimeoutMs);
    this.#commits = new CommitKeeper({
      save: (offsets) => this.#save(offsets),
      logger,
      topic: subscription.topic.name,
      group: subscription.group,
    });
    this.#owned = new OwnedPartitions({
      ...options,
      fetching: {
        setPaused: (partition, isPaused) => this.#setPaused(partition, isPaused),
        seek: (partition, offset) => this.#seek(partition, offset),
      },
      commit: (partition, next) => this.#commits.set(partition, next),
      forget: (partition) => this.#commits.forget(partition),
    });
  }

  /** Records of this member's partitions that are not finished, as last heard. */
  get lag(): number {
    return this.#owned.lag;
  }

  /** Offsets after the last records, by partition; keeps the lag right while nothing is fetched. */
  heardOfEnds(ends: readonly bigint[]): void {
    this.#owned.heardOfEnds(ends);
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
    await this.#owned.stop();
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
        this.#warn('left the group', { failures, reason: reasonOf(thrown) });
      }
      for (const partition of this.#owned.partitions) this.#owned.revoke(partition);
      if (this.#stopping.signal.aborted) return;
      if (this.#options.clock.now() - since > this.#options.sessionTimeoutMs) failures = 0;
      await pause(retryPauseMs(failures + 1), this.#stopping.signal);
    }
  }

  /** Is a member until `stop`. @throws what ended the membership. */
  async #beMember(): Promise<void> {
    const consumer = this.#newConsumer();
    const ended = new Promise<void>((resolve, reject) => {
      this.#endMembership = reject;
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      this.#leaving.signal.addEventListener('abort', () => resolve());
    });
    // It may crash before anybody waits for it.
    ended.catch(() => undefined);
    const watching = setInterval(() => this.#judge(), this.#options.sessionTimeoutMs / WATCHES_PER_SESSION);
    const joined = this.#join(consumer);
    try {
      await Promise.race([joined, ended]);
      await ended;
    } finally {
      clearInterval(watching);
      this.#watch.off();
      this.#consumer = undefined;
      this.#memberId = undefined;
      this.#commitNow = undefined;
      this.#shouldJoinAgain = false;
      this.#unheard.clear();
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
    consumer.on(consumer.events.FETCH, () => this.#watch.fetched());
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
      metadataMaxAge: METADATA_AGE_MS,
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
    if (reason !== undefined) this.#warn('consumer not closed', { reason });
  }

  #joined(memberId: string, partitions: readonly number[]): void {
    const assigned = new Set(partitions);
    // Under a new id the member was away: others may have come further in its partitions meanwhile.
    const isSameMember = this.#memberId === memberId;
    this.#memberId = memberId;
    this.#watch.heard(this.#options.clock.now());
    this.#shouldJoinAgain = false;
    this.#unheard.clear();
    for (const partition of this.#owned.partitions) {
      if (!isSameMember || !assigned.has(partition)) this.#owned.revoke(partition);
    }
    for (const partition of assigned) {
      if (this.#owned.has(partition)) this.#owned.keep(partition);
      else if (!this.#stopping.signal.aborted) this.#owned.own(partition);
    }
    this.#onJoined?.();
  }

  #judge(): void {
    const verdict = this.#watch.judge(this.#options.clock.now());
    if (verdict === 'member') return;
    if (verdict === 'joinAgain') this.#shouldJoinAgain = true;
    if (verdict === 'abandon') this.#abandonPartitions();
    if (verdict === 'beginAnew') this.#endMembership(new Error('no heartbeat although the brokers answer'));
  }

  #abandonPartitions(): void {
    const { partitions } = this.#owned;
    this.#warn('group unheard of', { partitions: partitions.length });
    for (const partition of partitions) this.#unheard.set(partition, this.#owned.revoke(partition));
  }

  /** The coordinator never missed this member: its partitions were nobody else's. */
  #heard(): void {
    this.#watch.heard(this.#options.clock.now());
    this.#shouldJoinAgain = false;
    if (this.#unheard.size === 0) return;
    const unheard = [...this.#unheard];
    this.#unheard.clear();
    if (this.#stopping.signal.aborted) return;
    for (const [partition, standing] of unheard) this.#owned.own(partition, standing);
  }

  #take({ batch, commitOffsetsIfNecessary }: EachBatchPayload): void {
    this.#commitNow ??= commitOffsetsIfNecessary;
    if (this.#shouldJoinAgain) this.#joinAgain();
    const { partition, messages, highWatermark } = batch;
    const records = messages.map((message) => toLogRecord(partition, message));
    this.#owned.take(partition, records, BigInt(highWatermark));
  }

  /** @throws what kafkajs takes for the beginning of a rebalance, so that it finds the coordinator anew. */
  #joinAgain(): never {
    this.#shouldJoinAgain = false;
    this.#warn('coordinator silent', {});
    const begun = new kafkajs.KafkaJSError('the coordinator is silent');
    throw Object.assign(begun, { type: 'REBALANCE_IN_PROGRESS' });
  }

  #seek(partition: number, offset: bigint): void {
    const topic = this.#options.subscription.topic.name;
    this.#consumer?.seek({ topic, partition, offset: String(offset) });
  }

  #setPaused(partition: number, isPaused: boolean): void {
    const where = [{ topic: this.#options.subscription.topic.name, partitions: [partition] }];
    if (isPaused) this.#consumer?.pause(where);
    else this.#consumer?.resume(where);
  }

  /**
   * One request, under the membership of now. The consumer's own `commitOffsets` would repeat it for minutes,
   * with offsets of partitions that are somebody else's by then.
   */
  async #save(offsets: ReadonlyMap<number, bigint>): Promise<void> {
    const { topic } = this.#options.subscription;
    const partitions = [...offsets].map(([partition, next]) => ({ partition, offset: String(next) }));
    // Between two memberships there is nobody to commit as; the partitions are lost with the former one.
    await this.#commitNow?.({ topics: [{ topic: topic.name, partitions }] });
  }

  #warn(event: string, fields: Readonly<Record<string, unknown>>): void {
    const { topic, group } = this.#options.subscription;
    this.#options.logger.warn(event, { topic: topic.name, group, ...fields });
  }
}
