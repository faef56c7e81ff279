import type { WaitingFrame } from './waiting-frame.js';

/** The last frame that took records of a lane, and the offset after them. */
export interface Touch {
  readonly frame: WaitingFrame;
  readonly lane: Lane;
  end: number;
}

/** One partition of one topic, as the journal knows it. */
export class Lane {
  readonly index: number;
  /** Offset of the next append. One whose append fails stays unused until a restart. */
  next: number;
  /** Offset after the last durable record. */
  end: number;
  /** Called whenever records became durable. */
  readonly listeners = new Set<() => void>();
  lastTouch: Touch | undefined;

  constructor(index: number, end: number) {
    this.index = index;
    this.next = end;
    this.end = end;
  }
}
