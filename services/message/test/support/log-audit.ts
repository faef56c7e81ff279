// Everything that a topic holds, as somebody sees it who has nothing to do with the service.
import type { EventLog, LogRecord } from '@parley/event-log';
import { waitFor } from '@parley/testkit';
import { messagesTopic } from '../../src/topics.js';

let audits = 0;

export async function readWholeLog(log: EventLog): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const ends = await log.endOffsets(messagesTopic);
  const group = `audit-${++audits}`;
  const subscription = await log.subscribe({
    topic: messagesTopic,
    group,
    handler: async (batch) => {
      records.push(...batch.records);
    },
  });
  await waitFor(async () => {
    const committed = await log.committedOffsets(messagesTopic, group);
    return ends.every((end, partition) => (committed[partition] ?? 0n) >= end);
  });
  await subscription.stop();
  return records;
}
