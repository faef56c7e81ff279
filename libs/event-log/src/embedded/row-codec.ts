// Group offsets and dead letters as bytes in the database.
//
//   offset key         topic 00 group 00 partition u16            value: offset u48
//   dead letter key    topic 00 died-at ms u48 · partition u16 · offset u48 · group
//   dead letter value  reason length u16 · reason · appended-at ms u48 · key length u16 · key · value
import type { Entry } from '@parley/embedded-db';
import type { DeadLetter, LogRecord } from '../event-log.js';

const RECORD_HEADER_BYTES = 8;

function positionBytes(partition: number, offset: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt16BE(partition, 0);
  bytes.writeUIntBE(offset, 2, 6);
  return bytes;
}

function encodeRecord({ key, value, appendedAtMs }: LogRecord): Buffer {
  const header = Buffer.allocUnsafe(RECORD_HEADER_BYTES);
  const keyBytes = Buffer.from(key);
  header.writeUIntBE(appendedAtMs, 0, 6);
  header.writeUInt16BE(keyBytes.length, 6);
  return Buffer.concat([header, keyBytes, value]);
}

const view = (bytes: Buffer, from: number): Uint8Array =>
  new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + from, bytes.length - from);

/** The record's value shares memory with `bytes`. */
function decodeRecord(partition: number, offset: number, bytes: Buffer): LogRecord {
  const keyEnd = RECORD_HEADER_BYTES + bytes.readUInt16BE(6);
  return {
    partition,
    offset: BigInt(offset),
    key: bytes.toString('utf8', RECORD_HEADER_BYTES, keyEnd),
    value: view(bytes, keyEnd),
    appendedAtMs: bytes.readUIntBE(0, 6),
  };
}

const u48 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(value, 0, 6);
  return bytes;
};

export const groupPrefix = (topic: string): Buffer => Buffer.from(`${topic}\0`);

export function groupOffsetKey(topic: string, group: string, partition: number): Buffer {
  const prefix = Buffer.from(`${topic}\0${group}\0`);
  const key = Buffer.allocUnsafe(prefix.length + 2);
  prefix.copy(key);
  key.writeUInt16BE(partition, prefix.length);
  return key;
}

/** Group and partition of an offset key of the topic. */
export function decodeGroupOffsetKey(topic: string, key: Buffer): { group: string; partition: number } {
  const from = topic.length + 1;
  return {
    group: key.toString('latin1', from, key.length - 3),
    partition: key.readUInt16BE(key.length - 2),
  };
}

export const encodeOffset = (offset: number): Buffer => u48(offset);
export const decodeOffset = (bytes: Buffer): number => bytes.readUIntBE(0, 6);

/** The keys of everything that begins with `topic 00`. */
export const topicRange = (topic: string): { start: Buffer; end: Buffer } => ({
  start: Buffer.from(`${topic}\0`),
  end: Buffer.from(`${topic}\x01`),
});

export function deadLetterKey(topic: string, letter: Omit<DeadLetter, 'reason'>): Buffer {
  const { group, record, diedAtMs } = letter;
  return Buffer.concat([
    groupPrefix(topic),
    u48(diedAtMs),
    positionBytes(record.partition, Number(record.offset)),
    Buffer.from(group, 'latin1'),
  ]);
}

export function encodeDeadLetter(record: LogRecord, reason: string): Buffer {
  const reasonBytes = Buffer.from(reason);
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(reasonBytes.length);
  return Buffer.concat([length, reasonBytes, encodeRecord(record)]);
}

export function decodeDeadLetter(topic: string, { key, value }: Entry): DeadLetter {
  const from = topic.length + 1;
  const recordStart = 2 + value.readUInt16BE(0);
  const partition = key.readUInt16BE(from + 6);
  const offset = key.readUIntBE(from + 8, 6);
  return {
    group: key.toString('latin1', from + 14),
    record: decodeRecord(partition, offset, value.subarray(recordStart)),
    reason: value.toString('utf8', 2, recordStart),
    diedAtMs: key.readUIntBE(from, 6),
  };
}
