import { decideBackoffMs } from './backoff.js';

describe('decideBackoffMs', () => {
  it('grows to a ceiling and spreads over all of it', () => {
    const ceilings = [0, 1, 2, 3, 20, 1_000].map((failures) =>
      decideBackoffMs({ failures, retryAfterMs: 0, chance: 1 }),
    );
    expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
    expect(decideBackoffMs({ failures: 3, retryAfterMs: 0, chance: 0 })).toBe(0);
  });

  it('never comes earlier than the server asked, and not later than its bound', () => {
    expect(decideBackoffMs({ failures: 0, retryAfterMs: 5_000, chance: 0 })).toBe(5_000);
    expect(decideBackoffMs({ failures: 0, retryAfterMs: 4_000_000_000, chance: 0 })).toBe(600_000);
  });
});
