// The newest state of a conversation and how a log record changes it. The history writer
// applies the records of one conversation in the order of the log; the outcome
// depends on nothing else, so a replay decides as the first time.
import { HOLE_PENDING_MS, type UserId } from '@parley/kernel';
import {
  hasFlag,
  isCounted,
  isImported,
  isMention,
  isReadByAll,
  isTargeted,
  isToGroup,
  isVisibleTo,
  type MessageFacts,
  MessageFlag,
  senderSide,
} from './message-facts.js';

export interface ConversationHead {
  /** Log offset after the last record that is in this head; the row's version. */
  readonly nextOffset: bigint;
  /** The highest number with a message. */
  readonly seq: bigint;
  /** The highest number seen, void ones included: the counter goes on above it. */
  readonly takenSeq: bigint;
  /** Messages of each side that count as unread for the other; in a group the first one is of all. */
  readonly countFromFirst: bigint;
  readonly countFromSecond: bigint;
  /**
   * The last message as each side sees it; 0: none. In a group the first one is the last that all members
   * see, and the second the last that only some do.
   */
  readonly lastSeqFirst: bigint;
  readonly lastSeqSecond: bigint;
  readonly lastTimeMs: number;
  /** The highest number of an imported message; 0: none. */
  readonly importedSeqMax: bigint;
  /** First number of the unbroken run of imports that ends at `seq`; 0: `seq` is no import. */
  readonly importRunFirst: bigint;
  /** How often a message was put below the head; counts kept elsewhere are good while it stands. */
  readonly lateCount: bigint;
  readonly updatedAtMs: number;
  /** Number of the last change; 0: none. */
  readonly changeSeq: bigint;
  /** What is not above is shown to no user. */
  readonly clearedSeq: bigint;
  /** Messages that were counted before they were recalled; see recalled-counts.ts. */
  readonly recalled: readonly bigint[];
  /** In a group: what was brought in up to here counts as read by whoever was in it; 0: nothing of the sort. */
  readonly readByAllSeq: bigint;
  /** In a group: the highest number of a message that mentions somebody; 0: none. */
  readonly mentionSeq: bigint;
}

export const EMPTY_HEAD: ConversationHead = {
  nextOffset: 0n,
  seq: 0n,
  takenSeq: 0n,
  countFromFirst: 0n,
  countFromSecond: 0n,
  lastSeqFirst: 0n,
  lastSeqSecond: 0n,
  lastTimeMs: 0,
  importedSeqMax: 0n,
  importRunFirst: 0n,
  lateCount: 0n,
  updatedAtMs: 0,
  changeSeq: 0n,
  clearedSeq: 0n,
  recalled: [],
  readByAllSeq: 0n,
  mentionSeq: 0n,
};

export interface AppendedMessage {
  readonly offset: bigint;
  readonly appendedAtMs: number;
  readonly facts: MessageFacts;
}

export type RecordKind =
  /** The head has it already. */
  | 'covered'
  /** Appended so late that its number was given up. */
  | 'void'
  /** The next message. */
  | 'next'
  /** Its number is not above the head's: a copy, or a late message. */
  | 'below-head';

/** A message of such a record is none, for anybody who reads the log. */
export const isVoid = (numberedAtMs: number, appendedAtMs: number): boolean =>
  appendedAtMs - numberedAtMs > HOLE_PENDING_MS;

export function decideRecord(head: ConversationHead, record: AppendedMessage): RecordKind {
  if (record.offset < head.nextOffset) return 'covered';
  if (isVoid(record.facts.numberedAtMs, record.appendedAtMs)) return 'void';
  return record.facts.seq > head.seq ? 'next' : 'below-head';
}

export function withVoid(head: ConversationHead, record: AppendedMessage): ConversationHead {
  const { seq } = record.facts;
  return { ...head, nextOffset: record.offset + 1n, takenSeq: higher(seq, head.takenSeq) };
}

export const withCopy = (
  head: ConversationHead,
  record: Pick<AppendedMessage, 'offset'>,
): ConversationHead => ({
  ...head,
  nextOffset: record.offset + 1n,
});

