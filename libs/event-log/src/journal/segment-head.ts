// The first frame of a segment: who it is, and what went before. It makes the oldest segment that is left tell
// where every partition stands, whatever was deleted before it.
//
//   payload: number u48 · created-at ms u48 · end of the segment before u48 · lanes u32 · next offset u48 of each lane
import { FRAME_HEADER_BYTES, FrameKind, frameAt, saltOf, sealFrame } from './frame.js';

const FIXED_BYTES = 22;
const OFFSET_BYTES = 6;

export interface SegmentHead {
  /** From 1. */
  readonly number: number;
  readonly createdAtMs: number;
  /** Where the last frame of the segment before ends, bytes; 0: there was none. */
  readonly formerEnd: number;
  readonly salt: number;
  /** Next offset of each lane that was known then. */
  readonly starts: Float64Array;
}

export const headBytes = (lanes: number): number => FRAME_HEADER_BYTES + FIXED_BYTES + lanes * OFFSET_BYTES;

export function encodeHead({ number, createdAtMs, formerEnd, salt, starts }: SegmentHead): Buffer {
  const frame = Buffer.alloc(headBytes(starts.length));
  let at = frame.writeUIntLE(number, FRAME_HEADER_BYTES, 6);
  at = frame.writeUIntLE(createdAtMs, at, 6);
  at = frame.writeUIntLE(formerEnd, at, 6);
  at = frame.writeUInt32LE(starts.length, at);
  for (const start of starts) at = frame.writeUIntLE(start, at, OFFSET_BYTES);
  sealFrame(frame, FrameKind.HEAD, salt);
  return frame;
}

/** Undefined: `bytes` do not begin with a sound head. */
export function decodeHead(bytes: Buffer): SegmentHead | undefined {
  const frame = frameAt(bytes, 0, { kind: FrameKind.HEAD });
  if (!frame) return undefined;
  const lanes = frame.readUInt32LE(FRAME_HEADER_BYTES + 18);
  const startsAt = FRAME_HEADER_BYTES + FIXED_BYTES;
  return {
    number: frame.readUIntLE(FRAME_HEADER_BYTES, 6),
    createdAtMs: frame.readUIntLE(FRAME_HEADER_BYTES + 6, 6),
    formerEnd: frame.readUIntLE(FRAME_HEADER_BYTES + 12, 6),
    salt: saltOf(frame),
    starts: Float64Array.from({ length: lanes }, (_, lane) =>
      frame.readUIntLE(startsAt + lane * OFFSET_BYTES, OFFSET_BYTES),
    ),
  };
}
