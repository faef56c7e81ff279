// Group commit. Appends of one turn, and all that arrive while a flush is on its way to the disk, go into the next
// frame together; its flush starts when the former one has ended, with no timer.
//
//   append() ──▶ open frame ──setImmediate──▶ flushing ──fdatasync──▶ durable: seen by consumers, then resolved
//                    ▲                            │
//                    └── appends meanwhile        └── failure: its appends reject; the frames behind it are tried
import { ChatError, ErrorCode } from '@parley/kernel';
import { WAITING_BYTES_MAX } from '../limits.js';
import { FRAME_HEADER_BYTES } from './frame.js';
import { recordBytesMax, writeRecord } from './journal-record.js';
import type { Lane } from './lane.js';
import type { RecentRecords } from './recent-records.js';
import { WaitingFrame } from './waiting-frame.js';

export interface AppendQueueOptions {
  readonly recent: RecentRecords;
  /** Makes a frame durable. Never called while a former call is unsettled. */
  readonly write: (frame: Buffer) => Promise<void>;
  readonly toError: (thrown: unknown) => ChatError;
  /** The next offset of every lane. */
  readonly nextOffsets: () => Float64Array;
}

export interface Append {
  readonly lane: Lane;
  readonly key: string;
  readonly value: Uint8Array;
  readonly appendedAtMs: number;
}

export interface Appended {
  readonly offset: number;
  readonly frame: WaitingFrame;
}

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  /** The frame that is being flushed first, if any; the open one last. */
  readonly #frames: WaitingFrame[] = [];
  #isFlushing = false;
  #isScheduled = false;
  #waitingBytes = 0;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** The record's place; it is durable when the frame settles. @throws ChatError OVERLOADED. */
  append({ lane, key, value, appendedAtMs }: Append): Appended {
    const room = recordBytesMax(key, value);
    if (this.#waitingBytes + room > WAITING_BYTES_MAX) {
      throw new ChatError(ErrorCode.OVERLOADED, 'the event log does not keep up: try again later');
    }
    const frame = this.#openFrame(room);
    const { bytes } = frame.chunk.block;
    const at = frame.end;
    const offset = lane.next++;
    const length = writeRecord(bytes, at, { lane: lane.index, key, value, offset, appendedAtMs });
    frame.add(lane, at, length);
    this.#waitingBytes += length;
    this.#schedule();
    return { offset, frame };
  }

  /** Settles when everything that was appended before is durable or failed. */
  async settled(): Promise<void> {
    // Who appended sees a failure.
    await this.#frames.at(-1)?.settled.catch(() => undefined);
  }

  /** A frame that has room for so much more. */
  #openFrame(room: number): WaitingFrame {
    const last = this.#frames.at(-1);
    const isOpen = last && !(this.#isFlushing && this.#frames.length === 1);
    if (isOpen && last.chunk.room >= room) return last;
    const { recent, nextOffsets } = this.#options;
    const hasRoom = (recent.newest?.room ?? 0) >= FRAME_HEADER_BYTES + room;
    const chunk = recent.newest && hasRoom ? recent.newest : recent.begin(nextOffsets());
    const frame = new WaitingFrame(chunk);
    this.#frames.push(frame);
    return frame;
  }

  #schedule(): void {
    if (this.#isFlushing || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#flushNext();
    });
  }

  async #flushNext(): Promise<void> {
    const frame = this.#frames[0];
    if (!frame) return;
    this.#isFlushing = true;
    let failure: ChatError | undefined;
    try {
      await this.#options.write(frame.bytes());
    } catch (thrown) {
      failure = this.#options.toError(thrown);
    }
    this.#isFlushing = false;
    this.#frames.shift();
    this.#waitingBytes -= frame.recordBytes;
    this.#settle(frame, failure);
    if (this.#frames.length > 0) this.#schedule();
  }

  #settle(frame: WaitingFrame, failure: ChatError | undefined): void {
    frame.chunk.waitingFrames--;
    if (failure) frame.forget();
    else for (const { lane, end } of frame.touches) lane.end = end;
    this.#options.recent.trim();
    if (failure) {
      frame.reject(failure);
      return;
    }
    for (const { lane } of frame.touches) for (const listener of lane.listeners) listener();
    frame.resolve();
  }
}
