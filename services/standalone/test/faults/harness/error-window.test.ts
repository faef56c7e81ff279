import type { HistoryEvent } from '@parley/bench';
import { isWell, judgePhases } from './error-window.js';

/** A send at `atMs` that is answered after `tookMs`; undefined: never. */
function send(id: string, atMs: number, tookMs?: number, kind: 'ack' | 'fail' = 'ack'): HistoryEvent[] {
  const begin = { kind: 'send', id, conversation: 'a+b', sender: 'a', device: 'a/0', atMs } as const;
  if (tookMs === undefined) return [begin];
  const end = { id, atMs: atMs + tookMs };
  return [begin, kind === 'ack' ? { kind, sequence: 1, ...end } : { kind, code: 2, ...end }];
}

const phase = { name: 'kill', beganAtMs: 10_000, endedAtMs: 14_000 };

describe('judgePhases', () => {
  it('finds nothing where every send was good', () => {
    const [report] = judgePhases([...send('1', 9_500, 900), ...send('2', 12_000, 1_000)], [phase]);
    expect(report).toEqual({ name: 'kill', faultMs: 4_000, badSends: 0, errorWindowMs: 0, recoveryMs: 0 });
  });

  it('reaches from the first bad send, at the earliest the fault, to the end of the last', () => {
    const events = [...send('1', 9_800, 2_000), ...send('2', 13_000, 3_500), ...send('3', 14_100, 20)];
    expect(judgePhases(events, [phase])).toEqual([
      { name: 'kill', faultMs: 4_000, badSends: 2, errorWindowMs: 6_500, recoveryMs: 2_500 },
    ]);
  });

  it('counts failures, also quick ones, and gives each to the phase in which it turned bad', () => {
    const second = { name: 'again', beganAtMs: 20_000, endedAtMs: 21_000 };
    const events = [
      ...send('0', 5_000, 4_000),
      ...send('1', 10_100, 50, 'fail'),
      ...send('2', 19_500, 2_000),
    ];
    const [first, again] = judgePhases(events, [phase, second]);
    expect(first).toMatchObject({ badSends: 1, errorWindowMs: 50, recoveryMs: 0 });
    expect(again).toMatchObject({ badSends: 1, errorWindowMs: 1_500, recoveryMs: 500 });
  });
});

describe('isWell', () => {
  it('is so once nothing has been bad for the time', () => {
    const events = [...send('late', 1_000, 3_000), ...send('good', 4_500, 10), ...send('young', 5_800)];
    expect(isWell(events, 5_900, 2_000)).toBe(false);
    expect(isWell(events, 6_500, 2_000)).toBe(true);
  });

  it('is not so while a send waits', () => {
    expect(isWell(send('1', 1_000), 9_000, 2_000)).toBe(false);
  });
});
