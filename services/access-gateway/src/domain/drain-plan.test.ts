import { drainShare, drainSlots } from './drain-plan.js';

describe('a drain', () => {
  it('has at least one slot', () => {
    expect(drainSlots(10_000, 100)).toBe(100);
    expect(drainSlots(50, 100)).toBe(1);
    expect(drainSlots(150, 100)).toBe(2);
  });

  it.each([0, 1, 7, 100, 12_345])('sends %i connections away within its slots, evenly', (connections) => {
    let left = connections;
    const shares: number[] = [];
    for (let slotsLeft = 10; slotsLeft > 0; slotsLeft--) {
      const share = drainShare(left, slotsLeft);
      shares.push(share);
      left -= share;
    }
    expect(left).toBe(0);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  });
});
