import fc from 'fast-check';
import { DeadlineWheel, type WheelEntry } from './deadline-wheel.js';

class Entry implements WheelEntry {
  wheelSlot = -1;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;
  constructor(readonly name: number) {}
}

const TICK = 250;
const createWheel = (slots = 8): DeadlineWheel<Entry> =>
  new DeadlineWheel<Entry>({ tickMs: TICK, slots, startMs: 1_000_000 });

function fired(wheel: DeadlineWheel<Entry>, nowMs: number): number[] {
  const names: number[] = [];
  wheel.advance(nowMs, (entry) => names.push(entry.name));
  return names.sort((a, b) => a - b);
}

describe('a deadline wheel', () => {
  it('fires an entry at its time and once', () => {
    const wheel = createWheel();
    wheel.schedule(new Entry(1), 1_000_600);
    expect(fired(wheel, 1_000_500)).toEqual([]);
    expect(fired(wheel, 1_000_750)).toEqual([1]);
    expect(fired(wheel, 1_010_000)).toEqual([]);
  });

  it('fires what lies in the past with the next tick', () => {
    const wheel = createWheel();
    wheel.schedule(new Entry(1), 5);
    expect(fired(wheel, 1_000_249)).toEqual([]);
    expect(fired(wheel, 1_000_250)).toEqual([1]);
  });

  it('fires what lies beyond its span at the end of the span', () => {
    const wheel = createWheel();
    wheel.schedule(new Entry(1), 99_000_000);
    expect(fired(wheel, 1_000_000 + 6 * TICK)).toEqual([]);
    expect(fired(wheel, 1_000_000 + 7 * TICK)).toEqual([1]);
  });

  it('forgets a cancelled entry and takes a rescheduled one at its new time', () => {
    const wheel = createWheel();
    const [a, b, c] = [new Entry(1), new Entry(2), new Entry(3)];
    for (const entry of [a, b, c]) wheel.schedule(entry, 1_000_500);
    wheel.cancel(b);
    wheel.cancel(b);
    wheel.schedule(c, 1_001_000);
    expect(fired(wheel, 1_000_500)).toEqual([1]);
    expect(fired(wheel, 1_001_000)).toEqual([3]);
  });

  it('lets one entry cancel another that is due in the same tick', () => {
    const wheel = createWheel();
    const entries = [new Entry(1), new Entry(2)];
    for (const entry of entries) wheel.schedule(entry, 1_000_500);
    const names: number[] = [];
    wheel.advance(1_000_500, (entry) => {
      names.push(entry.name);
      for (const other of entries) wheel.cancel(other);
    });
    expect(names).toHaveLength(1);
  });

  it('lets an entry schedule itself again while it fires', () => {
    const wheel = createWheel();
    const entry = new Entry(1);
    wheel.schedule(entry, 1_000_250);
    wheel.advance(1_000_250, () => wheel.schedule(entry, 1_000_750));
    expect(fired(wheel, 1_000_500)).toEqual([]);
    expect(fired(wheel, 1_000_750)).toEqual([1]);
  });

  it('catches up after a jump of any size', () => {
    const wheel = createWheel();
    wheel.schedule(new Entry(1), 1_000_500);
    wheel.schedule(new Entry(2), 1_001_500);
    expect(fired(wheel, 2_000_000_000)).toEqual([1, 2]);
  });

  it('fires every entry exactly once, never early and at most a tick late', () => {
    const plan = fc.array(fc.record({ at: fc.nat(10_000), isCancelled: fc.boolean() }), { maxLength: 50 });
    const steps = fc.array(fc.integer({ min: 1, max: 240 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(plan, steps, (entries, pauses) => {
        const wheel = createWheel(64);
        const seen = new Map<number, number>();
        const all = entries.map(({ at }, name) => {
          const entry = new Entry(name);
          wheel.schedule(entry, 1_000_000 + at);
          return entry;
        });
        entries.forEach(({ isCancelled }, name) => {
          if (isCancelled) wheel.cancel(all[name] as Entry);
        });
        let now = 1_000_000;
        const step = (entry: Entry): void => {
          expect(seen.has(entry.name)).toBe(false);
          seen.set(entry.name, now);
        };
        for (const pause of [...pauses, ...new Array<number>(60).fill(200)]) {
          now += pause;
          wheel.advance(now, step);
        }
        entries.forEach(({ at, isCancelled }, name) => {
          const firedAt = seen.get(name);
          if (isCancelled) expect(firedAt).toBeUndefined();
          else {
            expect(firedAt).toBeGreaterThanOrEqual(1_000_000 + at);
            expect(firedAt).toBeLessThan(1_000_000 + at + 3 * TICK);
          }
        });
      }),
    );
  });
});
