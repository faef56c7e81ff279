import fc from 'fast-check';
import { UnreadCount } from './unread-count.js';

describe('UnreadCount', () => {
  it('adds what arrives above the head of the base, once', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 5, readSeq: 2, unread: 3 });
    for (const seq of [4, 5, 6, 6, 8]) unread.arrive(seq);
    expect(unread.value).toBe(5);
  });

  it('counts a mark among the arrivals by itself', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 5, readSeq: 2, unread: 3 });
    for (const seq of [6, 7, 8]) unread.arrive(seq);
    expect(unread.read(7)).toBe(true);
    expect(unread.value).toBe(1);
    expect(unread.readSeq).toBe(7);
  });

  it('asks when the mark lies below the base and something is unread there', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 5, readSeq: 2, unread: 3 });
    expect(unread.read(4)).toBe(false);
    expect(unread.value).toBe(3);
    unread.rebase({ headSeq: 5, readSeq: 4, unread: 1 });
    expect(unread.value).toBe(1);
  });

  it('takes a mark below the base when nothing is unread there', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 5, readSeq: 2, unread: 0 });
    expect(unread.read(4)).toBe(true);
    expect(unread.readSeq).toBe(4);
    expect(unread.value).toBe(0);
  });

  it('ignores an older count of the server, but not its mark', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 10, readSeq: 2, unread: 8 });
    unread.arrive(11);
    expect(unread.rebase({ headSeq: 8, readSeq: 2, unread: 6 })).toBe(true);
    expect(unread.value).toBe(9);
    expect(unread.rebase({ headSeq: 8, readSeq: 6, unread: 2 })).toBe(false);
  });

  it('ignores a count that does not know a mark set here', () => {
    const unread = new UnreadCount(10);
    unread.rebase({ headSeq: 5, readSeq: 0, unread: 5 });
    unread.read(5);
    expect(unread.rebase({ headSeq: 5, readSeq: 0, unread: 5 })).toBe(true);
    expect(unread.value).toBe(0);
    expect(unread.rebase({ headSeq: 7, readSeq: 0, unread: 7 })).toBe(false);
  });

  it('equals the count of the server whatever arrives and is read', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('arrive' as const), counts: fc.boolean() }),
      fc.record({ kind: fc.constant('read' as const), back: fc.nat({ max: 5 }) }),
      fc.record({ kind: fc.constant('rebase' as const), back: fc.nat({ max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 2, max: 10 }), (steps, numbersMax) => {
        const unread = new UnreadCount(numbersMax);
        const counting: number[] = [];
        let head = 0;
        let read = 0;
        const countUpTo = (seq: number) => counting.filter((number) => number > read && number <= seq).length;
        const rebase = (headSeq: number) =>
          unread.rebase({ headSeq, readSeq: Math.min(read, headSeq), unread: countUpTo(headSeq) });
        for (const one of steps) {
          if (one.kind === 'arrive') {
            head += 1;
            if (one.counts) {
              counting.push(head);
              unread.arrive(head);
            }
          } else if (one.kind === 'read') {
            read = Math.max(read, head - one.back, 0);
            if (!unread.read(read)) rebase(head);
          } else {
            rebase(Math.max(0, head - one.back));
          }
          expect(unread.value).toBe(countUpTo(head));
          expect(unread.readSeq).toBe(read);
        }
      }),
      { numRuns: 500 },
    );
  });
});
