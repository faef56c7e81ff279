import { WriteClock } from './write-clock.js';

describe('the clock of writes', () => {
  it('never shows the same time twice, nor an earlier one', () => {
    let nowMs = 1_700_000_000_000;
    const clock = new WriteClock({ now: () => nowMs });
    expect(clock.next()).toBe(1_700_000_000_000_000n);
    expect(clock.next()).toBe(1_700_000_000_000_001n);
    nowMs -= 5_000;
    expect(clock.next()).toBe(1_700_000_000_000_002n);
    nowMs += 6_000;
    expect(clock.next()).toBe(1_700_000_001_000_000n);
  });
});
