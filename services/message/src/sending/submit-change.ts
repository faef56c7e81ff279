// The way of a checked change: append, wait for the history writer, read what it decided.

import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { Clock, ConnectionId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { Stream } from '../domain/conversation.js';
import { ChangeOutcome, type MessageChange, readChange, writeChange } from '../domain/message-change.js';
import { historyBehind } from '../errors.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { ChangeStore } from '../stores/change-store.js';
import type { AppendMessage } from './append-message.js';

/** A change that the writer passes within this time is answered; later the caller asks again. */
const DECISION_WAIT_MS = 5_000;

export interface SubmittedChange {
  readonly stream: Stream;
  readonly change: MessageChange;
  /** Names the change among its retries; undefined: it has none. */
  readonly dedupKey: string | undefined;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export interface ChangeAnswer {
  readonly outcome: messagev1.ChangeOutcome;
  /** Undefined: not applied. */
  readonly change: MessageChange | undefined;
}

export interface SubmitChangeOptions {
  readonly append: AppendMessage;
  readonly progress: HistoryProgress;
  readonly changes: ChangeStore;
  readonly clock: Clock;
  readonly partitionOf: (stream: Stream) => number;
}

export class SubmitChange {
  constructor(private readonly options: SubmitChangeOptions) {}

  /** Answers once the writer has decided. @throws ChatError UNAVAILABLE; a retry by the same key finds out. */
  async run(submitted: SubmittedChange): Promise<ChangeAnswer> {
    const { append, progress, clock, partitionOf, changes } = this.options;
    const { stream, originConnectionId } = submitted;
    const dedupKey = submitted.dedupKey ?? randomUUID();
    const record = create(messagev1.MessageRecordSchema, {
      appId: stream.appId,
      conversationId: stream.id,
      dedupKey,
      originConnectionId: originConnectionId ?? '',
      change: writeChange(submitted.change),
    });
    await append.run(stream, toBinary(messagev1.MessageRecordSchema, record), clock.now());
    if (!(await progress.catchUp(partitionOf(stream), DECISION_WAIT_MS))) throw historyBehind();
    const decided = await changes.outcome(stream, dedupKey);
    if (decided === undefined) throw historyBehind();
    if (decided.outcome !== ChangeOutcome.APPLIED) return { outcome: decided.outcome, change: undefined };
    const bytes = await changes.get(stream, decided.changeSeq);
    return { outcome: decided.outcome, change: bytes && readChange(bytes) };
  }
}
