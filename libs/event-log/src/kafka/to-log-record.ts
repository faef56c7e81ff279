import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../event-log.js';

/** The value shares memory with the answer that it came in. */
export function toLogRecord(partition: number, message: KafkaMessage): LogRecord {
  const { key, value, offset, timestamp } = message;
  return {
    partition,
    offset: BigInt(offset),
    key: key?.toString('utf8') ?? '',
    value: value
      ? new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.length)
      : new Uint8Array(0),
    appendedAtMs: Number(timestamp),
  };
}
