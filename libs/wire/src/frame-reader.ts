// A cursor over one frame. Reads proto3 wire format with strict bounds: it never
// looks outside `bytes`, never throws, and always moves forward. After the first
// defect every read answers a zero value and nextTag() answers 0, so a decoder
// needs one check, at its end.
import type { FrameDefect } from './frame-defect.js';

export const WIRE_VARINT = 0;
export const WIRE_64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_32 = 5;

/** The tag of a field as it stands on the wire. */
export const tagOf = (field: number, wireType: number): number => (field << 3) | wireType;

const VARINT_BYTES_MAX = 10;
const EMPTY = new Uint8Array(0);
// ignoreBOM: a leading U+FEFF is text here, as it is for the generated code.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class FrameReader {
  readonly bytes: Uint8Array;
  defect: FrameDefect | undefined = undefined;
  private at = 0;
  private end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  fail(defect: FrameDefect): void {
    this.defect ??= defect;
    this.at = this.end;
  }

  /** The next field's tag; 0 at the end of the (nested) message and after a defect. */
  nextTag(): number {
    if (this.defect !== undefined || this.at >= this.end) return 0;
    const tag = this.uint32();
    const wireType = tag & 7;
    const isKnownType =
      wireType === WIRE_VARINT || wireType === WIRE_BYTES || wireType === WIRE_64 || wireType === WIRE_32;
    if (tag >>> 3 !== 0 && isKnownType) return tag;
    this.fail('bad-tag');
    return 0;
  }

  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) return this.failNumber('truncated');
      const byte = this.bytes[this.at++] as number;
      if (shift === 28 && byte > 0x0f) return this.failNumber('number-too-large');
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    return this.failNumber('number-too-large');
  }

  /** A uint64 whose value must be a safe integer. */
  uint53(): number {
    let value = 0;
    let unit = 1;
    for (let length = 0; length < VARINT_BYTES_MAX; length++) {
      if (this.at >= this.end) return this.failNumber('truncated');
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER) return this.failNumber('number-too-large');
      if (byte < 0x80) return value;
      unit *= 128;
    }
    return this.failNumber('number-too-long');
  }

  /** A view into the frame, not a copy. */
  view(): Uint8Array {
    const length = this.length();
    if (length === 0) return EMPTY;
    // Not subarray(): a Buffer's would make another Buffer.
    const view = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.at, length);
    this.at += length;
    return view;
  }

  text(): string {
    const view = this.view();
    if (view.length === 0) return '';
    try {
      return utf8.decode(view);
    } catch {
      this.fail('bad-text'); // a fatal TextDecoder has no other way to say it
      return '';
    }
  }

  /** Narrows the cursor to the nested message that starts here; the answer is for {@link leave}. */
  enter(): number {
    const outerEnd = this.end;
    const length = this.length();
    this.end = this.at + length;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.at = this.defect === undefined ? this.end : outerEnd;
    this.end = outerEnd;
  }

  /** Passes over a field that this version does not know. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === WIRE_BYTES) this.advance(this.length());
    else if (wireType === WIRE_64) this.advance(8);
    else if (wireType === WIRE_32) this.advance(4);
    else this.skipVarint();
  }

  /** For a tag that is not one of the expected: unknown fields are skipped, known ones of another type are a defect. */
  skipUnknown(tag: number, lastKnownField: number): void {
    if (tag >>> 3 <= lastKnownField) this.fail('wrong-type');
    else this.skip(tag);
  }

  private skipVarint(): void {
    for (let length = 0; length < VARINT_BYTES_MAX; length++) {
      if (this.at >= this.end) break;
      if ((this.bytes[this.at++] as number) < 0x80) return;
    }
    this.fail(this.at >= this.end ? 'truncated' : 'number-too-long');
  }

  private length(): number {
    const length = this.uint32();
    if (length <= this.end - this.at) return length;
    return this.failNumber('truncated');
  }

  private advance(count: number): void {
    if (count > this.end - this.at) this.fail('truncated');
    else this.at += count;
  }

  private failNumber(defect: FrameDefect): 0 {
    this.fail(defect);
    return 0;
  }
}
