import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedEventLog } from '../index.js';

it('smoke', async () => {
  const topic = { name: 'messages', partitions: 4, retentionMs: 1000 };
  const database = await openEmbeddedDatabase({ dir: mkdtempSync(join(tmpdir(), 'p-')) });
  const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const log = createEmbeddedEventLog({ database, clock: { now: () => Date.now() }, logger });
  await log.ensureTopics([topic]);
  const seen: string[] = [];
  const sub = await log.subscribe({
    topic,
    group: 'g',
    handler: async (b) => {
      seen.push(...b.records.map((r) => `${r.key}${r.value[0]}`));
    },
  });
  for (let i = 0; i < 20; i++) await log.append(topic, `k${i % 5}`, Buffer.of(i));
  while (seen.length < 20) await new Promise((r) => setImmediate(r));
  await sub.stop();
  expect(await log.committedOffsets(topic, 'g')).toEqual(await log.endOffsets(topic));
  await log.close();
  await database.close();
});
