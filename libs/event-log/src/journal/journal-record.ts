// One record inside a frame.
//
//   length u32 · lane u16 · key length u16 · offset u48 · appended-at ms u48 · key · value     (little-endian)
import type { LogRecord } from '../event-log.js';

const LANE_AT = 4;
const KEY_BYTES_AT = 6;
const OFFSET_AT = 8;
const APPENDED_AT = 14;
export const RECORD_HEADER_BYTES = 20;
const HIGH = 0x1_0000_0000;

export interface NewRecord {
  readonly lane: number;
  readonly key: string;
  readonly value: Uint8Array;
  /** Below 2^48: more than a process can append in a human life. */
  readonly offset: number;
  readonly appendedAtMs: number;
}

/** The most bytes that a record can need: three for each UTF-16 unit of its key. */
export const recordBytesMax = (key: string, value: Uint8Array): number =>
  RECORD_HEADER_BYTES + key.length * 3 + value.length;

function writeU48(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value >>> 0, at);
  bytes.writeUInt16LE((value / HIGH) >>> 0, at + 4);
}

const readU48 = (bytes: Buffer, at: number): number =>
  bytes.readUInt16LE(at + 4) * HIGH + bytes.readUInt32LE(at);

/** Answers the record's length. */
export function writeRecord(bytes: Buffer, at: number, record: NewRecord): number {
  const { lane, key, value, offset, appendedAtMs } = record;
  const keyBytes = bytes.write(key, at + RECORD_HEADER_BYTES, 'utf8');
  const length = RECORD_HEADER_BYTES + keyBytes + value.length;
  bytes.writeUInt32LE(length, at);
  bytes.writeUInt16LE(lane, at + LANE_AT);
  bytes.writeUInt16LE(keyBytes, at + KEY_BYTES_AT);
  writeU48(bytes, offset, at + OFFSET_AT);
  writeU48(bytes, appendedAtMs, at + APPENDED_AT);
  bytes.set(value, at + RECORD_HEADER_BYTES + keyBytes);
  return length;
}

export const offsetAt = (bytes: Buffer, at: number): number => readU48(bytes, at + OFFSET_AT);

/** Bytes of the value of the record that begins there. */
export const valueBytesAt = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at) - RECORD_HEADER_BYTES - bytes.readUInt16LE(at + KEY_BYTES_AT);

/** The record that begins there; its value shares memory with `bytes`. */
export function readRecord(bytes: Buffer, at: number, partition: number): LogRecord {
  const keyAt = at + RECORD_HEADER_BYTES;
  const valueAt = keyAt + bytes.readUInt16LE(at + KEY_BYTES_AT);
  const end = at + bytes.readUInt32LE(at);
  return {
    partition,
    offset: BigInt(offsetAt(bytes, at)),
    key: bytes.toString('utf8', keyAt, valueAt),
    value: new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + valueAt, end - valueAt),
    appendedAtMs: readU48(bytes, at + APPENDED_AT),
  };
}

/** Visits the records between two places of a sound frame. */
export function visitRecords(
  bytes: Buffer,
  range: { readonly from: number; readonly to: number },
  visit: (lane: number, offset: number, at: number) => void,
): void {
  let at = range.from;
  while (at < range.to) {
    visit(bytes.readUInt16LE(at + LANE_AT), offsetAt(bytes, at), at);
    at += bytes.readUInt32LE(at);
  }
}
