// Appends of one partition, in order: those that wait, and before them the batch that is being sent.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { Message } from 'kafkajs';
import type { Position } from '../event-log.js';
import { PRODUCE_BATCH_BYTES_MAX } from './kafka-limits.js';
import type { ProducerSession, RecordBatch } from './producer-session.js';

export interface PendingAppend {
  readonly message: Message;
  readonly bytes: number;
  readonly deadlineMs: number;
  readonly settle: (outcome: Position | ChatError) => void;
  isSettled: boolean;
}

/** Its appends stay together until their outcome is known: sent again, they are the same batch. */
export interface SentBatch extends RecordBatch {
  readonly queue: PartitionQueue;
  readonly session: ProducerSession;
  readonly appends: readonly PendingAppend[];
  readonly bytes: number;
}

export function settle(append: PendingAppend, outcome: Position | ChatError): void {
  if (append.isSettled) return;
  append.isSettled = true;
  append.settle(outcome);
}

const expired = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the event log did not acknowledge in time: try again');

export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  #waiting: PendingAppend[] = [];
  #sent: SentBatch | undefined;
  /** Whether a request that holds the sent batch is under way. */
  isSending = false;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#sent === undefined;
  }

  add(append: PendingAppend): void {
    this.#waiting.push(append);
  }

  /** The batch to send next: the unfinished one, else a new one under `session`. */
  next(session: ProducerSession): SentBatch | undefined {
    this.#sent ??= this.#freeze(session);
    return this.#sent;
  }

  /** The sent batch's first record is at `offset`. */
  succeed(offset: bigint): void {
    const { partition } = this;
    this.#sent?.appends.forEach((append, i) => {
      settle(append, { partition, offset: offset + BigInt(i) });
    });
    this.#finish();
  }

  /** The sent batch will not be sent again. */
  fail(error: ChatError): void {
    for (const append of this.#sent?.appends ?? []) settle(append, error);
    this.#finish();
  }

  /** The sent batch goes on under another session; what the former one stored of it may appear twice. */
  move(session: ProducerSession): void {
    if (!this.#sent) return;
    session.hold();
    this.#sent.session.release();
    this.#sent = { ...this.#sent, session };
  }

  /** Rejects what is past its deadline. Answers whether the sent batch has nobody left who waits for it. */
  expire(nowMs: number): boolean {
    const isLate = (append: PendingAppend): boolean => append.deadlineMs <= nowMs;
    const inTime = this.#waiting.findIndex((append) => !isLate(append));
    const late = this.#waiting.splice(0, inTime < 0 ? this.#waiting.length : inTime);
    const sent = this.#sent?.appends ?? [];
    for (const append of [...sent.filter(isLate), ...late]) settle(append, expired());
    return this.#sent !== undefined && sent.every((append) => append.isSettled);
  }

  #finish(): void {
    this.#sent?.session.release();
    this.#sent = undefined;
  }

  #freeze(session: ProducerSession): SentBatch | undefined {
    let bytes = 0;
    let count = 0;
    for (const append of this.#waiting) {
      if (count > 0 && bytes + append.bytes > PRODUCE_BATCH_BYTES_MAX) break;
      bytes += append.bytes;
      count++;
    }
    if (count === 0) return undefined;
    const appends = this.#waiting.splice(0, count);
    session.hold();
    const messages = appends.map((append) => append.message);
    return { queue: this, topic: this.topic, partition: this.partition, session, appends, messages, bytes };
  }
}
