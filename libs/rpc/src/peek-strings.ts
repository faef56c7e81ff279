// Reads single string fields out of encoded messages without decoding them.

/** Fields looked at before giving up; ours: no request has as many. */
const FIELDS_SCANNED_MAX = 64;
/** A longer value is no id and is not worth hashing, bytes; ours. */
const VALUE_BYTES_MAX = 512;

const decoder = new TextDecoder();

/**
 * The values of top-level string fields by number, in the order asked; '' for one that is absent, too
 * long, or behind malformed bytes. Of a field that comes twice the last value counts, as in protobuf.
 * Never throws: the answer only serves to prefer a replica.
 */
export function peekStrings(message: Uint8Array, fields: readonly number[]): string[] {
  const values = fields.map(() => '');
  const reader = new WireScanner(message);
  for (let scanned = 0; scanned < FIELDS_SCANNED_MAX && reader.next(); scanned++) {
    const index = fields.indexOf(reader.field);
    if (index >= 0 && reader.isBytes) values[index] = reader.text();
  }
  return values;
}

class WireScanner {
  field = 0;
  isBytes = false;
  #at = 0;
  #valueStart = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Moves over one field. False at the end and at bytes that make no sense. */
  next(): boolean {
    if (this.#at >= this.bytes.length) return false;
    const tag = this.#varint();
    if (tag < 0) return false;
    this.field = Math.floor(tag / 8);
    this.isBytes = false;
    switch (tag % 8) {
      case 0:
        return this.#varint() >= 0;
      case 1:
        return this.#skip(8);
      case 2:
        return this.#skipBytes();
      case 5:
        return this.#skip(4);
      default:
        return false;
    }
  }

  text(): string {
    if (this.#at - this.#valueStart > VALUE_BYTES_MAX) return '';
    return decoder.decode(this.bytes.subarray(this.#valueStart, this.#at));
  }

  #skipBytes(): boolean {
    const length = this.#varint();
    if (length < 0) return false;
    this.isBytes = true;
    this.#valueStart = this.#at;
    return this.#skip(length);
  }

  #skip(length: number): boolean {
    this.#at += length;
    return this.#at <= this.bytes.length;
  }

  /** -1 when it is cut off or longer than ten bytes. Beyond 2^53 it is inexact, which no length or tag is. */
  #varint(): number {
    let value = 0;
    for (let shift = 1, count = 0; count < 10; count++, shift *= 128) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }
}
