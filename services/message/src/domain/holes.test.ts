import fc from 'fast-check';
import { BEHIND_RETRY_MS, decideComplete } from './holes.js';
import { VOID_AFTER_MS } from './limits.js';

const NOW = 1_000_000;
const row = (seq: number, numberedAtMs = NOW) => ({ seq: BigInt(seq), numberedAtMs });
const read = (afterSeq: number, rows: ReturnType<typeof row>[], isCaughtUp = true) =>
  decideComplete({ afterSeq: BigInt(afterSeq), rows, asOfMs: NOW, isCaughtUp });

describe('decideComplete', () => {
  it('is complete to the last of a dense range', () => {
    expect(read(3, [row(4), row(5)])).toEqual({ completeTo: 5n, rowsComplete: 2, pendingForMs: 0 });
    expect(read(3, [])).toEqual({ completeTo: 3n, rowsComplete: 0, pendingForMs: 0 });
  });

  it('stops at a young hole and says for how long', () => {
    expect(read(0, [row(1), row(3, NOW - 2_000)])).toEqual({
      completeTo: 1n,
      rowsComplete: 1,
      pendingForMs: VOID_AFTER_MS - 2_000 + 1,
    });
  });

  it('passes a hole whose number is given up', () => {
    const old = NOW - VOID_AFTER_MS - 1;
    expect(read(0, [row(2, old), row(3)])).toEqual({ completeTo: 3n, rowsComplete: 2, pendingForMs: 0 });
  });

  it('passes no hole while the history writer is behind', () => {
    const old = NOW - VOID_AFTER_MS - 1;
    expect(read(0, [row(1), row(3, old)], false)).toEqual({
      completeTo: 1n,
      rowsComplete: 1,
      pendingForMs: BEHIND_RETRY_MS,
    });
  });

  it('never passes a hole that may be filled', () => {
    const rows = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 20_000 })),
      {
        selector: ([seq]) => seq,
      },
    );
    fc.assert(
      fc.property(rows, fc.boolean(), (made, isCaughtUp) => {
        const sorted = made.map(([seq, age]) => row(seq, NOW - age)).sort((a, b) => Number(a.seq - b.seq));
        const { completeTo, rowsComplete } = read(0, sorted, isCaughtUp);
        for (let seq = 1n; seq <= completeTo; seq++) {
          if (sorted.some((one) => one.seq === seq)) continue;
          const above = sorted.find((one) => one.seq > seq);
          expect(isCaughtUp && NOW - (above?.numberedAtMs ?? NOW) > VOID_AFTER_MS).toBe(true);
        }
        expect(rowsComplete).toBe(sorted.filter((one) => one.seq <= completeTo).length);
      }),
    );
  });
});
