import { takeToken, waitForToken } from './rate-limit.js';

const limit = { perSecond: 10, burst: 3 };

describe('a token bucket', () => {
  it('gives a burst, then says how long to wait', () => {
    let state = 0;
    for (let i = 0; i < 3; i++) {
      expect(waitForToken(limit, state, 1_000)).toBe(0);
      state = takeToken(limit, state, 1_000);
    }
    expect(waitForToken(limit, state, 1_000)).toBe(100);
    expect(waitForToken(limit, state, 1_060)).toBe(40);
    expect(waitForToken(limit, state, 1_100)).toBe(0);
  });

  it('never gathers more than its burst', () => {
    let state = takeToken(limit, 0, 1_000);
    let given = 0;
    while (waitForToken(limit, state, 900_000) === 0) {
      state = takeToken(limit, state, 900_000);
      given += 1;
    }
    expect(given).toBe(3);
  });

  it('gives the rate over a long time', () => {
    let state = 0;
    let given = 0;
    for (let now = 1_000; now < 61_000; now += 7) {
      if (waitForToken(limit, state, now) > 0) continue;
      state = takeToken(limit, state, now);
      given += 1;
    }
    expect(given).toBeGreaterThanOrEqual(600);
    expect(given).toBeLessThanOrEqual(604);
  });
});
