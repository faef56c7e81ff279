// What the journal's files consist of: frames, one per flush.
//
//   CRC-32 u32 · length u32 · salt u32 · version u8 · kind u8 · 0 u16 · payload        (little-endian)
//
// The length is that of the whole frame; the CRC covers everything behind itself. The salt is the segment's own random
// number: bytes of another file, or of a message that somebody made look like a frame, are none.
import { crc32 } from 'node:zlib';

export const FRAME_HEADER_BYTES = 16;
const LENGTH_AT = 4;
export const SALT_AT = 8;
const VERSION_AT = 12;
const KIND_AT = 13;
const FRAME_VERSION = 1;

/** What a frame holds. */
export const FrameKind = {
  /** First frame of a segment: what is before it. */
  HEAD: 1,
  RECORDS: 2,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** Completes a frame whose payload is in place. `frame` is exactly the frame. */
export function sealFrame(frame: Buffer, kind: FrameKind, salt: number): void {
  frame.writeUInt32LE(frame.length, LENGTH_AT);
  frame.writeUInt32LE(salt, SALT_AT);
  frame[VERSION_AT] = FRAME_VERSION;
  frame[KIND_AT] = kind;
  frame.writeUInt16LE(0, KIND_AT + 1);
  frame.writeUInt32LE(crc32(frame.subarray(LENGTH_AT)), 0);
}

export const saltOf = (frame: Buffer): number => frame.readUInt32LE(SALT_AT);

export interface FrameCheck {
  readonly kind: FrameKind;
  /** Absent: any. */
  readonly salt?: number;
}

/** The whole and sound frame that begins at `at`; undefined: none does. */
export function frameAt(bytes: Buffer, at: number, { kind, salt }: FrameCheck): Buffer | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32LE(at + LENGTH_AT);
  if (length < FRAME_HEADER_BYTES || at + length > bytes.length) return undefined;
  if (bytes[at + VERSION_AT] !== FRAME_VERSION || bytes[at + KIND_AT] !== kind) return undefined;
  const frame = bytes.subarray(at, at + length);
  if (salt !== undefined && saltOf(frame) !== salt) return undefined;
  return crc32(frame.subarray(LENGTH_AT)) === frame.readUInt32LE(0) ? frame : undefined;
}

/** Visits the sound frames of records at the beginning of `bytes`. Answers how many bytes they have together. */
export function visitFrames(bytes: Buffer, salt: number, visit: (frame: Buffer, at: number) => void): number {
  let at = 0;
  for (;;) {
    const frame = frameAt(bytes, at, { kind: FrameKind.RECORDS, salt });
    if (!frame) return at;
    visit(frame, at);
    at += frame.length;
  }
}

/** Whether a sound frame of records begins anywhere at or behind `from`. */
export function hasFrameBehind(bytes: Buffer, from: number, salt: number): boolean {
  const pattern = Buffer.alloc(4);
  pattern.writeUInt32LE(salt);
  let found = bytes.indexOf(pattern, from + SALT_AT);
  while (found >= 0) {
    if (frameAt(bytes, found - SALT_AT, { kind: FrameKind.RECORDS, salt })) return true;
    found = bytes.indexOf(pattern, found + 1);
  }
  return false;
}
