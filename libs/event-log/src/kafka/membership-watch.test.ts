import { MembershipWatch } from './membership-watch.js';

const SESSION_MS = 10_000;

function joined(): MembershipWatch {
  const watch = new MembershipWatch(SESSION_MS);
  watch.heard(0);
  return watch;
}

const fetchTimes = (watch: MembershipWatch, count: number): void => {
  for (let i = 0; i < count; i++) watch.fetched();
};

describe('the watch over a membership', () => {
  it('is content while heartbeats are answered, however much is fetched', () => {
    const watch = joined();
    for (let now = 0; now < 60_000; now += 500) {
      if (now % 2_000 === 0) watch.heard(now);
      fetchTimes(watch, 20);
      expect(watch.judge(now)).toBe('member');
    }
  });

  it('says to join again when fetches go on and heartbeats do not', () => {
    const watch = joined();
    fetchTimes(watch, 100);
    expect(watch.judge(3_900)).toBe('member');
    expect(watch.judge(4_000)).toBe('member');
    fetchTimes(watch, 3);
    expect(watch.judge(4_500)).toBe('joinAgain');
    watch.heard(4_600);
    fetchTimes(watch, 3);
    expect(watch.judge(5_000)).toBe('member');
  });

  it('gives the partitions up, once, when no broker answers for a session, and waits', () => {
    const watch = joined();
    expect(watch.judge(5_000)).toBe('member');
    expect(watch.judge(10_000)).toBe('abandon');
    // What was under way when the brokers went away may still be counted.
    fetchTimes(watch, 2);
    for (let now = 10_500; now < 90_000; now += 500) expect(watch.judge(now)).toBe('member');
    watch.heard(90_000);
    expect(watch.judge(90_500)).toBe('member');
  });

  it('says to begin anew when fetches go on after a session without heartbeats', () => {
    const watch = joined();
    watch.judge(4_000);
    expect(watch.judge(10_000)).toBe('abandon');
    fetchTimes(watch, 9);
    expect(watch.judge(12_000)).toBe('beginAnew');
  });

  it('says nothing before the first join and after the end', () => {
    const watch = new MembershipWatch(SESSION_MS);
    fetchTimes(watch, 100);
    expect(watch.judge(100_000)).toBe('member');
    watch.heard(100_000);
    watch.off();
    expect(watch.judge(200_000)).toBe('member');
  });
});
