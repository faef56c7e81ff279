// What the tests with faults share: logs over links that break, topics of their own, handlers that remember.
import { randomUUID } from 'node:crypto';
import { systemClock } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import type { EventLog, LogRecord, Topic } from '../../event-log.js';
import { createKafkaClients } from '../kafka-client.js';
import { KafkaEventLog } from '../kafka-event-log.js';
import type { KafkaEventLogOptions } from '../kafka-options.js';
import { FaultyLink } from './faulty-link.js';

export interface FaultLog {
  readonly log: EventLog;
  readonly link: FaultyLink;
}

export const APPEND_DEADLINE_MS = 2_000;
export const SESSION_TIMEOUT_MS = 3_000;
const PATIENCE_MS = 30_000;

/** The logs that one test opens, closed together. */
export class FaultLogs {
  readonly #address: string;
  readonly #opened: FaultLog[] = [];

  constructor(address: string) {
    this.#address = address;
  }

  open(): FaultLog {
    const link = new FaultyLink();
    const options: KafkaEventLogOptions = {
      brokers: [this.#address],
      clock: systemClock,
      logger: silentLogger,
      appendDeadlineMs: APPEND_DEADLINE_MS,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
    };
    const log = new KafkaEventLog(options, createKafkaClients(options, link.socketFactory));
    this.#opened.push({ log, link });
    return { log, link };
  }

  async closeAll(): Promise<void> {
    for (const { log, link } of this.#opened.splice(0)) {
      link.mend();
      await log.close();
    }
  }
}

export const newTopic = (partitions: number): Topic => ({
  name: `faults-${randomUUID()}`,
  partitions,
  retentionMs: 24 * 60 * 60 * 1_000,
});

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (record: LogRecord): string => new TextDecoder().decode(record.value);

/** @throws Error, saying what was waited for. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** All records of the topic, read by a log that nothing disturbs. */
export async function readAll(log: EventLog, topic: Topic): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const ends = await log.endOffsets(topic);
  const count = ends.reduce((sum, end) => sum + end, 0n);
  const subscription = await log.subscribe({
    topic,
    group: 'reader',
    handler: async (batch) => {
      records.push(...batch.records);
    },
  });
  await until('all is read', () => BigInt(records.length) >= count);
  await subscription.stop();
  return records;
}
