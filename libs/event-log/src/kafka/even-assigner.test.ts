import { divide } from './even-assigner.js';

const partitions = Array.from({ length: 24 }, (_, i) => i);
const members = (count: number): string[] => Array.from({ length: count }, (_, i) => `member-${i}`);

describe('division of partitions among members', () => {
  it.each([1, 2, 3, 5, 7, 24, 30])('gives every partition to one of %d members, evenly', (count) => {
    const shares = divide(members(count), partitions);
    expect(shares.flat().sort((a, b) => a - b)).toEqual(partitions);
    const sizes = shares.map((share) => share.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('is the same whoever divides', () => {
    expect(divide(members(5), partitions)).toEqual(divide(members(5), [...partitions]));
  });

  it('moves few partitions when a member leaves', () => {
    const before = divide(members(4), partitions);
    const after = divide(members(3), partitions);
    const kept = after.flatMap((share, i) => share.filter((it) => before[i]?.includes(it)));
    // Six must move, because their owner is gone; dealing them out in turn would keep a third.
    expect(kept.length).toBeGreaterThanOrEqual(12);
  });
});
