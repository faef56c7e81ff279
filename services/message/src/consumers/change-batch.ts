// The changes of one batch of the log: what the history writer decides on each, and which rows follow.
//
//   outcome and change rows durable ─▶ message rows durable ─▶ head durable
//
// In that order, so that after a failed batch an outcome that is there stands, and one that is not there means that
// no message shows the change yet: decided anew it comes out the same.
import { toBinary } from '@bufbuild/protobuf';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import type { Write } from '@parley/table-store';
import {
  type Conversation,
  conversationOf,
  groupConversationOf,
  type Stream,
} from '../domain/conversation.js';
import type { ConversationHead } from '../domain/conversation-head.js';
import {
  ChangeOutcome,
  changedMessage,
  type MessageChange,
  numbered,
  readChange,
  targetsOf,
  writeChange,
} from '../domain/message-change.js';
import { hasFlag, MessageFlag, type StoredMessage } from '../domain/message-facts.js';
import { withRecalled } from '../domain/recalled-counts.js';
import { readFacts } from '../encoding/message-encoding.js';
import { type ChangeStore, type DecidedChange, putChange, putOutcome } from '../stores/change-store.js';
import { putHidden, putSight, type Sight, type SightStore } from '../stores/sight-store.js';
import type { BatchRecord } from './history-batch.js';

// biome-ignore lint/suspicious/noExplicitAny: writes of different tables share no row type
type AnyWrite = Write<any>;

/** A row as the batch keeps it. */
export type ChangeableRow = StoredMessage & { readonly logOffset: bigint; readonly importRunFirst: bigint };

/** The part of a batch that a change looks at and alters. */
export interface ChangePlace {
  readonly stream: Stream;
  head: ConversationHead;
  readonly rows: Map<bigint, ChangeableRow>;
}

/** A change that is to be told once its batch is durable. */
export interface AppliedChange {
  readonly stream: Stream;
  readonly change: MessageChange;
  readonly bytes: Uint8Array;
  readonly record: BatchRecord;
}

export interface ChangeBatchOptions {
  readonly changes: ChangeStore;
  readonly sights: SightStore;
  /** Rows as the batch has them so far, or as they are stored; in the order asked. */
  readonly rowsOf: (place: ChangePlace, seqs: readonly bigint[]) => Promise<(ChangeableRow | undefined)[]>;
  readonly nowMs: number;
}

export class ChangeBatch {
  readonly #first: AnyWrite[] = [];
  readonly #sights = new Map<string, Sight>();
  readonly #decided = new Map<string, DecidedChange>();
  readonly applied: AppliedChange[] = [];

  constructor(private readonly options: ChangeBatchOptions) {}

  /** Must be durable before the messages' rows are. */
  get firstWrites(): readonly AnyWrite[] {
    return this.#first;
  }

  async add(place: ChangePlace, record: BatchRecord): Promise<void> {
    const { offset } = record.log;
    const { dedupKey, change: bytes } = record.read;
    if (bytes === undefined || offset < place.head.nextOffset) return;
    place.head = { ...place.head, nextOffset: offset + 1n };
    const name = `${place.stream.key} ${dedupKey}`;
    const known = this.#decided.get(name) ?? (await this.options.changes.outcome(place.stream, dedupKey));
    // A retry of what was decided on before.
    if (known !== undefined && known.logOffset !== offset) return;
    if (known !== undefined && known.outcome !== ChangeOutcome.APPLIED) return;
    const asked = numbered(readChange(bytes), place.head.changeSeq + 1n);
    const stored = known && (await this.options.changes.get(place.stream, known.changeSeq));
    const outcome =
      stored === undefined
        ? await this.#decide(place, asked, record)
        : await this.#redo(place, readChange(stored), record);
    const changeSeq = outcome === ChangeOutcome.APPLIED ? asked.changeSeq : 0n;
    const decided = { logOffset: offset, outcome, changeSeq };
    this.#decided.set(name, decided);
    this.#first.push(putOutcome(place.stream, dedupKey, decided));
  }

