import {
  markVersion,
  movedMark,
  NEVER_OPENED,
  nextChange,
  type OwnMark,
  resetMark,
  standingMark,
} from './group-mark.js';
import { NOTHING_READ, type ReadMark } from './unread.js';

const at = (readSeq: number): ReadMark => ({ ...NOTHING_READ, readSeq: BigInt(readSeq) });
const opened = (change: number, seq: number) => ({
  ...NEVER_OPENED,
  isOpen: true,
  change: BigInt(change),
  openingMark: { mark: at(seq), asOfSeq: BigInt(seq) },
});

describe('the mark of a member', () => {
  it('begins with the opening and moves by reading and sending', () => {
    const member = opened(1, 10);
    expect(standingMark(member, { own: undefined, lastSent: undefined }).readSeq).toBe(10n);
    expect(standingMark(member, { own: undefined, lastSent: at(9) }).readSeq).toBe(10n);
    expect(standingMark(member, { own: undefined, lastSent: at(12) }).readSeq).toBe(12n);
    const own = movedMark(member, undefined, at(14));
    expect(standingMark(member, { own, lastSent: at(12) }).readSeq).toBe(14n);
    expect(standingMark(member, { own, lastSent: at(15) }).readSeq).toBe(15n);
  });

  it('set back stays back until something newer is sent or read', () => {
    const member = opened(1, 0);
    const read = movedMark(member, undefined, at(20));
    const own = resetMark(member, read, { mark: at(5), asOfSeq: 20n });
    expect(standingMark(member, { own, lastSent: at(18) }).readSeq).toBe(5n);
    expect(standingMark(member, { own, lastSent: at(21) }).readSeq).toBe(21n);
    const further = movedMark(member, own, at(7));
    expect(standingMark(member, { own: further, lastSent: at(18) }).readSeq).toBe(7n);
  });

  it('of a former opening does not count', () => {
    const own = movedMark(opened(1, 0), undefined, at(90));
    expect(standingMark(opened(3, 50), { own, lastSent: at(40) }).readSeq).toBe(50n);
  });

  it('has versions that rise in the order of what must win', () => {
    const member = opened(1, 0);
    const steps: OwnMark[] = [movedMark(member, undefined, at(3))];
    const last = () => steps.at(-1) as OwnMark;
    steps.push(movedMark(member, last(), at(9)));
    steps.push(resetMark(member, last(), { mark: at(1), asOfSeq: 9n }));
    steps.push(movedMark(member, last(), at(2)));
    steps.push(movedMark(opened(3, 5), last(), at(6)));
    const versions = steps.map(markVersion);
    expect(versions).toEqual([...versions].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(versions).size).toBe(versions.length);
    expect(markVersion({ ...last(), generation: 2n ** 20n - 1n })).toBeLessThan(2n ** 63n);
  });
});

describe('the next change of a row', () => {
  const at = (change: bigint, isOpen: boolean) => ({ ...NEVER_OPENED, change, isOpen });

  it('is that of the group, unless it comes late', () => {
    expect(nextChange(at(5n, true), 6n, false)).toBe(6n);
    expect(nextChange(at(5n, true), 9n, true)).toBe(9n); // the closing in between is on its way
    for (const opens of [true, false]) {
      expect([nextChange(at(5n, opens), 5n, opens), nextChange(at(5n, !opens), 4n, opens)]).toEqual([
        undefined,
        undefined,
      ]);
    }
  });

  it('is one more for who does not know it', () => {
    expect([nextChange(at(5n, true), 0n, false), nextChange(at(5n, true), 0n, true)]).toEqual([
      6n,
      undefined,
    ]);
  });
});
