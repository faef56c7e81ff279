// Reads what this service wrote itself, from log and tables, and ordinary requests. Other than the wire's
// FrameReader it makes no view for a text, and it throws.
const VARINT_BYTES_MAX = 10;

export class ByteCursor {
  #at = 0;
  #end: number;

  constructor(private readonly bytes: Buffer) {
    this.#end = bytes.length;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  get bytesLeft(): number {
    return this.#end - this.#at;
  }

  /** 0 at the end of the (nested) message. */
  nextTag(): number {
    return this.#at >= this.#end ? 0 : this.uint();
  }

  /** @throws Error when the number is cut off or no safe integer. */
  uint(): number {
    let value = 0;
    let unit = 1;
    for (let length = 0; length < VARINT_BYTES_MAX && this.#at < this.#end; length++) {
      const byte = this.bytes[this.#at++] as number;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
      unit *= 128;
    }
    throw damaged();
  }

  /** A text of ASCII characters. */
  ascii(): string {
    const start = this.#pass();
    return this.bytes.toString('latin1', start, this.#at);
  }

  text(): string {
    const start = this.#pass();
    return this.bytes.toString('utf8', start, this.#at);
  }

  /** Shares memory with the bytes. */
  view(): Buffer {
    const start = this.#pass();
    return this.bytes.subarray(start, this.#at);
  }

  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.uint();
    else if (wireType === 2) this.#pass();
    else throw damaged();
  }

  /** Moves behind a length-delimited value and answers where it starts. */
  #pass(): number {
    const length = this.uint();
    const start = this.#at;
    if (length > this.#end - start) throw damaged();
    this.#at = start + length;
    return start;
  }
}

/** The same memory as a Buffer. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const damaged = (): Error => new Error('stored bytes are damaged');
