import fc from 'fast-check';
import { SeqTrack, type SyncAnswer } from './seq-track.js';

interface Item {
  readonly seq: number;
}

/** What a server knows of one conversation: which numbers have an item, which may still get one. */
interface Truth {
  readonly items: ReadonlySet<number>;
  readonly pending: ReadonlySet<number>;
  readonly headSeq: number;
}

function answer({ items, pending, headSeq }: Truth, afterSeq: number, limit: number): SyncAnswer<Item> {
  const page: Item[] = [];
  let completeTo = afterSeq;
  for (let seq = afterSeq + 1; seq <= headSeq && page.length < limit && !pending.has(seq); seq++) {
    if (items.has(seq)) page.push({ seq });
    completeTo = seq;
  }
  return { items: page, completeTo, headSeq };
}

const seqs = (items: readonly Item[]): number[] => items.map(({ seq }) => seq);

describe('SeqTrack', () => {
  it('shows what follows the watermark at once and keeps the rest back', () => {
    const track = new SeqTrack<Item>(4, 10);
    expect(seqs(track.offer({ seq: 6 }))).toEqual([]);
    expect(track.hasGap).toBe(true);
    expect(seqs(track.offer({ seq: 5 }))).toEqual([5, 6]);
    expect(track.hasGap).toBe(false);
    expect(track.watermark).toBe(6);
  });

  it('never shows a number again', () => {
    const track = new SeqTrack<Item>(0, 10);
    expect(seqs(track.offer({ seq: 1 }))).toEqual([1]);
    expect(track.offer({ seq: 1 })).toEqual([]);
    expect(track.fill({ items: [{ seq: 1 }], completeTo: 1, headSeq: 1 })).toEqual([]);
  });

  it('passes a void hole and stops before a pending one', () => {
    const track = new SeqTrack<Item>(0, 10);
    track.offer({ seq: 5 });
    expect(seqs(track.fill({ items: [{ seq: 1 }, { seq: 3 }], completeTo: 3, headSeq: 5 }))).toEqual([1, 3]);
    expect(track.watermark).toBe(3);
    expect(track.hasGap).toBe(true);
    expect(seqs(track.fill({ items: [], completeTo: 4, headSeq: 5 }))).toEqual([5]);
    expect(track.watermark).toBe(5);
  });

  it('keeps items above completeTo for later', () => {
    const track = new SeqTrack<Item>(0, 10);
    expect(track.fill({ items: [{ seq: 2 }], completeTo: 0, headSeq: 2 })).toEqual([]);
    expect(seqs(track.offer({ seq: 1 }))).toEqual([1, 2]);
  });

  it('bounds what waits and fetches the rest again', () => {
    const track = new SeqTrack<Item>(0, 3);
    for (const seq of [9, 8, 7, 6, 5, 4, 3, 2]) track.offer({ seq });
    expect(track.headSeq).toBe(9);
    expect(seqs(track.offer({ seq: 1 }))).toEqual([1, 2, 3, 4]);
    expect(track.hasGap).toBe(true);
  });

  it('learns of a head without its item', () => {
    const track = new SeqTrack<Item>(2, 3);
    track.learnHead(2);
    expect(track.hasGap).toBe(false);
    track.learnHead(3);
    expect(track.hasGap).toBe(true);
  });

  it('shows every item once, in order, whatever is dropped, repeated, reordered or void', () => {
    const plan = fc.record({
      kinds: fc.array(fc.constantFrom<'item' | 'void' | 'late'>('item', 'item', 'item', 'void', 'late'), {
        minLength: 1,
        maxLength: 60,
      }),
      /** Indexes into what was pushed so far, or a question to the server. */
      arrivals: fc.array(fc.nat({ max: 80 }), { maxLength: 120 }),
      waitingMax: fc.integer({ min: 1, max: 20 }),
      pageMax: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(plan, ({ kinds, arrivals, waitingMax, pageMax }) => {
        const numbersOf = (...wanted: string[]) =>
          kinds.flatMap((kind, index) => (wanted.includes(kind) ? [index + 1] : []));
        const late = numbersOf('late');
        const early: Truth = {
          items: new Set(numbersOf('item')),
          pending: new Set(late),
          headSeq: Math.max(0, ...numbersOf('item')),
        };
        const final: Truth = {
          items: new Set(numbersOf('item', 'late')),
          pending: new Set(),
          headSeq: Math.max(0, ...numbersOf('item', 'late')),
        };
        const track = new SeqTrack<Item>(0, waitingMax);
        const shown: number[] = [];
        const sync = (truth: Truth) =>
          shown.push(...seqs(track.fill(answer(truth, track.watermark, pageMax))));
        for (const arrival of arrivals) {
          if (early.items.has(arrival)) shown.push(...seqs(track.offer({ seq: arrival })));
          else sync(early);
          expect([...late].some((seq) => seq <= track.watermark)).toBe(false);
        }
        // In the end the late ones are there and nothing pushes any more: questions alone must do.
        track.learnHead(final.headSeq);
        for (let round = 0; track.hasGap && round < 200; round++) sync(final);
        expect(shown).toEqual([...final.items].sort((a, b) => a - b));
        expect(track.watermark).toBe(final.headSeq);
      }),
      { numRuns: 500 },
    );
  });
});
