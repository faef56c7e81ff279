// What only this engine does: files, retention by whole segments, groups far behind.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import type { Topic } from '../event-log.js';
import { bytesOf, Collector, Gate, until } from '../testing/contract-log.js';
import { Warnings } from '../testing/journal-fixture.js';
import { EmbeddedEventLog } from './embedded-event-log.js';

const HOUR_MS = 3_600_000;
const chats: Topic = { name: 'chats', partitions: 3, retentionMs: HOUR_MS };
const audits: Topic = { name: 'audits', partitions: 2, retentionMs: 10 * HOUR_MS };
const SEGMENT_BYTES = 2_000;

describe('the embedded event log', () => {
  let dir: string;
  let nowMs: number;
  let database: EmbeddedDatabase;
  let log: EmbeddedEventLog;
  let warnings: Warnings;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-log-'));
    nowMs = 1_700_000_000_000;
    warnings = new Warnings();
    await open(chats, audits);
  });
  afterEach(async () => {
    await shut();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(...topics: Topic[]): Promise<void> {
    database = await openEmbeddedDatabase({ dir });
    log = new EmbeddedEventLog({
      database,
      clock: { now: () => nowMs },
      logger: warnings,
      sizes: { segmentBytes: SEGMENT_BYTES },
    });
    await log.ensureTopics(topics);
  }

  async function shut(): Promise<void> {
    await log.close();
    await database.close();
  }

  /** Appends one after the other, so that segments fill. */
  async function appendTo(topic: Topic, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await log.append(topic, `key ${i}`, bytesOf(`${i} ${'x'.repeat(200)}`));
  }

  const segments = (): number => readdirSync(join(dir, 'log')).length;

  async function dropAll(): Promise<number> {
    let dropped = 0;
    while (await log.dropOldRecords()) dropped++;
    return dropped;
  }

  async function untilFinished(topic: Topic, group: string): Promise<void> {
    await until(`${group} is at the end`, async () => {
      const [ends, committed] = [await log.endOffsets(topic), await log.committedOffsets(topic, group)];
      return ends.every((end, partition) => committed[partition] === end);
    });
  }

  async function consume(topic: Topic, group: string): Promise<Collector> {
    const collector = new Collector();
    const subscription = await log.subscribe({ topic, group, handler: collector.handler });
    await untilFinished(topic, group);
    await subscription.stop();
    return collector;
  }

  describe('drops old records', () => {
    it('by whole segments, one a step, when they are past retention', async () => {
      await appendTo(chats, 50);
      const before = segments();
      expect(before).toBeGreaterThan(5);
      expect(await dropAll()).toBe(0);
      nowMs += HOUR_MS + 1;
      expect(await log.dropOldRecords()).toBe(true);
      expect(segments()).toBe(before - 1);
      await dropAll();
      // The newest segment always stays.
      expect(segments()).toBe(1);
    });

    it('when the longest retention of the topics in a segment is over', async () => {
      await appendTo(chats, 20);
      await log.append(audits, 'key', bytesOf('kept for long'));
      await appendTo(chats, 20);
      nowMs += HOUR_MS + 1;
      expect(await dropAll()).toBeGreaterThan(0);
      expect((await consume(audits, 'auditors')).values).toEqual(['kept for long']);
      const left = segments();
      nowMs += 10 * HOUR_MS;
      await dropAll();
      expect(segments()).toBeLessThan(left);
    });

    it('never what a known group has not finished, in any partition', async () => {
      await appendTo(chats, 50);
      const gate = new Gate();
      const slow = await log.subscribe({
        topic: chats,
        group: 'slow',
        handler: async (batch) => {
          if (batch.partition === 1) await gate.opened;
        },
      });
      await consume(chats, 'quick');
      nowMs += 2 * HOUR_MS;
      expect(await dropAll()).toBe(0);
      gate.open();
      await untilFinished(chats, 'slow');
      await slow.stop();
      expect(await dropAll()).toBeGreaterThan(5);
    });

    it('up to where the slowest group has come, and that group misses nothing', async () => {
      await appendTo(chats, 30);
      await consume(chats, 'slow');
      await appendTo(chats, 30);
      await consume(chats, 'quick');
      nowMs += 2 * HOUR_MS;
      const before = segments();
      const dropped = await dropAll();
      expect(dropped).toBeGreaterThan(2);
      expect(dropped).toBeLessThan(before / 2);
      expect((await consume(chats, 'slow')).records).toHaveLength(30);
      expect(await dropAll()).toBeGreaterThan(2);
    });

    it('also those of topics that this process does not use, once their groups have finished', async () => {
      await appendTo(audits, 30);
      await consume(audits, 'auditors');
      await shut();
      await open(chats);
      nowMs += 20 * HOUR_MS;
      expect(await dropAll()).toBeGreaterThan(2);
    });

    it('never what a group has not finished whose topic is not used in this process', async () => {
      await appendTo(chats, 5);
      await consume(audits, 'auditors');
      await log.append(audits, 'key', bytesOf('not seen'));
      await appendTo(chats, 20);
      await shut();
      await open(chats);
      nowMs += 20 * HOUR_MS;
      expect(await dropAll()).toBeLessThanOrEqual(1);
      await shut();
      await open(chats, audits);
      expect((await consume(audits, 'auditors')).values).toEqual(['not seen']);
      expect(await dropAll()).toBeGreaterThan(0);
    });

    it('and a group that comes later begins with the first that is left', async () => {
      await appendTo(chats, 50);
      nowMs += 2 * HOUR_MS;
      const dropped = await dropAll();
      await appendTo(chats, 3);
      const ends = await log.endOffsets(chats);
      expect(ends.reduce((sum, end) => sum + end)).toBe(53n);
      const { records } = await consume(chats, 'late');
      expect(records.length).toBeGreaterThanOrEqual(3);
      expect(records.length).toBeLessThan(53 - dropped);
      await shut();
      await open(chats);
      expect(await log.endOffsets(chats)).toEqual(ends);
      expect((await consume(chats, 'later-still')).records).toHaveLength(records.length);
    });
  });

  it('lets several groups catch up through many segments, each partition in order', async () => {
    await appendTo(chats, 200);
    await shut();
    await open(chats);
    const groups = await Promise.all(['a', 'b', 'c'].map((group) => consume(chats, group)));
    for (const { records } of groups) {
      expect(records).toHaveLength(200);
      for (const partition of [0, 1, 2]) {
        const offsets = records.filter((it) => it.partition === partition).map((it) => Number(it.offset));
        expect(offsets).toEqual(offsets.map((_, i) => i));
      }
    }
  });

  it('gives topics that come later a place, and finds all of them again', async () => {
    await appendTo(chats, 10);
    const late: Topic = { name: 'late', partitions: 40, retentionMs: 1 };
    await log.ensureTopics([late]);
    await appendTo(late, 30);
    await log.append(chats, 'key', bytesOf('last'));
    await shut();
    await open(late, chats);
    expect((await consume(late, 'g')).values.toSorted()[0]).toMatch(/^0 x/);
    const { values } = await consume(chats, 'g');
    expect(values).toHaveLength(11);
    expect(values).toContain('last');
  });

  it('refuses more partitions of all topics together than its index is bounded to', async () => {
    const many = (name: string): Topic => ({ name, partitions: 1_024, retentionMs: 1 });
    await log.ensureTopics([many('a'), many('b'), many('c')]);
    await expect(log.ensureTopics([many('d')])).rejects.toMatchObject({
      code: 91000,
      info: 'event log: topic d: all topics together have at most 4096 partitions',
    });
  });

  it('says what is wrong with its files when topics are ensured, and can be closed then', async () => {
    await appendTo(chats, 20);
    await shut();
    const [first] = readdirSync(join(dir, 'log')).sort();
    rmSync(join(dir, 'log', first as string));
    await expect(open(chats)).rejects.toThrow(
      `${first} is missing; restore the data directory from a backup`,
    );
  });
});
