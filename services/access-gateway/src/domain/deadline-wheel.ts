// One coarse wheel for the deadlines of all connections: scheduling costs a few
// pointer writes and allocates nothing, and no socket has a timer of its own.
// Time comes from the caller, so the wheel itself is pure.

/** What an entry carries for the wheel, which alone writes it. */
export interface WheelEntry {
  /** -1: not scheduled. */
  wheelSlot: number;
  wheelNext: WheelEntry | undefined;
  wheelPrevious: WheelEntry | undefined;
}

export interface DeadlineWheelOptions {
  readonly tickMs: number;
  readonly slots: number;
  readonly startMs: number;
}

/**
 * Entries fire at their time or up to one tick later, in no particular order. A time
 * beyond the wheel's span (`tickMs * slots`) fires at the end of the span: whoever
 * handles an entry looks at its real deadline and schedules it again if that has not come.
 */
export class DeadlineWheel<T extends WheelEntry> {
  readonly #slots: (WheelEntry | undefined)[];
  readonly #tickMs: number;
  #tick: number;

  constructor(options: DeadlineWheelOptions) {
    this.#slots = new Array<WheelEntry | undefined>(options.slots).fill(undefined);
    this.#tickMs = options.tickMs;
    this.#tick = Math.floor(options.startMs / options.tickMs);
  }

  /** Sets the entry's time anew. */
  schedule(entry: T, atMs: number): void {
    this.cancel(entry);
    const earliest = this.#tick + 1;
    const latest = this.#tick + this.#slots.length - 1;
    const tick = Math.min(Math.max(Math.ceil(atMs / this.#tickMs), earliest), latest);
    const slot = tick % this.#slots.length;
    const head = this.#slots[slot];
    entry.wheelSlot = slot;
    entry.wheelNext = head;
    if (head !== undefined) head.wheelPrevious = entry;
    this.#slots[slot] = entry;
  }

  /** Does nothing when the entry is not scheduled. */
  cancel(entry: T): void {
    if (entry.wheelSlot === -1) return;
    const { wheelNext: next, wheelPrevious: previous } = entry;
    if (previous === undefined) this.#slots[entry.wheelSlot] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    entry.wheelSlot = -1;
    entry.wheelNext = undefined;
    entry.wheelPrevious = undefined;
  }

  /** Hands every entry whose time has come to `onDue`, unscheduled. */
  advance(nowMs: number, onDue: (entry: T) => void): void {
    const target = Math.floor(nowMs / this.#tickMs);
    // After a long pause one look at every slot is enough.
    const first = Math.max(this.#tick + 1, target - this.#slots.length + 1);
    if (target <= this.#tick) return;
    const due: T[] = [];
    for (let tick = first; tick <= target; tick++) this.#collect(tick % this.#slots.length, due);
    this.#tick = target;
    for (const entry of due) {
      // Handling an earlier entry may have cancelled or moved this one.
      if (entry.wheelSlot !== DUE) continue;
      entry.wheelSlot = -1;
      onDue(entry);
    }
  }

  #collect(slot: number, due: T[]): void {
    let entry = this.#slots[slot];
    this.#slots[slot] = undefined;
    while (entry !== undefined) {
      const next: WheelEntry | undefined = entry.wheelNext;
      entry.wheelSlot = DUE;
      entry.wheelNext = undefined;
      entry.wheelPrevious = undefined;
      due.push(entry as T);
      entry = next;
    }
  }
}

/** The slot of an entry that was taken out and waits for its turn. */
const DUE = -2;
