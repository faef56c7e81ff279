// Dead letters as records of a topic of their own: key and value of the dead record, the rest in headers.
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { DeadLetter } from '../event-log.js';
import { REASON_CHARS_MAX } from '../limits.js';
import { toLogRecord } from './to-log-record.js';

/** Names of topics have no dots, so this one is free. */
export const deadLetterTopicOf = (topic: string): string => `${topic}.dead-letters`;

const HEADERS = {
  group: 'parley-group',
  partition: 'parley-partition',
  offset: 'parley-offset',
  appendedAtMs: 'parley-appended-at-ms',
  diedAtMs: 'parley-died-at-ms',
  reason: 'parley-reason',
} as const;

export function encodeDeadLetter({ group, record, reason, diedAtMs }: DeadLetter): Message {
  const { key, value, partition, offset, appendedAtMs } = record;
  return {
    key,
    value: Buffer.from(value.buffer as ArrayBuffer, value.byteOffset, value.length),
    partition: 0,
    headers: {
      [HEADERS.group]: group,
      [HEADERS.partition]: String(partition),
      [HEADERS.offset]: String(offset),
      [HEADERS.appendedAtMs]: String(appendedAtMs),
      [HEADERS.diedAtMs]: String(diedAtMs),
      [HEADERS.reason]: reason.slice(0, REASON_CHARS_MAX),
    },
  };
}

/** Undefined for a record that the log did not write. */
export function decodeDeadLetter(message: KafkaMessage): DeadLetter | undefined {
  const text = (name: string): string => headerText(message.headers, name);
  const offset = text(HEADERS.offset);
  if (!/^\d+$/.test(offset)) return undefined;
  const { key, value } = toLogRecord(0, message);
  return {
    group: text(HEADERS.group),
    record: {
      key,
      value,
      partition: Number(text(HEADERS.partition)),
      offset: BigInt(offset),
      appendedAtMs: Number(text(HEADERS.appendedAtMs)),
    },
    reason: text(HEADERS.reason),
    diedAtMs: Number(text(HEADERS.diedAtMs)),
  };
}

function headerText(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  const one = Array.isArray(value) ? value[0] : value;
  return one === undefined ? '' : one.toString();
}
