// Writes frames to the newest segment, one after the other, and begins the next segment when it is full.
//
//   write ──▶ sync ──▶ durable
//     └──┬─────┘ failure: the file is cut where the last durable frame ends. While that fails too, nothing is written.
//
// After a failed sync the system may have forgotten what it could not write. So a frame is never synced twice: its
// bytes are cut off, and its records do not exist.
import type { Clock } from '@parley/kernel';
import { SEGMENT_BYTES, WRITE_AHEAD_BYTES } from '../limits.js';
import { createSegment, type NewestSegment } from './create-segment.js';
import { FrameKind, sealFrame } from './frame.js';

const ZEROS = Buffer.alloc(WRITE_AHEAD_BYTES);

export interface SegmentWriterOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly newest: NewestSegment;
  /** Offset after the last durable record of every lane. */
  readonly ends: () => Float64Array;
  /** Called when a segment has followed the newest, before anything is written to it. */
  readonly onNext: (next: NewestSegment) => void;
  /** Default SEGMENT_BYTES. */
  readonly segmentBytes?: number;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #segmentBytes: number;
  #newest: NewestSegment;
  /** Up to here the file has its length and its blocks. */
  #allocated: number;
  /** The file may have bytes of a frame that failed. */
  #mustCut = false;
  /** A segment that follows may have been begun: nothing may be added to this one. */
  #mustFollow = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#newest = options.newest;
    this.#allocated = options.newest.segment.end;
  }

  /** Makes a frame durable whose payload is complete. Never called while a former call is unsettled. */
  async write(frame: Buffer): Promise<void> {
    if (this.#mustCut) await this.#cut();
    const { segment } = this.#newest;
    const isFull = segment.end > segment.firstFrame && segment.end + frame.length > this.#segmentBytes;
    if (isFull || this.#mustFollow) await this.#follow();
    await this.#add(frame, this.#newest);
  }

  close(): Promise<void> {
    return this.#newest.file.close();
  }

  async #add(frame: Buffer, { segment, file, marks }: NewestSegment): Promise<void> {
    sealFrame(frame, FrameKind.RECORDS, segment.head.salt);
    marks.offer(segment.end, this.#options.ends);
    const end = segment.end + frame.length;
    this.#mustCut = true;
    try {
      await file.write(frame, segment.end);
      await this.#writeAhead(end);
      await file.sync();
    } catch (thrown) {
      // Tried again before the next write; the reason that the caller hears is the first one.
      await this.#cut().catch(() => undefined);
      throw thrown;
    }
    this.#mustCut = false;
    segment.end = end;
  }

  /** Zeros behind the frame, so that the next ones find their blocks allocated and change no metadata of the file. */
  async #writeAhead(end: number): Promise<void> {
    if (end <= this.#allocated) return;
    const next = Math.ceil(end / WRITE_AHEAD_BYTES) * WRITE_AHEAD_BYTES;
    this.#allocated = Math.max(end, Math.min(next, this.#segmentBytes));
    if (this.#allocated === end) return;
    try {
      await this.#newest.file.write(ZEROS.subarray(0, this.#allocated - end), end);
    } catch {
      // No more than a help: the frame itself is written, and zeros behind it mean nothing.
      this.#allocated = end;
    }
  }

  async #cut(): Promise<void> {
    const { segment, file } = this.#newest;
    await file.truncate(segment.end);
    this.#allocated = segment.end;
    this.#mustCut = false;
  }

  async #follow(): Promise<void> {
    const { dir, clock, ends, onNext } = this.#options;
    const former = this.#newest;
    this.#mustFollow = true;
    const next = await createSegment(dir, {
      number: former.segment.number + 1,
      createdAtMs: clock.now(),
      formerEnd: former.segment.end,
      starts: ends(),
    });
    this.#mustFollow = false;
    this.#newest = next;
    this.#allocated = next.segment.end;
    onNext(next);
    await former.file.close();
  }
}
