// What is left when the process that appends is killed, or when its disk takes no more.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { systemClock } from '@parley/kernel';
import type { LogRecord, Topic } from '../event-log.js';
import { until } from '../testing/contract-log.js';
import { Warnings } from '../testing/journal-fixture.js';
import { startAppending } from '../testing/processes/child-process.js';
import { createEmbeddedEventLog } from './embedded-event-log.js';

const KILLS = 5;
const ACKED_PER_ROUND = 3_000;
/** Six processes have to start, and others may be using the machine. */
const TIMEOUT_MS = 120_000;
const topic: Topic = { name: 'numbers', partitions: 8, retentionMs: 1_000_000 };

describe('the embedded event log when its process dies', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'parley-log-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Every record that a group gets, as `<number> <partition> <offset>`; checks that none comes twice or out of order. */
  async function consumeAll(warnings = new Warnings()): Promise<Set<string>> {
    const database = await openEmbeddedDatabase({ dir });
    const log = createEmbeddedEventLog({ database, clock: systemClock, logger: warnings });
    await log.ensureTopics([topic]);
    const seen: string[] = [];
    const outOfOrder: string[] = [];
    const last = new Map<number, bigint>();
    const take = ({ partition, offset, value }: LogRecord): void => {
      if (offset <= (last.get(partition) ?? -1n)) outOfOrder.push(`${partition} ${offset}`);
      last.set(partition, offset);
      seen.push(`${Buffer.from(value).readUInt32BE()} ${partition} ${offset}`);
    };
    const group = `reader-${Date.now()}`;
    await log.subscribe({ topic, group, handler: async ({ records }) => records.forEach(take) });
    const ends = await log.endOffsets(topic);
    await until('the group is at the end', async () => {
      const committed = await log.committedOffsets(topic, group);
      return committed.every((offset, partition) => offset === ends[partition]);
    });
    expect(await log.deadLetters(topic, 1)).toEqual([]);
    await log.close();
    await database.close();
    expect(outOfOrder).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
    return new Set(seen);
  }

  const isAck = (line: string): boolean => /^\d+ \d+ \d+$/.test(line);

  it(
    'has lost nothing that was acknowledged, and nothing has moved',
    async () => {
      const acked: string[] = [];
      for (let round = 0; round < KILLS; round++) {
        const child = startAppending([dir, String((round + 1) * 1_000_000)]);
        await child.until(ACKED_PER_ROUND * (1 + Math.random()));
        child.process.kill('SIGKILL');
        await child.ended;
        acked.push(...child.lines.filter(isAck));
        const present = await consumeAll();
        expect(acked.filter((record) => !present.has(record))).toEqual([]);
      }
      expect(acked.length).toBeGreaterThanOrEqual(KILLS * ACKED_PER_ROUND);
    },
    TIMEOUT_MS,
  );

  it(
    'tells who appends when the file cannot grow, keeps what it has, and goes on with what fits',
    async () => {
      const child = startAppending([dir, '0'], 1_600);
      await child.ended;
      const [failure, ...others] = child.lines.filter((line) => !isAck(line));
      expect(failure).toBe(
        `UNAVAILABLE (90994): a file in ${join(dir, 'log')} may not grow further: nothing was written; raise the file size limit`,
      );
      expect(others).toEqual(['went on']);
      const warnings = new Warnings();
      const present = await consumeAll(warnings);
      const acked = child.lines.filter(isAck);
      expect(acked.length).toBeGreaterThan(500);
      expect(acked.filter((record) => !present.has(record))).toEqual([]);
      expect(warnings.events).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
