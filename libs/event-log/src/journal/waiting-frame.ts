import type { ChatError } from '@parley/kernel';
import { FRAME_HEADER_BYTES } from './frame.js';
import type { Lane, Touch } from './lane.js';
import type { Chunk } from './recent-records.js';

/** Records that will become durable together. They lie in a chunk, behind the room for the frame's header. */
export class WaitingFrame {
  readonly chunk: Chunk;
  readonly start: number;
  /** Where the next record goes. */
  end: number;
  readonly touches: Touch[] = [];
  /** Resolves when the records are durable; rejects when they are not known to be. */
  readonly settled: Promise<void>;
  resolve!: () => void;
  reject!: (error: ChatError) => void;

  constructor(chunk: Chunk) {
    this.chunk = chunk;
    this.start = chunk.used;
    this.end = chunk.used + FRAME_HEADER_BYTES;
    chunk.used = this.end;
    chunk.waitingFrames++;
    this.settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who appended sees the rejection; a frame whose appends all gave up has nobody who does.
    this.settled.catch(() => undefined);
  }

  /** The frame's bytes so far. Only the last frame of a chunk grows. */
  bytes(): Buffer {
    return this.chunk.block.bytes.subarray(this.start, this.end);
  }

  /** Without the header. */
  get recordBytes(): number {
    return this.end - this.start - FRAME_HEADER_BYTES;
  }

  /** The record at `at` is the lane's newest. */
  add(lane: Lane, at: number, length: number): void {
    this.chunk.block.note(lane.index, at);
    this.chunk.used = at + length;
    this.end = at + length;
    if (lane.lastTouch?.frame === this) lane.lastTouch.end = lane.next;
    else {
      lane.lastTouch = { frame: this, lane, end: lane.next };
      this.touches.push(lane.lastTouch);
    }
  }

  /** The records do not exist: nobody may read them. */
  forget(): void {
    const range = { from: this.start, to: this.end };
    for (const { lane } of this.touches) this.chunk.block.forget(lane.index, range);
  }
}
