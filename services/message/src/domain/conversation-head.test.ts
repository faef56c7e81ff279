import type { AppId, UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { conversationOf } from './conversation.js';
import {
  type ConversationHead,
  decideRecord,
  EMPTY_HEAD,
  withLate,
  withNext,
  withVoid,
} from './conversation-head.js';
import { type MessageFacts, MessageFlag } from './message-facts.js';
import { NOTHING_READ, peerCount, unreadAt } from './unread.js';

const NOW = 5_000_000;
const facts = (seq: number, more: Partial<MessageFacts> = {}): MessageFacts => ({
  seq: BigInt(seq),
  from: 'alice' as UserId,
  to: 'bob' as UserId,
  type: messagev1.ConversationType.C2C,
  timeMs: NOW,
  msgSeq: 1,
  random: 1,
  flags: 0,
  numberedAtMs: NOW,
  countFromFirst: 0n,
  countFromSecond: 0n,
  toAccounts: [],
  hasMentions: false,
  groupFieldBytes: 0,
  version: 0n,
  ...more,
});
const record = (offset: number, one: MessageFacts, appendedAtMs = NOW) => ({
  offset: BigInt(offset),
  appendedAtMs,
  facts: one,
});
const fromBob = { from: 'bob' as UserId, to: 'alice' as UserId };
const after = (...all: MessageFacts[]): ConversationHead =>
  all.reduce((head, one, index) => withNext(head, record(index, one), NOW), EMPTY_HEAD);

describe('conversation head', () => {
  it('counts each side apart, and neither what does not count nor self talk', () => {
    const head = after(
      facts(1),
      facts(2, fromBob),
      facts(3),
      facts(4, { flags: MessageFlag.NO_UNREAD }),
      facts(5, { to: 'alice' as UserId }),
    );
    expect(head).toMatchObject({ seq: 5n, countFromFirst: 2n, countFromSecond: 1n, nextOffset: 5n });
  });

  it('tells records apart', () => {
    const head = withNext(EMPTY_HEAD, record(7, facts(3)), NOW);
    expect(decideRecord(head, record(7, facts(3)))).toBe('covered');
    expect(decideRecord(head, record(8, facts(4)))).toBe('next');
    expect(decideRecord(head, record(8, facts(3)))).toBe('below-head');
    expect(decideRecord(head, record(8, facts(4), NOW + 10_000))).toBe('next');
    expect(decideRecord(head, record(8, facts(4), NOW + 10_001))).toBe('void');
  });

  it('remembers void numbers as taken, and nothing else of them', () => {
    const head = withVoid(after(facts(1)), record(4, facts(9)));
    expect(head).toMatchObject({ seq: 1n, takenSeq: 9n, nextOffset: 5n, countFromFirst: 1n });
  });

  it('keeps the last message per side', () => {
    const hidden = facts(2, { flags: MessageFlag.HIDDEN_FROM_SENDER });
    expect(after(facts(1), hidden)).toMatchObject({ lastSeqFirst: 1n, lastSeqSecond: 2n });
    expect(after(facts(1), facts(2, { flags: MessageFlag.NO_LAST }))).toMatchObject({
      lastSeqFirst: 1n,
      lastSeqSecond: 1n,
    });
  });

  it('does not let an import of older time become the last message', () => {
    const older = facts(2, { flags: MessageFlag.IMPORTED, timeMs: NOW - 1 });
    expect(after(facts(1), older)).toMatchObject({ lastSeqFirst: 1n, lastTimeMs: NOW, importedSeqMax: 2n });
    const newer = facts(2, { flags: MessageFlag.IMPORTED, timeMs: NOW + 1 });
    expect(after(facts(1), newer)).toMatchObject({ lastSeqFirst: 2n, lastTimeMs: NOW + 1 });
  });

  it('ends a run of imports at other messages and at gaps', () => {
    const imported = (seq: number) => facts(seq, { flags: MessageFlag.IMPORTED });
    expect(after(imported(1), imported(2)).importRunFirst).toBe(1n);
    expect(after(imported(1), facts(2)).importRunFirst).toBe(0n);
    expect(after(imported(1), imported(3)).importRunFirst).toBe(3n);
  });

  it('takes a late message in', () => {
    const head = after(facts(1), facts(3));
    const late = withLate(
      head,
      record(9, facts(2, fromBob)),
      { countFromFirst: 2n, countFromSecond: 1n },
      NOW,
    );
    expect(late).toMatchObject({
      seq: 3n,
      lateCount: 1n,
      countFromSecond: 1n,
      lastSeqFirst: 3n,
      nextOffset: 10n,
    });
  });
});

describe('unread', () => {
  const conversation = conversationOf(1 as AppId, 'bob' as UserId, 'alice' as UserId);
  const head = { ...EMPTY_HEAD, seq: 10n, countFromFirst: 6n, countFromSecond: 4n };

  it('is what the peer sent above the mark', () => {
    expect(peerCount(head, conversation, 'alice' as UserId)).toBe(4n);
    expect(peerCount(head, conversation, 'bob' as UserId)).toBe(6n);
    expect(unreadAt(head, NOTHING_READ, 6n)).toBe(6n);
    expect(unreadAt(head, { ...NOTHING_READ, readSeq: 5n, readCount: 2n }, 6n)).toBe(4n);
    expect(unreadAt(head, { ...NOTHING_READ, readSeq: 10n }, 6n)).toBe(0n);
  });

  it('must be counted anew when a late message may lie below the mark', () => {
    const mark = { ...NOTHING_READ, readSeq: 5n, readCount: 2n };
    expect(unreadAt({ ...head, lateCount: 1n }, mark, 6n)).toBeUndefined();
  });
});
