// One batch of the log on its way into the tables: which records are messages, what they
// count, which rows they become. Reads what it must; writes nothing.
import type { LogRecord } from '@parley/event-log';
import type { AppId, ConversationId, GroupId, UserId } from '@parley/kernel';
import type { Write } from '@parley/table-store';
import { conversationOf, groupConversationOf, type Stream } from '../domain/conversation.js';
import {
  type AppendedMessage,
  type ConversationHead,
  type Counts,
  countAfter,
  decideRecord,
  EMPTY_HEAD,
  withCopy,
  withLate,
  withNext,
  withVoid,
} from '../domain/conversation-head.js';
import { readChange, streamOf } from '../domain/message-change.js';
import {
  hasFlag,
  isImported,
  isMention,
  isReadingBySending,
  isToGroup,
  type MessageFacts,
  MessageFlag,
  type StoredMessage,
} from '../domain/message-facts.js';
import type { ReadMark } from '../domain/unread.js';
import { withCounts } from '../encoding/message-encoding.js';
import type { RecordRead } from '../encoding/record-encoding.js';
import type { MessageEvents } from '../events.js';
import type { ChangeStore } from '../stores/change-store.js';
import { rememberSend } from '../stores/dedup-store.js';
import { putLastSent } from '../stores/group-mark-store.js';
import { putImported } from '../stores/imported-store.js';
import { putMention, removeMention } from '../stores/mention-store.js';
import { type MessageRow, type MessageStore, putMessage } from '../stores/message-store.js';
import type { SightStore } from '../stores/sight-store.js';
import { beginConversation } from '../stores/user-conversation-store.js';
import { type AppliedChange, ChangeBatch } from './change-batch.js';

// biome-ignore lint/suspicious/noExplicitAny: writes of different tables share no row type
type AnyWrite = Write<any>;
type NewRow = Omit<MessageRow, 'facts'> & StoredMessage;

const LATE_ROWS_PER_READ = 500;

export interface HistoryBatchOptions {
  readonly messages: MessageStore;
  readonly changes: ChangeStore;
  readonly sights: SightStore;
  readonly events: MessageEvents;
  /** Heads as they stood before the batch, by conversation key; undefined: the conversation is new. */
  readonly heads: ReadonlyMap<string, ConversationHead | undefined>;
  readonly nowMs: number;
}

/** A record with what was read from it. */
export interface BatchRecord {
  readonly key: string;
  readonly log: LogRecord;
  readonly read: RecordRead;
}

interface Touched {
  readonly stream: Stream;
  head: ConversationHead;
  /** Rows that this batch makes or changes; the last state of each. */
  readonly rows: Map<bigint, NewRow>;
  /** In a group: where the senders of the batch stand by their last messages. */
  readonly lastSent: Map<UserId, ReadMark>;
}

export class HistoryBatch {
  readonly #touched = new Map<string, Touched>();
  readonly #otherWrites: AnyWrite[] = [];
  #messages = 0;
  #changes: ChangeBatch | undefined;

  constructor(private readonly options: HistoryBatchOptions) {}

  /** Rows that must be durable before those of rowWrites(). */
  firstWrites(): readonly AnyWrite[] {
    return this.#changes?.firstWrites ?? [];
  }

  /** Changes that are told once the heads are durable, in the order of the log. */
  get applied(): readonly AppliedChange[] {
    return this.#changes?.applied ?? [];
  }

  /** Messages that became rows. */
  get messages(): number {
    return this.#messages;
  }

  /** Takes the records of the partition in the order of the log. @throws Error on a number that is given twice. */
  async add(record: BatchRecord): Promise<void> {
    const touched = this.#open(record);
    if (record.read.change !== undefined) return this.#changesOfBatch().add(touched, record);
    const message: AppendedMessage = {
      offset: record.log.offset,
      appendedAtMs: record.log.appendedAtMs,
      facts: record.read.facts,
    };
    const kind = decideRecord(touched.head, message);
    if (kind === 'covered') return;
    if (kind === 'void') this.#dropVoid(touched, message);
    else if (kind === 'next') this.#addNext(touched, record, message);
    else await this.#addBelowHead(touched, record, message);
  }

  /** Rows of everything but heads. They must be durable before the heads say that they are there. */
  rowWrites(): AnyWrite[] {
    const writes = this.#otherWrites;
    for (const { stream, rows, lastSent } of this.#touched.values()) {
      for (const [seq, row] of rows) writes.push(putMessage(stream, seq, row));
      if (stream.kind !== 'group') continue;
      for (const [seq, { facts, bytes }] of rows) {
        if (isMention(facts)) writes.push(putMention(stream, seq, bytes));
        else if (hasFlag(facts.flags, MessageFlag.RECALLED)) writes.push(removeMention(stream, seq));
      }
      for (const [user, mark] of lastSent) writes.push(putLastSent(stream, user, mark));
    }
    return writes;
  }

