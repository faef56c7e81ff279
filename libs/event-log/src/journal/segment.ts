// What the process knows of a segment file, and its sparse index.
import { STRETCH_BYTES } from '../limits.js';
import { headBytes, type SegmentHead } from './segment-head.js';
import type { Place } from './starts.js';

/** A place in a segment where a frame begins, or would. */
export interface Mark extends Place {
  readonly position: number;
}

/** Marks of one segment, from its first frame on, about STRETCH_BYTES apart. */
export class Marks {
  readonly list: Mark[];

  constructor(first: Mark) {
    this.list = [first];
  }

  /** Called before a frame is taken in; `starts` is asked for only when a mark is due. */
  offer(position: number, starts: () => Float64Array): void {
    const last = this.list.at(-1)?.position ?? 0;
    if (position - last >= STRETCH_BYTES) this.list.push({ position, starts: starts() });
  }

  /** Ends the last stretch here, so that it will not change any more. */
  seal(position: number, starts: Float64Array): void {
    if (position > (this.list.at(-1)?.position ?? 0)) this.list.push({ position, starts });
  }
}

export class Segment implements Place {
  readonly path: string;
  readonly head: SegmentHead;
  /** Where its last durable frame ends; grows while it is the newest. */
  end: number;

  constructor(path: string, head: SegmentHead, end: number) {
    this.path = path;
    this.head = head;
    this.end = end;
  }

  get number(): number {
    return this.head.number;
  }

  get starts(): Float64Array {
    return this.head.starts;
  }

  /** Where its first frame of records begins. */
  get firstFrame(): number {
    return headBytes(this.head.starts.length);
  }

  newMarks(): Marks {
    return new Marks({ position: this.firstFrame, starts: this.starts });
  }
}
