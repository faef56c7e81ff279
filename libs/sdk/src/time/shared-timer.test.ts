import { VirtualClock } from '../testing/virtual-clock.js';
import { SharedTimer } from './shared-timer.js';

describe('SharedTimer', () => {
  it('runs tasks in the order of their due times with one native timer', async () => {
    const clock = new VirtualClock();
    const timer = new SharedTimer(clock);
    const ran: string[] = [];
    timer.after(30, () => ran.push('c'));
    timer.after(10, () => ran.push('a'));
    timer.after(10, () => ran.push('b'));
    expect(clock.pending).toBe(1);
    await clock.pass(29);
    expect(ran).toEqual(['a', 'b']);
    await clock.pass(1);
    expect(ran).toEqual(['a', 'b', 'c']);
    expect(clock.pending).toBe(0);
  });

  it('does not run what was cancelled', async () => {
    const clock = new VirtualClock();
    const timer = new SharedTimer(clock);
    const ran: string[] = [];
    const cancel = timer.after(10, () => ran.push('a'));
    timer.after(20, () => ran.push('b'));
    cancel();
    await clock.pass(50);
    expect(ran).toEqual(['b']);
  });

  it('runs what a task adds', async () => {
    const clock = new VirtualClock();
    const timer = new SharedTimer(clock);
    const ran: number[] = [];
    const tick = () => {
      ran.push(clock.elapsed());
      if (ran.length < 3) timer.after(10, tick);
    };
    timer.after(10, tick);
    await clock.pass(100);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('wakes sleepers and keeps nothing when stopped', async () => {
    const clock = new VirtualClock();
    const timer = new SharedTimer(clock);
    const slept = timer.sleep(1_000_000);
    timer.stop();
    await slept;
    await timer.sleep(1_000_000);
    timer.after(1, () => undefined);
    expect(clock.pending).toBe(0);
  });
});
