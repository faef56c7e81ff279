import { TimerWheel, WHEEL_TICK_MS, WheelEntry } from './timer-wheel.js';

class Probe extends WheelEntry {
  readonly armedAtMs = performance.now();
  readonly fired: Promise<number>;
  #resolve: (elapsedMs: number) => void = () => undefined;
  hasFired = false;

  constructor() {
    super();
    this.fired = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  override expire(): void {
    this.hasFired = true;
    this.#resolve(performance.now() - this.armedAtMs);
  }
}

describe('TimerWheel', () => {
  it('never fires early', async () => {
    const wheel = new TimerWheel();
    const delays = [0, 1, 9, 10, 11, 37, 80];
    const elapsed = await Promise.all(
      delays.map((delayMs) => {
        const probe = new Probe();
        wheel.arm(probe, delayMs);
        return probe.fired;
      }),
    );
    for (const [i, delayMs] of delays.entries()) expect(elapsed[i]).toBeGreaterThanOrEqual(delayMs);
    expect(wheel.size).toBe(0);
  });

  it('does not fire what was disarmed, wherever it stands in its slot', async () => {
    const wheel = new TimerWheel();
    const probes = Array.from({ length: 5 }, () => new Probe());
    for (const probe of probes) wheel.arm(probe, 20);
    for (const index of [0, 2, 4]) wheel.disarm(probes[index] as Probe);
    expect(wheel.size).toBe(2);
    await Promise.all([probes[1]?.fired, probes[3]?.fired]);
    expect(probes.map((probe) => probe.hasFired)).toEqual([false, true, false, true, false]);
  });

  it('lets an expiry disarm its neighbours', async () => {
    const wheel = new TimerWheel();
    const probes = [new Probe(), new Probe()] as const;
    for (const probe of probes) wheel.arm(probe, 5);
    for (const [i, probe] of probes.entries()) {
      const other = probes[1 - i] as Probe;
      void probe.fired.then(() => undefined);
      const expire = probe.expire.bind(probe);
      probe.expire = () => {
        wheel.disarm(other);
        expire();
      };
    }
    await Promise.race(probes.map((probe) => probe.fired));
    expect(probes.filter((probe) => probe.hasFired)).toHaveLength(1);
  });

  it('keeps what lies beyond one round for its own round', async () => {
    const wheel = new TimerWheel();
    const far = new Probe();
    const near = new Probe();
    wheel.arm(far, 512 * WHEEL_TICK_MS + 30);
    wheel.arm(near, 30);
    await near.fired;
    expect(far.hasFired).toBe(false);
    expect(wheel.size).toBe(1);
    wheel.disarm(far);
  });

  it('can be armed again after it fell silent', async () => {
    const wheel = new TimerWheel();
    for (let round = 0; round < 3; round++) {
      const probe = new Probe();
      wheel.arm(probe, 1);
      await probe.fired;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(wheel.size).toBe(0);
  });
});