  /** The new heads, by key. */
  heads(): Map<string, { stream: Stream; head: ConversationHead }> {
    const changed = new Map<string, { stream: Stream; head: ConversationHead }>();
    for (const [key, { stream, head }] of this.#touched) {
      const before = this.options.heads.get(key) ?? EMPTY_HEAD;
      if (head !== before) changed.set(key, { stream, head });
    }
    return changed;
  }

  #open(record: BatchRecord): Touched {
    const known = this.#touched.get(record.key);
    if (known !== undefined) return known;
    const { facts, appId, change } = record.read;
    const touched = {
      stream:
        change === undefined
          ? conversationOfMessage(appId as AppId, facts)
          : streamOf(appId as AppId, readChange(change)),
      head: this.options.heads.get(record.key) ?? EMPTY_HEAD,
      rows: new Map<bigint, NewRow>(),
      lastSent: change !== undefined || isToGroup(facts) ? new Map<UserId, ReadMark>() : NOBODY_SENT,
    };
    this.#touched.set(record.key, touched);
    return touched;
  }

  #dropVoid(touched: Touched, message: AppendedMessage): void {
    const { facts } = message;
    touched.head = withVoid(touched.head, message);
    this.options.events.voidDropped(touched.stream, facts.seq, message.appendedAtMs - facts.numberedAtMs);
  }

  #addNext(touched: Touched, record: BatchRecord, message: AppendedMessage): void {
    // Also with a head that has only void numbers so far: beginning twice changes nothing.
    const { stream } = touched;
    if (touched.head.seq === 0n && stream.kind === 'pair') {
      this.#otherWrites.push(...beginConversation(stream));
    }
    touched.head = withNext(touched.head, message, this.options.nowMs);
    this.#putRow(touched, record, {
      counts: touched.head,
      importRunFirst: touched.head.importRunFirst,
    });
    this.#remember(touched, record);
    this.#moveSender(touched, record.read.facts, touched.head);
  }

  async #addBelowHead(touched: Touched, record: BatchRecord, message: AppendedMessage): Promise<void> {
    const { seq } = message.facts;
    const present = touched.rows.get(seq) ?? (await this.#rowOf(touched, seq));
    // A row of this very record: a former try of the batch wrote it, but not yet the head.
    if (present !== undefined && present.logOffset !== message.offset) {
      if (!isSameSend(present, record.read)) {
        this.options.events.numberCollided(touched.stream, seq);
        throw new Error('a number was given to two messages');
      }
      touched.head = withCopy(touched.head, message);
      this.options.events.copyDropped();
      return;
    }
    const counts = await this.#insertLate(touched, record);
    touched.head = withLate(touched.head, message, counts, this.options.nowMs);
    this.#remember(touched, record);
    const placed = touched.rows.get(seq)?.facts;
    if (placed !== undefined) this.#moveSender(touched, placed, placed);
    this.options.events.lateWritten(touched.stream, seq);
  }

  /** Puts the row in its place and counts everything above it anew; answers the highest row's counts. */
  async #insertLate(touched: Touched, record: BatchRecord): Promise<Counts> {
    const { seq } = record.read.facts;
    let counts: Counts = (await this.#rowBelow(touched, seq))?.facts ?? EMPTY_HEAD;
    counts = countAfter(counts, record.read.facts);
    const importRunFirst = isImported(record.read.facts) ? seq : 0n;
    this.#putRow(touched, record, { counts, importRunFirst });
    for (const row of await this.#rowsAbove(touched, seq)) {
      counts = countAfter(counts, row.facts);
      touched.rows.set(row.facts.seq, {
        ...row,
        facts: {
          ...row.facts,
          countFromFirst: counts.countFromFirst,
          countFromSecond: counts.countFromSecond,
        },
        bytes: withCounts(row.bytes, row.facts, counts),
      });
    }
    return counts;
  }

  #putRow(touched: Touched, record: BatchRecord, placed: { counts: Counts; importRunFirst: bigint }): void {
    const { facts, message } = record.read;
    const { countFromFirst, countFromSecond } = placed.counts;
    touched.rows.set(facts.seq, {
      facts: { ...facts, countFromFirst, countFromSecond },
      bytes: withCounts(message, facts, placed.counts),
      logOffset: record.log.offset,
      importRunFirst: placed.importRunFirst,
    });
    this.#messages++;
  }

  #remember(touched: Touched, record: BatchRecord): void {
    const { facts, dedupKey, dedupWindowS } = record.read;
    const { stream: conversation } = touched;
    if (dedupKey !== '') {
      const send = { seq: facts.seq, timeMs: facts.numberedAtMs, windowS: dedupWindowS };
      this.#otherWrites.push(rememberSend(conversation, dedupKey, send));
    }
    if (isImported(facts)) this.#otherWrites.push(putImported(conversation, facts, record.log.offset));
  }

  /** Sending is reading: the sender of a message to a group has read up to it. */
  #moveSender(touched: Touched, facts: MessageFacts, counts: Counts): void {
    if (!isReadingBySending(facts) || facts.seq < (touched.lastSent.get(facts.from)?.readSeq ?? 0n)) return;
    touched.lastSent.set(facts.from, {
      readSeq: facts.seq,
      readCount: counts.countFromFirst,
      readLateCount: touched.head.lateCount,
      readAtMs: this.options.nowMs,
      readMessageTimeMs: facts.timeMs,
    });
  }

  async #rowOf(touched: Touched, seq: bigint): Promise<MessageRow | undefined> {
    const [row] = await this.options.messages.getMany([{ conversation: touched.stream, seq }]);
    return row;
  }

  /** Made for the first change: batches without one have none of it. */
  #changesOfBatch(): ChangeBatch {
    const { changes, sights, nowMs } = this.options;
    this.#changes ??= new ChangeBatch({
      changes,
      sights,
      nowMs,
      rowsOf: (place, seqs) => this.#rowsOf(place, seqs),
    });
    return this.#changes;
  }

  async #rowsOf(
    { stream, rows }: Pick<Touched, 'stream' | 'rows'>,
    seqs: readonly bigint[],
  ): Promise<(NewRow | undefined)[]> {
    const missing = seqs.filter((seq) => !rows.has(seq));
    const stored = await this.options.messages.getMany(missing.map((seq) => ({ conversation: stream, seq })));
    const found = new Map(missing.map((seq, index) => [seq, stored[index]]));
    return seqs.map((seq) => rows.get(seq) ?? found.get(seq));
  }

  async #rowBelow(touched: Touched, seq: bigint): Promise<NewRow | undefined> {
    const stored = await this.options.messages.newestUpTo(touched.stream, seq - 1n);
    let highest: NewRow | undefined = stored;
    for (const row of touched.rows.values()) {
      // The batch's own state of a row replaces the stored one.
      if (row.facts.seq < seq && row.facts.seq >= (highest?.facts.seq ?? 0n)) highest = row;
    }
    return highest;
  }

  /** Rows of the tables and of this batch, ascending; few, for a late message is at most HOLE_PENDING_MS late. */
  async #rowsAbove(touched: Touched, seq: bigint): Promise<NewRow[]> {
    const { messages } = this.options;
    const above = new Map<bigint, NewRow>();
    const lastSeq = touched.head.seq;
    for (let afterSeq = seq; ; ) {
      const page = await messages.scanUp(touched.stream, { afterSeq, lastSeq }, LATE_ROWS_PER_READ);
      for (const row of page.rows) above.set(row.facts.seq, row);
      const last = page.rows.at(-1);
      if (page.isExhausted || last === undefined) break;
      afterSeq = last.facts.seq;
    }
    for (const row of touched.rows.values()) if (row.facts.seq > seq) above.set(row.facts.seq, row);
    return [...above.values()].sort((a, b) => (a.facts.seq < b.facts.seq ? -1 : 1));
  }
}

/**
 * Copies of one send have one numbering, and only retries of one send share a numbering. What
 * else is in them may differ: it is the caller's, and imports may even come from either side.
 */
function isSameSend(present: StoredMessage, record: RecordRead): boolean {
  const [a, b] = [present.facts, record.facts];
  return a.numberedAtMs === b.numberedAtMs && (a.from === b.from || (isImported(a) && isImported(b)));
}

const NOBODY_SENT: Map<UserId, ReadMark> = new Map();

const conversationOfMessage = (appId: AppId, facts: MessageFacts): Stream =>
  isToGroup(facts)
    ? groupConversationOf(appId, facts.to as GroupId)
    : conversationOf(appId, facts.from, facts.to as UserId);

/** Names the conversation of a record in the tables. */
export const refOf = (read: RecordRead): { appId: AppId; id: ConversationId } => ({
  appId: read.appId as AppId,
  id: read.conversationId as ConversationId,
});
