// Reads a segment from its first frame on, to learn where it ends and what is where.
import { CHUNK_BYTES } from '../limits.js';
import { FRAME_HEADER_BYTES, visitFrames } from './frame.js';
import { visitRecords } from './journal-record.js';
import type { Marks, Segment } from './segment.js';
import { readSegment } from './segment-file.js';

/** What one read takes: twice the longest frame, so that each read gets on. */
const READ_BYTES = 2 * CHUNK_BYTES;

export interface Scan {
  /** Where the last sound frame ends. */
  readonly end: number;
  /** Next offset of each lane there. */
  readonly ends: Float64Array;
  readonly marks: Marks;
}

/** Follows the sound frames up to `to`, or to the first place where none begins. `lanes`: how many there may be. */
export async function scanSegment(segment: Segment, to: number, lanes: number): Promise<Scan> {
  const ends = new Float64Array(Math.max(lanes, segment.starts.length));
  ends.set(segment.starts);
  const marks = segment.newMarks();
  let position = segment.firstFrame;
  while (position < to) {
    const bytes = await readSegment(segment.path, position, Math.min(READ_BYTES, to - position));
    const used = visitFrames(bytes, segment.head.salt, (frame, at) => {
      marks.offer(position + at, () => ends.slice());
      visitRecords(frame, { from: FRAME_HEADER_BYTES, to: frame.length }, (lane, offset) => {
        ends[lane] = offset + 1;
      });
    });
    if (used === 0) break;
    position += used;
  }
  return { end: position, ends, marks };
}
