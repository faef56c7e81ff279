// Writes proto3 wire format into a buffer of known size. Sizes are computed first,
// so one allocation holds a frame and whatever the caller wants in front of it.

export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  if (value < 0x1000_0000) return 4;
  let bytes = 5;
  for (let rest = value / 0x8_0000_0000; rest >= 1; rest /= 128) bytes++;
  return bytes;
}

/** Bytes of a uint field with a one-byte tag; 0 is not written. */
export const uintFieldBytes = (value: number): number => (value === 0 ? 0 : 1 + varintBytes(value));

/** Bytes of a length-delimited field with a one-byte tag. */
export const bytesFieldBytes = (length: number): number => 1 + varintBytes(length) + length;

/** @returns the position after the value; `value` is a safe integer, not negative. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  while (rest > 0xffff_ffff) {
    into[end++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest > 0x7f) {
    into[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[end++] = rest;
  return end;
}

/** Writes nothing for 0, as proto3 does. */
export function writeUintField(into: Uint8Array, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  into[at] = tag;
  return writeVarint(into, at + 1, value);
}

/** Tag and length of a length-delimited field; the content follows. */
export function writeFieldHead(into: Uint8Array, at: number, tag: number, length: number): number {
  into[at] = tag;
  return writeVarint(into, at + 1, length);
}

export function writeBytesField(into: Uint8Array, at: number, tag: number, value: Uint8Array): number {
  const start = writeFieldHead(into, at, tag, value.length);
  into.set(value, start);
  return start + value.length;
}
