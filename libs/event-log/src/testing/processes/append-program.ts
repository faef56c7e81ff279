// Appends numbered records as fast as it can and prints `<number> <partition> <offset>` once one is acknowledged.
// Arguments: directory, first number. After the first failure it prints that, frees the rest of the space that it may
// use, shows that the log goes on, and ends.
import { writeSync } from 'node:fs';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { systemClock } from '@parley/kernel';
import { createEmbeddedEventLog } from '../../embedded/embedded-event-log.js';

const [dir = '', first = '0'] = process.argv.slice(2);
const WRITERS = 64;
const BYTES = 700;
const SEGMENT_BYTES = 1024 * 1024;
const say = (event: string): void => void writeSync(2, `${event}\n`);
const quiet = (): void => undefined;

const topic = { name: 'numbers', partitions: 8, retentionMs: 1_000_000 };
const database = await openEmbeddedDatabase({ dir });
const log = createEmbeddedEventLog({
  database,
  clock: systemClock,
  logger: { debug: quiet, info: quiet, warn: say, error: say },
  sizes: { segmentBytes: SEGMENT_BYTES },
});
await log.ensureTopics([topic]);
let next = Number(first);

async function append(bytes: number): Promise<void> {
  const number = next++;
  const value = Buffer.alloc(bytes, 7);
  value.writeUInt32BE(number);
  const { partition, offset } = await log.append(topic, `key ${number % 100}`, value);
  // Synchronous: what is printed must be what was acknowledged when the process is killed.
  writeSync(1, `${number} ${partition} ${offset}\n`);
}

async function appendWithoutEnd(): Promise<void> {
  for (;;) await append(BYTES);
}

try {
  await Promise.all(Array.from({ length: WRITERS }, appendWithoutEnd));
} catch (thrown) {
  writeSync(1, `${thrown instanceof Error ? thrown.message : thrown}\n`);
  await append(4);
  writeSync(1, 'went on\n');
  await log.close();
  await database.close();
}
