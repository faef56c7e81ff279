// Sends messages until the server has them, or it takes too long. Order within a
// conversation is send-lane.ts; this file does the calls and tells the results.
import { fromBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import type { CallChannel } from '../calls/call-channel.js';
import { type CallOutcome, mayRepeat } from '../calls/call-outcome.js';
import { toFailure } from '../calls/caller.js';
import { METHOD } from '../calls/method.js';
import { decideBackoffMs } from '../connection/backoff.js';
import { ONLINE_ONLY_GIVE_UP_MS, SEND_ATTEMPT_MS, SENDS_MAX } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { ConversationKind } from '../messages/conversation-kind.js';
import { hasFlag, MessageFlag } from '../messages/message-flags.js';
import { toSeconds } from '../messages/read-message.js';
import type { SendOptions } from '../model/chat-sdk.js';
import type { Message, MessageRecord } from '../model/message.js';
import { ageFromNow } from '../time/age.js';
import type { ChatClock } from '../time/clock.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import { type LaneJob, SendLane } from './send-lane.js';
import { encodeSend } from './send-request.js';

export interface SenderOptions {
  readonly channel: CallChannel;
  readonly clock: ChatClock;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly giveUpMs: number;
  /** The message is stored under record.seq; called before the promise of send() resolves. */
  readonly onStored: (record: MessageRecord) => void;
}

interface SendJob extends LaneJob {
  readonly record: MessageRecord;
  readonly kind: ConversationKind;
  readonly request: Uint8Array;
  readonly lane: SendLane<SendJob>;
  readonly resolve: (message: Message) => void;
  readonly reject: (failure: ChatFailure) => void;
  /** Since the first attempt; undefined before it, and when it was made by an SDK that is gone. */
  ageMs: (() => number) | undefined;
  cancelGiveUp: CancelTimer;
  /** When the latest attempt began, by the elapsed clock; before the first: -Infinity. */
  attemptedAtMs: number;
}

interface FailedSend {
  readonly record: MessageRecord;
  readonly attempts: number;
  readonly ageMs: (() => number) | undefined;
  /** May still hold its place in the lane. */
  readonly job: SendJob;
}

type SendStart = Omit<SendJob, 'lane' | 'isInFlight' | 'notBeforeMs' | 'cancelGiveUp' | 'attemptedAtMs'>;

/** What the server says about a stored message. */
interface StoredFacts {
  readonly seq: number;
  readonly time: number;
  readonly sequence: number;
}

export class Sender {
  private readonly lanes = new Map<string, SendLane<SendJob>>();
  private readonly jobs = new Map<string, SendJob>();
  private readonly failed = new Map<string, FailedSend>();
  private isStarted = false;

  constructor(private readonly options: SenderOptions) {}

  /** Unsettled sends of a conversation. */
  countOf(conversationID: string): number {
    return this.lanes.get(conversationID)?.size ?? 0;
  }

  /**
   * Resolves when the message is stored; rejects when it is refused or given up. A
   * message that failed before counts on with its attempts, so that the server looks it up.
   */
  send(message: Message, options: SendOptions): { record: MessageRecord; done: Promise<Message> } {
    if (this.jobs.has(message.ID))
      throw new ChatFailure(FailureCode.BAD_PARAMETER, 'the message is being sent');
    if (this.jobs.size >= SENDS_MAX) {
      throw new ChatFailure(FailureCode.TOO_MANY_REQUESTS, `${SENDS_MAX} messages wait already`);
    }
    const { request, flags, kind } = encodeSend(message, options);
    const before = this.failed.get(message.ID);
    const attempt = before?.attempts ?? (message.status === 'fail' ? 1 : 0);
    const ageMs = before?.ageMs;
    this.failed.delete(message.ID);
    message.status = 'unSend';
    const record: MessageRecord = { message, seq: 0, flags, isCounted: false, isSentHere: true, version: 0 };
    const done = new Promise<Message>((resolve, reject) => {
      this.add({ record, kind, request, attempt, ageMs, resolve, reject }, before?.job);
    });
    return { record, done };
  }

  /** A socket is ready: everything that waits for one may go. */
  pump(): void {
    this.isStarted = true;
    for (const lane of this.lanes.values()) this.pumpLane(lane);
  }

  /**
   * A stored message was seen that may be one of ours whose answer was lost.
   *
   * @returns the record to go on with, and whether the app had been told that it failed.
   */
  observe(seen: MessageRecord): { record: MessageRecord; isRevived: boolean } {
    const { ID, time, sequence } = seen.message;
    const facts = { seq: seen.seq, time, sequence };
    const job = this.jobs.get(ID);
    if (job !== undefined) {
      this.settle(job, facts);
      return { record: job.record, isRevived: false };
    }
    const failed = this.failed.get(ID);
    if (failed === undefined) return { record: seen, isRevived: false };
    this.failed.delete(ID);
    markStored(failed.record, facts);
    return { record: failed.record, isRevived: true };
  }

  /** The session is over. */
  failAll(failure: ChatFailure): void {
    for (const job of [...this.jobs.values()]) this.fail(job, failure);
  }

  private add(start: SendStart, insteadOf: SendJob | undefined): void {
    const { conversationID, ID } = start.record.message;
    const lane = this.lanes.get(conversationID) ?? new SendLane<SendJob>();
    this.lanes.set(conversationID, lane);
    const job: SendJob = {
      ...start,
      lane,
      isInFlight: false,
      notBeforeMs: 0,
      cancelGiveUp: () => undefined,
      attemptedAtMs: Number.NEGATIVE_INFINITY,
    };
    const isOnlineOnly = hasFlag(start.record.flags, MessageFlag.ONLINE_ONLY);
    const giveUpMs = isOnlineOnly ? ONLINE_ONLY_GIVE_UP_MS : this.options.giveUpMs;
    job.cancelGiveUp = this.options.timer.after(giveUpMs, () => this.giveUp(job));
    this.jobs.set(ID, job);
    lane.add(job, insteadOf);
    this.pumpLane(lane);
  }

  private pumpLane(lane: SendLane<SendJob>): void {
    if (!this.isStarted || !this.options.channel.isOpen) return;
    const job = lane.take(this.options.clock.elapsed());
    if (job !== undefined) void this.attempt(job);
  }

  private async attempt(job: SendJob): Promise<void> {
    const { request, attempt } = job;
    const method = METHOD.send.number;
    const first = { method, request, attempt, timeoutMs: SEND_ATTEMPT_MS };
    const again = job.ageMs === undefined ? first : { ...first, firstAttemptAgeMs: job.ageMs };
    if (attempt === 0) job.ageMs = ageFromNow(this.options.clock);
    job.attemptedAtMs = this.options.clock.elapsed();
    const outcome = await this.options.channel.call(again);
    if (this.jobs.get(job.record.message.ID) !== job) return; // observed or given up meanwhile
    if (outcome.kind === 'answered' && outcome.code === 0) this.accept(job, outcome.response);
    else if (mayRepeat(outcome)) this.repeat(job, outcome);
    else this.fail(job, toFailure(outcome));
  }

  private accept(job: SendJob, response: Uint8Array): void {
    const facts = readFacts(response, job.kind);
    if (facts === undefined) {
      this.fail(
        job,
        new ChatFailure(FailureCode.ANSWER_MALFORMED, 'the answer of the server cannot be read'),
      );
      return;
    }
    this.settle(job, facts);
    this.options.onStored(job.record);
  }

  private repeat(job: SendJob, outcome: CallOutcome): void {
    const { clock, timer, random } = this.options;
    const retryAfterMs = outcome.kind === 'answered' ? outcome.retryAfterMs : 0;
    const isPaused = outcome.kind === 'answered';
    const pauseMs = isPaused ? decideBackoffMs({ failures: job.attempt, retryAfterMs, chance: random() }) : 0;
    job.lane.repeat(job, clock.elapsed() + pauseMs);
    if (isPaused) timer.after(pauseMs, () => this.pumpLane(job.lane));
    else this.pumpLane(job.lane);
  }

  private settle(job: SendJob, facts: StoredFacts): void {
    markStored(job.record, facts);
    this.close(job);
    this.leaveLane(job);
    job.resolve(job.record.message);
  }

  private giveUp(job: SendJob): void {
    const { channel, clock, timer } = this.options;
    const code = channel.isOpen ? FailureCode.TIMEOUT : FailureCode.NETWORK;
    const info = channel.isOpen ? 'the send took too long' : 'no connection to the server';
    this.refuse(job, new ChatFailure(code, info));
    // The latest attempt may still become a message, also over a connection that is lost: what comes after it
    // waits until the server has given it up.
    const leftMs = job.attemptedAtMs + SEND_ATTEMPT_MS - clock.elapsed();
    if (leftMs <= 0) this.leaveLane(job);
    else {
      job.isInFlight = true;
      timer.after(leftMs, () => this.leaveLane(job));
    }
  }

  private fail(job: SendJob, failure: ChatFailure): void {
    this.refuse(job, failure);
    this.leaveLane(job);
  }

  private refuse(job: SendJob, failure: ChatFailure): void {
    const { message } = job.record;
    message.status = 'fail';
    this.remember(job);
    this.close(job);
    job.reject(new ChatFailure(failure.code, failure.message, { message }));
  }

  private remember(job: SendJob): void {
    this.failed.set(job.record.message.ID, {
      record: job.record,
      attempts: job.attempt + 1,
      ageMs: job.ageMs,
      job,
    });
    if (this.failed.size <= SENDS_MAX) return;
    const [oldest] = this.failed.keys();
    if (oldest !== undefined) this.failed.delete(oldest);
  }

  private close(job: SendJob): void {
    job.cancelGiveUp();
    this.jobs.delete(job.record.message.ID);
  }

  private leaveLane(job: SendJob): void {
    const { conversationID } = job.record.message;
    job.lane.remove(job);
    if (job.lane.size > 0) this.pumpLane(job.lane);
    else if (this.lanes.get(conversationID) === job.lane) this.lanes.delete(conversationID);
  }
}

function markStored(record: MessageRecord, { seq, time, sequence }: StoredFacts): void {
  record.seq = seq;
  record.message.status = 'success';
  record.message.time = time;
  record.message.sequence = sequence;
}

function readFacts(response: Uint8Array, kind: ConversationKind): StoredFacts | undefined {
  try {
    const { seq: stored, timeMs, msgSeq } = fromBinary(messagev1.SendResponseSchema, response);
    const seq = Number(stored);
    return { seq, time: toSeconds(timeMs), sequence: kind.sequenceOf({ seq, msgSeq }) };
  } catch {
    return undefined; // the generated code can only throw; the caller has the words for it
  }
}
