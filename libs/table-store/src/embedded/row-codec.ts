// A row's columns as bytes. Self-describing as far as time goes: what follows the header is the
// table's business, and columns that a later declaration added are simply not there yet.
//
//   flags u8 · columns u8 · [version u64] · [expires-at ms u48] · column …
//
// Of a deleted row of a versioned table only the header stays until it expires: the row is absent, its version is known.
//
//   text, bytes  length varint, then the bytes      u32  varint
//   u64          8 bytes                            bool 1 byte
import { checkValue } from '../request-checks.js';
import type { ColumnType } from '../table.js';
import type { StoredColumn } from '../table-catalog.js';

const HAS_VERSION = 1;
const HAS_EXPIRY = 2;
const IS_DELETED = 4;

export interface RowHeader {
  readonly version?: bigint | undefined;
  readonly expiresAtMs?: number | undefined;
}

const NO_BYTES = new Uint8Array(0);
const ZERO: { readonly [T in ColumnType]: unknown } = {
  text: '',
  u32: 0,
  u64: 0n,
  bool: false,
  bytes: NO_BYTES,
};

const varintBytes = (value: number): number =>
  value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;

function writeVarint(target: Buffer, value: number, start: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++] as number;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}

function sizeOf(type: ColumnType, value: unknown): number {
  switch (type) {
    case 'text': {
      const bytes = Buffer.byteLength(value as string);
      return varintBytes(bytes) + bytes;
    }
    case 'bytes': {
      const bytes = (value as Uint8Array).byteLength;
      return varintBytes(bytes) + bytes;
    }
    case 'u32':
      return varintBytes(value as number);
    case 'u64':
      return 8;
    case 'bool':
      return 1;
  }
}

function writeColumn(target: Buffer, type: ColumnType, value: unknown, at: number): number {
  switch (type) {
    case 'text': {
      const start = writeVarint(target, Buffer.byteLength(value as string), at);
      return start + target.write(value as string, start, 'utf8');
    }
    case 'bytes': {
      const start = writeVarint(target, (value as Uint8Array).byteLength, at);
      target.set(value as Uint8Array, start);
      return start + (value as Uint8Array).byteLength;
    }
    case 'u32':
      return writeVarint(target, value as number, at);
    case 'u64':
      return target.writeBigUInt64BE(value as bigint, at);
    case 'bool':
      target[at] = value === true ? 1 : 0;
      return at + 1;
  }
}

function readColumn(reader: Reader, type: ColumnType): unknown {
  switch (type) {
    case 'text': {
      const bytes = readVarint(reader);
      reader.at += bytes;
      return reader.bytes.toString('utf8', reader.at - bytes, reader.at);
    }
    case 'bytes': {
      const bytes = readVarint(reader);
      reader.at += bytes;
      return new Uint8Array(
        reader.bytes.buffer as ArrayBuffer,
        reader.bytes.byteOffset + reader.at - bytes,
        bytes,
      );
    }
    case 'u32':
      return readVarint(reader);
    case 'u64':
      reader.at += 8;
      return reader.bytes.readBigUInt64BE(reader.at - 8);
    case 'bool':
      return reader.bytes[reader.at++] === 1;
  }
}

/** Version and expiry of a stored row; needs no declaration. */
export function readHeader(bytes: Buffer): RowHeader {
  const flags = bytes[0] as number;
  const hasVersion = (flags & HAS_VERSION) !== 0;
  return {
    version: hasVersion ? bytes.readBigUInt64BE(2) : undefined,
    expiresAtMs: (flags & HAS_EXPIRY) !== 0 ? bytes.readUIntBE(hasVersion ? 10 : 2, 6) : undefined,
  };
}

/** What stays of a deleted row. */
export function encodeDeleted(version: bigint, expiresAtMs: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes[0] = HAS_VERSION | HAS_EXPIRY | IS_DELETED;
  bytes.writeBigUInt64BE(version, 2);
  bytes.writeUIntBE(expiresAtMs, 10, 6);
  return bytes;
}

export const isDeleted = (bytes: Buffer): boolean => ((bytes[0] as number) & IS_DELETED) !== 0;

/** Whether there is no row for readers. */
export const isAbsent = (bytes: Buffer, nowMs: number): boolean =>
  isDeleted(bytes) || isExpired(bytes, nowMs);

/** Whether its time has come: nothing of it counts any more. */
export function isExpired(bytes: Buffer, nowMs: number): boolean {
  const flags = bytes[0] as number;
  if ((flags & HAS_EXPIRY) === 0) return false;
  return bytes.readUIntBE((flags & HAS_VERSION) !== 0 ? 10 : 2, 6) <= nowMs;
}

/** Encodes and decodes the columns of one table, in the order of its catalog entry. */
export class RowCodec {
  readonly #table: string;
  readonly #columns: readonly StoredColumn[];
  /** Columns of the declaration; what only the catalog knows is written as zero and never read out. */
  readonly #declared: ReadonlySet<string>;

  constructor(table: string, columns: readonly StoredColumn[], declared: ReadonlySet<string>) {
    this.#table = table;
    this.#columns = columns;
    this.#declared = declared;
  }

  encode(record: Readonly<Record<string, unknown>>, header: RowHeader): Buffer {
    const { version, expiresAtMs } = header;
    let size = 2 + (version === undefined ? 0 : 8) + (expiresAtMs === undefined ? 0 : 6);
    for (const { name, type } of this.#columns) {
      if (this.#declared.has(name)) checkValue(this.#table, name, type, record[name]);
      size += sizeOf(type, this.#valueOf(record, name, type));
    }
    const bytes = Buffer.allocUnsafe(size);
    bytes[0] = (version === undefined ? 0 : HAS_VERSION) | (expiresAtMs === undefined ? 0 : HAS_EXPIRY);
    bytes[1] = this.#columns.length;
    let at = 2;
    if (version !== undefined) at = bytes.writeBigUInt64BE(version, at);
    if (expiresAtMs !== undefined) at = bytes.writeUIntBE(expiresAtMs, at, 6);
    for (const { name, type } of this.#columns) {
      at = writeColumn(bytes, type, this.#valueOf(record, name, type), at);
    }
    return bytes;
  }

  /** Puts the declared columns into `row`. Values of type bytes share memory with `bytes`. */
  decodeInto(row: Record<string, unknown>, bytes: Buffer): void {
    const flags = bytes[0] as number;
    const headerBytes = 2 + ((flags & HAS_VERSION) !== 0 ? 8 : 0) + ((flags & HAS_EXPIRY) !== 0 ? 6 : 0);
    const reader: Reader = { bytes, at: headerBytes };
    const stored = bytes[1] as number;
    for (let i = 0; i < this.#columns.length; i++) {
      const { name, type } = this.#columns[i] as StoredColumn;
      const value = i < stored ? readColumn(reader, type) : ZERO[type];
      if (this.#declared.has(name)) row[name] = value;
    }
  }

  #valueOf(record: Readonly<Record<string, unknown>>, name: string, type: ColumnType): unknown {
    return this.#declared.has(name) ? record[name] : ZERO[type];
  }
}