  async #decide(
    place: ChangePlace,
    asked: MessageChange,
    record: BatchRecord,
  ): Promise<messagev1.ChangeOutcome> {
    const { change } = asked;
    if (change.case === 'recall') return this.#recall(place, asked, record);
    if (change.case === 'modify') return this.#modify(place, asked, record);
    if (change.case === 'clearConversation') {
      const { upToSeq } = change.value;
      change.value.upToSeq = upToSeq === 0n || upToSeq > place.head.seq ? place.head.seq : upToSeq;
    }
    return this.#apply(place, asked, record);
  }

  /** A former try of this batch decided on it, but its head is not durable. */
  async #redo(
    place: ChangePlace,
    told: MessageChange,
    record: BatchRecord,
  ): Promise<messagev1.ChangeOutcome> {
    const rows = place.stream.kind === 'user' ? [] : await this.options.rowsOf(place, targetsOf(told));
    for (const row of rows) if (row !== undefined) this.#changeRow(place, row, told);
    return this.#apply(place, told, record);
  }

  async #recall(
    place: ChangePlace,
    asked: MessageChange,
    record: BatchRecord,
  ): Promise<messagev1.ChangeOutcome> {
    if (asked.change.case !== 'recall') return ChangeOutcome.NOT_FOUND;
    const rows = (await this.options.rowsOf(place, asked.change.value.seqs)).filter(
      (row) => row !== undefined,
    );
    if (rows.length === 0) return ChangeOutcome.NOT_FOUND;
    const whole = rows.filter((row) => !hasFlag(row.facts.flags, MessageFlag.RECALLED));
    if (whole.length === 0) return ChangeOutcome.ALREADY_RECALLED;
    asked.change.value.seqs = whole.map((row) => row.facts.seq);
    for (const row of whole) this.#changeRow(place, row, asked);
    return this.#apply(place, asked, record);
  }

  async #modify(
    place: ChangePlace,
    asked: MessageChange,
    record: BatchRecord,
  ): Promise<messagev1.ChangeOutcome> {
    if (asked.change.case !== 'modify') return ChangeOutcome.NOT_FOUND;
    const modify = asked.change.value;
    const [row] = await this.options.rowsOf(place, [modify.seq]);
    if (row === undefined) return ChangeOutcome.NOT_FOUND;
    if (hasFlag(row.facts.flags, MessageFlag.RECALLED)) return ChangeOutcome.ALREADY_RECALLED;
    const { expectedVersion } = modify;
    if (expectedVersion !== undefined && expectedVersion !== row.facts.version) {
      return ChangeOutcome.VERSION_CONFLICT;
    }
    modify.message = this.#changeRow(place, row, asked);
    return this.#apply(place, asked, record);
  }

  /** Answers the message as it is then; one that shows this change, or a later one, already stays. */
  #changeRow(place: ChangePlace, row: ChangeableRow, change: MessageChange): messagev1.Message | undefined {
    if (change.change.case === 'recall') {
      place.head = { ...place.head, recalled: withRecalled(place.head.recalled, [row.facts]) };
    }
    if (row.facts.version >= change.changeSeq) return undefined;
    const message = changedMessage(row.bytes, change);
    const bytes = toBinary(messagev1.MessageSchema, message);
    place.rows.set(row.facts.seq, { ...row, bytes, facts: readFacts(bytes) });
    return message;
  }

  async #apply(
    place: ChangePlace,
    change: MessageChange,
    record: BatchRecord,
  ): Promise<messagev1.ChangeOutcome> {
    const { changeSeq } = change;
    const bytes = writeChange(change);
    place.head = { ...place.head, changeSeq, updatedAtMs: this.options.nowMs };
    if (change.change.case === 'clearConversation') {
      const { upToSeq } = change.change.value;
      if (upToSeq > place.head.clearedSeq) place.head = { ...place.head, clearedSeq: upToSeq };
    }
    if (place.stream.kind === 'user') await this.#narrow(place.stream, change, record);
    this.#first.push(putChange(place.stream, { changeSeq, bytes }));
    this.applied.push({ stream: place.stream, change, bytes, record });
    return ChangeOutcome.APPLIED;
  }

  /** The user sees less. */
  async #narrow(
    { user, appId }: { user: UserId; appId: AppId },
    { type, to, change }: MessageChange,
    { log }: BatchRecord,
  ): Promise<void> {
    const conversation = seenConversation(appId, { user, type, to });
    const name = `${user} ${conversation.id}`;
    const sight = this.#sights.get(name) ?? (await this.options.sights.of(conversation, user));
    const { offset: logOffset } = log;
    const after = narrowed(sight, change);
    if (change.case === 'hide') {
      for (const seq of change.value.seqs)
        this.#first.push(putHidden(conversation, user, { seq, logOffset }));
    }
    this.#sights.set(name, after);
    this.#first.push(putSight(conversation, user, { sight: after, logOffset }));
  }
}

function narrowed(sight: Sight, change: MessageChange['change']): Sight {
  if (change.case === 'clear') {
    const { upToSeq } = change.value;
    return upToSeq > sight.clearedSeq ? { ...sight, clearedSeq: upToSeq } : sight;
  }
  if (change.case !== 'hide') return sight;
  let { hiddenFirst, hiddenLast } = sight;
  for (const seq of change.value.seqs) {
    if (hiddenFirst === 0n || seq < hiddenFirst) hiddenFirst = seq;
    if (seq > hiddenLast) hiddenLast = seq;
  }
  return { ...sight, hiddenFirst, hiddenLast };
}

const seenConversation = (
  appId: AppId,
  { user, type, to }: { user: UserId; type: messagev1.ConversationType; to: string },
): Conversation =>
  type === messagev1.ConversationType.GROUP
    ? groupConversationOf(appId, to as GroupId)
    : conversationOf(appId, user, to as UserId);
