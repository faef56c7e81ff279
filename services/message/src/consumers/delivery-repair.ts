// Delivers again what has no delivery mark a moment after its append: the process that acked
// died, a gateway node did not answer, or the mark was lost. Receivers drop what they have.
import type { BatchHandler, LogRecord } from '@parley/event-log';
import { type AppId, ChatError, type Clock, ErrorCode } from '@parley/kernel';
import { isVoid } from '../domain/conversation-head.js';
import { readChange, streamOf } from '../domain/message-change.js';
import { isToGroup } from '../domain/message-facts.js';
import { type RecordRead, readRecord } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { AnnounceChanges } from '../sending/announce-changes.js';
import type { DeliverMessage } from '../sending/deliver-message.js';
import type { DeliveryMarks } from '../sending/delivery-marks.js';
import type { ChangeStore } from '../stores/change-store.js';

/** How long after the append a record is looked at. */
export const REPAIR_DELAY_MS = 2_000;
/** Older messages are left to the sync that every client does when it connects. */
const REPAIR_AGE_MS_MAX = 60_000;

export interface DeliveryRepairOptions {
  readonly marks: DeliveryMarks;
  readonly deliver: DeliverMessage;
  readonly changes: ChangeStore;
  readonly announce: AnnounceChanges;
  readonly events: MessageEvents;
  readonly clock: Clock;
}

export class DeliveryRepair {
  constructor(private readonly options: DeliveryRepairOptions) {}

  readonly handle: BatchHandler = async (batch) => {
    const { marks, events, clock } = this.options;
    const oldestMs = clock.now() - REPAIR_AGE_MS_MAX;
    const young = batch.records.filter((record) => record.appendedAtMs >= oldestMs);
    if (young.length < batch.records.length) events.repairExpired(batch.records.length - young.length);
    if (young.length === 0) return;
    const undelivered = await marks.undelivered(batch.partition, young);
    const missed = undelivered.map(toMissed);
    const due = missed.filter(isDue);
    if (due.length > 0) await this.#redeliver(due);
    for (const { record, read } of missed) if (read.change !== undefined) await this.#retell(record, read);
  };

  /** A change that was decided on by a process that then died, or could not tell everybody. Once; see AnnounceChanges. */
  async #retell(log: LogRecord, read: RecordRead): Promise<void> {
    const { changes, announce, events, marks } = this.options;
    const stream = streamOf(read.appId as AppId, readChange(read.change ?? new Uint8Array(0)));
    const decided = await changes.outcome(stream, read.dedupKey);
    if (decided === undefined || decided.logOffset !== log.offset || decided.changeSeq === 0n) return;
    const bytes = await changes.get(stream, decided.changeSeq);
    if (bytes === undefined) return;
    const record = { key: log.key, log, read };
    await announce.push({ stream, change: readChange(bytes), record }).then(
      () => marks.add(log),
      (error: unknown) => events.changeNotTold(stream, error),
    );
  }

  /** Rejects with UNAVAILABLE when some could not be delivered: the batch comes again until it is too old. */
  async #redeliver(missed: readonly Missed[]): Promise<void> {
    const { marks, deliver, events } = this.options;
    const outcomes = await Promise.allSettled(
      missed.map(({ read }) => deliver.push(toDeliverable(read), read.message)),
    );
    let failures = 0;
    outcomes.forEach((outcome, index) => {
      const record = missed[index]?.record;
      if (outcome.status === 'fulfilled' && record !== undefined) marks.add(record);
      else failures++;
    });
    events.repaired(missed.length - failures);
    if (failures === 0) return;
    await marks.flush();
    throw new ChatError(ErrorCode.UNAVAILABLE, `${failures} messages could not be delivered again`);
  }
}

interface Missed {
  readonly record: LogRecord;
  readonly read: RecordRead;
}

const toMissed = (record: LogRecord): Missed => ({ record, read: readRecord(record.value) });

const isDue = ({ record, read }: Missed): boolean =>
  read.change === undefined && !read.isSilent && !isVoid(read.facts.numberedAtMs, record.appendedAtMs);

const toDeliverable = (read: RecordRead) => ({
  conversation: { appId: read.appId as AppId },
  from: read.facts.from,
  to: read.facts.to,
  flags: read.facts.flags,
  group: isToGroup(read.facts) ? read.facts : undefined,
  originConnectionId: read.originConnectionId,
  isSilent: read.isSilent,
});