export function withNext(head: ConversationHead, record: AppendedMessage, nowMs: number): ConversationHead {
  const { facts } = record;
  const counts = countAfter(head, facts);
  const last = lastAfter(head, facts);
  return {
    nextOffset: record.offset + 1n,
    seq: facts.seq,
    takenSeq: higher(facts.seq, head.takenSeq),
    countFromFirst: counts.countFromFirst,
    countFromSecond: counts.countFromSecond,
    lastSeqFirst: last.first,
    lastSeqSecond: last.second,
    lastTimeMs: last.timeMs,
    importedSeqMax: isImported(facts) ? facts.seq : head.importedSeqMax,
    importRunFirst: importRunAfter(head, facts),
    lateCount: head.lateCount,
    updatedAtMs: nowMs,
    changeSeq: head.changeSeq,
    clearedSeq: head.clearedSeq,
    recalled: head.recalled,
    readByAllSeq: isReadByAll(facts) ? facts.seq : head.readByAllSeq,
    mentionSeq: isMention(facts) ? facts.seq : head.mentionSeq,
  };
}

/** `counts` are those of the highest message once the late one was counted in. */
export function withLate(
  head: ConversationHead,
  record: AppendedMessage,
  counts: Counts,
  nowMs: number,
): ConversationHead {
  const { facts } = record;
  const last = lastAfter(head, facts);
  return {
    ...head,
    nextOffset: record.offset + 1n,
    countFromFirst: counts.countFromFirst,
    countFromSecond: counts.countFromSecond,
    lastSeqFirst: last.first,
    lastSeqSecond: last.second,
    lastTimeMs: last.timeMs,
    importedSeqMax: isImported(facts) && facts.seq > head.importedSeqMax ? facts.seq : head.importedSeqMax,
    lateCount: head.lateCount + 1n,
    readByAllSeq: isReadByAll(facts) ? higher(facts.seq, head.readByAllSeq) : head.readByAllSeq,
    mentionSeq: isMention(facts) ? higher(facts.seq, head.mentionSeq) : head.mentionSeq,
    updatedAtMs: nowMs,
  };
}

export interface Counts {
  readonly countFromFirst: bigint;
  readonly countFromSecond: bigint;
}

/** The running counts at a message whose predecessor has `before`. */
export function countAfter(before: Counts, facts: MessageFacts): Counts {
  if (!isCounted(facts)) return before;
  return senderSide(facts) === 'first'
    ? { countFromFirst: before.countFromFirst + 1n, countFromSecond: before.countFromSecond }
    : { countFromFirst: before.countFromFirst, countFromSecond: before.countFromSecond + 1n };
}

function lastAfter(
  head: ConversationHead,
  facts: MessageFacts,
): { first: bigint; second: bigint; timeMs: number } {
  const { lastSeqFirst, lastSeqSecond } = head;
  const isOlderImport = isImported(facts) && facts.timeMs < head.lastTimeMs;
  if (hasFlag(facts.flags, MessageFlag.NO_LAST) || isOlderImport) {
    return { first: lastSeqFirst, second: lastSeqSecond, timeMs: head.lastTimeMs };
  }
  const isLast = isToGroup(facts) ? lastInGroup(facts) : lastInPair(facts);
  const isNewFirst = facts.seq > lastSeqFirst && isLast.first;
  const isNewSecond = facts.seq > lastSeqSecond && isLast.second;
  return {
    first: isNewFirst ? facts.seq : lastSeqFirst,
    second: isNewSecond ? facts.seq : lastSeqSecond,
    timeMs: isNewFirst || isNewSecond ? facts.timeMs : head.lastTimeMs,
  };
}

/** By side of the pair. */
function lastInPair(facts: MessageFacts): { first: boolean; second: boolean } {
  const [from, to] = [facts.from, facts.to as UserId];
  const [first, second] = from <= to ? [from, to] : [to, from];
  return { first: isVisibleTo(facts, first), second: isVisibleTo(facts, second) };
}

const lastInGroup = (facts: MessageFacts): { first: boolean; second: boolean } => ({
  first: !isTargeted(facts),
  second: isTargeted(facts),
});

/** A run ends at every gap, so a late message never lies within one. */
function importRunAfter(head: ConversationHead, facts: MessageFacts): bigint {
  if (!isImported(facts)) return 0n;
  return head.importRunFirst !== 0n && facts.seq === head.seq + 1n ? head.importRunFirst : facts.seq;
}

const higher = (a: bigint, b: bigint): bigint => {
  if (a > b) return a;
  return b;
};
