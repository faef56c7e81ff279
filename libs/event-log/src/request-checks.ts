// Checks of calls that are the same for every engine.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { SubscribeOptions, Topic } from './event-log.js';
import {
  BATCH_RECORDS_MAX,
  DEAD_LETTERS_PAGE_MAX,
  PARTITIONS_MAX,
  RECORD_KEY_BYTES_MAX,
  RECORD_VALUE_BYTES_MAX,
} from './limits.js';

/** A mistake of the caller: repeating the same call cannot help. */
export const misuse = (info: string): ChatError => new ChatError(ErrorCode.INTERNAL, `event log: ${info}`);

export const logClosed = (): ChatError => new ChatError(ErrorCode.UNAVAILABLE, 'the event log is closed');

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const isCount = (value: number, max: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= max;

export function checkTopic(topic: Topic): void {
  if (!NAME.test(topic.name) || topic.name.length > 100) {
    throw misuse(
      `"${topic.name}" is no topic name: lower-case words joined by hyphens, at most 100 characters`,
    );
  }
  if (!isCount(topic.partitions, PARTITIONS_MAX)) {
    throw misuse(`topic ${topic.name}: 1 to ${PARTITIONS_MAX} partitions`);
  }
  if (!(topic.retentionMs >= 0)) throw misuse(`topic ${topic.name}: retentionMs is not negative`);
}

export function checkRecord(topic: Topic, keyBytes: number, valueBytes: number): void {
  if (keyBytes > RECORD_KEY_BYTES_MAX) {
    throw misuse(`topic ${topic.name}: a key has at most ${RECORD_KEY_BYTES_MAX} bytes`);
  }
  if (valueBytes > RECORD_VALUE_BYTES_MAX) {
    throw misuse(
      `topic ${topic.name}: a value has at most ${RECORD_VALUE_BYTES_MAX} bytes, not ${valueBytes}`,
    );
  }
}

export function checkSubscribe(options: SubscribeOptions): void {
  const { group, batchRecordsMax = 1, attemptsMax = 1, delayMs = 0 } = options;
  if (!NAME.test(group) || group.length > 100) throw misuse(`"${group}" is no group name`);
  if (!isCount(batchRecordsMax, BATCH_RECORDS_MAX))
    throw misuse(`batchRecordsMax is 1 to ${BATCH_RECORDS_MAX}`);
  if (!isCount(attemptsMax, 1_000)) throw misuse('attemptsMax is 1 to 1,000');
  if (!(delayMs >= 0)) throw misuse('delayMs is not negative');
}

export function checkDeadLettersLimit(limit: number): void {
  if (!isCount(limit, DEAD_LETTERS_PAGE_MAX)) {
    throw misuse(`the limit of dead letters is 1 to ${DEAD_LETTERS_PAGE_MAX}`);
  }
}
