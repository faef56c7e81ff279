import { RateWindow } from './rate-window.js';

describe('RateWindow', () => {
  it('admits so many within its time, and again as time passes', () => {
    const window = new RateWindow(2, 1_000);
    expect([0, 400, 900, 999].map((nowMs) => window.admit(nowMs))).toEqual([true, true, false, false]);
    expect([1_000, 1_001, 1_400].map((nowMs) => window.admit(nowMs))).toEqual([true, false, true]);
  });
});
