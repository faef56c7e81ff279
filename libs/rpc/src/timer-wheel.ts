// One coarse timer for any number of deadlines: arming and disarming cost a
// few pointer writes, and no call has a timer of its own.

/** How late a deadline may fire, ms. */
export const WHEEL_TICK_MS = 10;
const SLOTS = 512;

/** Something with a deadline; made to be extended, so that arming allocates nothing. */
export abstract class WheelEntry {
  /** Owned by the wheel. */
  wheelNext: WheelEntry | undefined;
  /** Owned by the wheel. */
  wheelPrevious: WheelEntry | undefined;
  /** Owned by the wheel: the tick at which the entry is due; -1 when it is not armed. */
  wheelTick = -1;

  /** Called once, by the wheel, when the time has passed. Must not throw. */
  abstract expire(): void;
}

/**
 * A hashed timer wheel. Entries fire in no particular order within a tick,
 * never early, and at most about two ticks late. The interval behind it runs only
 * while something is armed and does not keep the process alive.
 */
export class TimerWheel {
  readonly #slots: (WheelEntry | undefined)[] = new Array(SLOTS).fill(undefined);
  #armed = 0;
  #tick = 0;
  #startedAtMs = 0;
  #interval: ReturnType<typeof setInterval> | undefined;

  /** Entries that are armed now. */
  get size(): number {
    return this.#armed;
  }

  /** Fires `entry` after `delayMs`. An entry is armed at most once at a time. */
  arm(entry: WheelEntry, delayMs: number): void {
    if (this.#interval === undefined) this.#start();
    const elapsedMs = performance.now() - this.#startedAtMs;
    entry.wheelTick = Math.max(Math.ceil((elapsedMs + delayMs) / WHEEL_TICK_MS), this.#tick + 1);
    const slot = entry.wheelTick % SLOTS;
    const head = this.#slots[slot];
    entry.wheelNext = head;
    if (head !== undefined) head.wheelPrevious = entry;
    this.#slots[slot] = entry;
    this.#armed += 1;
  }

  /** Forgets the entry; does nothing when it is not armed. */
  disarm(entry: WheelEntry): void {
    if (entry.wheelTick === -1) return;
    const { wheelNext: next, wheelPrevious: previous } = entry;
    if (previous === undefined) this.#slots[entry.wheelTick % SLOTS] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    entry.wheelTick = -1;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
    this.#armed -= 1;
  }

  #start(): void {
    this.#startedAtMs = performance.now();
    this.#tick = 0;
    this.#interval = setInterval(() => this.#turn(), WHEEL_TICK_MS);
    this.#interval.unref();
  }

  #turn(): void {
    if (this.#armed === 0) {
      clearInterval(this.#interval);
      this.#interval = undefined;
      return;
    }
    const target = Math.floor((performance.now() - this.#startedAtMs) / WHEEL_TICK_MS);
    // After a long pause every slot needs one look, not one look per missed tick.
    const first = Math.max(this.#tick + 1, target - SLOTS + 1);
    this.#tick = target;
    for (let tick = first; tick <= target; tick++) this.#expireSlot(tick % SLOTS, target);
  }

  #expireSlot(slot: number, now: number): void {
    let entry = this.#slots[slot];
    const due: WheelEntry[] = [];
    for (; entry !== undefined; entry = entry.wheelNext) if (entry.wheelTick <= now) due.push(entry);
    for (const one of due) {
      // An earlier expiry may have disarmed it.
      if (one.wheelTick === -1) continue;
      this.disarm(one);
      one.expire();
    }
  }
}

/** The wheel that all transports of a process share unless told otherwise. */
export const sharedTimerWheel = new TimerWheel();
