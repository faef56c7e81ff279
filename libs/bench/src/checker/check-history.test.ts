import { checkHistory, type Invariant } from './check-history.js';
import type { DeviceView, History, HistoryEvent, StoredMessage } from './history.js';

const stored = (id: string, seq: bigint, sender = 'alice'): StoredMessage => ({
  id,
  seq,
  sequence: Number(seq),
  sender,
  countsAsUnread: true,
});
const send = (id: string): HistoryEvent => ({
  kind: 'send',
  id,
  conversation: 'ab',
  sender: 'alice',
  device: 'alice-1',
  atMs: 0,
});
const ack = (id: string, sequence: number): HistoryEvent => ({ kind: 'ack', id, sequence, atMs: 0 });
const shown = (id: string): HistoryEvent => ({
  kind: 'shown',
  device: 'bob-1',
  conversation: 'ab',
  id,
  atMs: 0,
});
const view = (ids: string[], change: Partial<DeviceView> = {}): DeviceView => ({
  device: 'bob-1',
  user: 'bob',
  conversation: 'ab',
  ids,
  unread: ids.length,
  readSeq: 0n,
  isSendingReading: false,
  ...change,
});

const whole: History = {
  events: [
    send('m1'),
    send('m2'),
    send('m3'),
    ack('m1', 1),
    ack('m2', 2),
    ack('m3', 4),
    shown('m1'),
    shown('m2'),
    shown('m3'),
  ],
  stored: [{ conversation: 'ab', messages: [stored('m1', 1n), stored('m2', 2n), stored('m3', 4n)] }],
  views: [view(['m1', 'm2', 'm3'])],
};

const broken: [Invariant, string, History][] = [
  [
    'I1',
    'an acked message is missing',
    { ...whole, stored: [{ conversation: 'ab', messages: [stored('m1', 1n), stored('m3', 4n)] }] },
  ],
  [
    'I1',
    'a message is stored twice',
    {
      ...whole,
      stored: [{ conversation: 'ab', messages: [...(whole.stored[0]?.messages ?? []), stored('m1', 5n)] }],
    },
  ],
  ['I1', 'the ack named another number', { ...whole, events: [...whole.events, ack('m1', 3)] }],
  ['I2', 'a shown message is not stored', { ...whole, events: [...whole.events, shown('ghost')] }],
  ['I3', 'a message is shown twice', { ...whole, events: [...whole.events, shown('m3')] }],
  ['I4', 'messages are shown out of order', { ...whole, events: [shown('m2'), shown('m1'), shown('m3')] }],
  ['I4', 'a list is out of order', { ...whole, views: [view(['m2', 'm1', 'm3'])] }],
  ['I5', 'a device misses a message', { ...whole, views: [view(['m1', 'm3'], { unread: 3 })] }],
  [
    'I5',
    'a device was never told of the last message',
    { ...whole, events: whole.events.filter(({ kind, id }) => kind !== 'shown' || id !== 'm3') },
  ],
  [
    'I6',
    'a number is used twice',
    { ...whole, stored: [{ conversation: 'ab', messages: [stored('m1', 1n), stored('m2', 1n)] }] },
  ],
  ['I7', 'a device skipped a message', { ...whole, events: [shown('m1'), shown('m3')] }],
  ['I8', 'sends changed their order', { ...whole, events: [send('m2'), send('m1')] }],
  ['I9', 'unread differs from the store', { ...whole, views: [view(['m1', 'm2', 'm3'], { unread: 2 })] }],
];

describe('checkHistory', () => {
  it('finds nothing in a whole history, and judged every invariant', () => {
    const report = checkHistory(whole);
    expect(report.violations).toEqual([]);
    expect(Object.values(report.judged).every((count) => count > 0)).toBe(true);
  });

  it('counts a read mark against unread', () => {
    const report = checkHistory({ ...whole, views: [view(['m1', 'm2', 'm3'], { unread: 1, readSeq: 2n })] });
    expect(report.violations).toEqual([]);
  });

  it('takes an own message in a group for a read mark', () => {
    const messages = [stored('m1', 1n), stored('m2', 2n, 'bob'), stored('m3', 4n)];
    const history: History = {
      ...whole,
      stored: [{ conversation: 'ab', messages }],
      views: [view(['m1', 'm2', 'm3'], { unread: 1, isSendingReading: true })],
    };
    expect(checkHistory(history).violations).toEqual([]);
    const alike = { ...history, views: [view(['m1', 'm2', 'm3'], { unread: 2, isSendingReading: true })] };
    expect(checkHistory(alike).violations.map(({ invariant }) => invariant)).toEqual(['I9']);
  });

  it.each(broken)('reports %s when %s', (invariant, _what, history) => {
    expect(checkHistory(history).violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});
