import { ageFromNow } from './age.js';
import type { ChatClock } from './clock.js';

function setUp() {
  const time = { wallMs: 1_700_000_000_000, elapsedMs: 12.25 };
  const clock: ChatClock = {
    now: () => time.wallMs,
    elapsed: () => time.elapsedMs,
    setTimer: () => undefined,
    clearTimer: () => undefined,
  };
  return { time, age: ageFromNow(clock) };
}

describe('an age', () => {
  it('is what has passed, in whole milliseconds, and at least one', () => {
    const { time, age } = setUp();
    expect(age()).toBe(1);
    time.wallMs += 5_000;
    time.elapsedMs += 5_000.5;
    expect(age()).toBe(5_001);
  });

  it('counts the time in which the device slept', () => {
    const { time, age } = setUp();
    time.wallMs += 3_600_000;
    time.elapsedMs += 5;
    expect(age()).toBe(3_600_000);
  });

  it('does not shrink with a wall clock that is set back', () => {
    const { time, age } = setUp();
    time.wallMs -= 3_600_000;
    time.elapsedMs += 5_000;
    expect(age()).toBe(5_000);
  });
});
