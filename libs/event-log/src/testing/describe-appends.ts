import { RECORD_KEY_BYTES_MAX, RECORD_VALUE_BYTES_MAX, WAITING_BYTES_MAX } from '../limits.js';
import { bytesOf, Collector, type ContractLog, TEST_TIMEOUT_MS, texts } from './contract-log.js';
import { overloaded, refused, unavailable } from './expectations.js';

/** Topics, appends, positions, offsets. */
export function describeAppends(contract: ContractLog): void {
  describe('an append', () => {
    it('answers the position, which rises within a partition from 0 on', async () => {
      const topic = await contract.topic(1);
      expect(await contract.log.endOffsets(topic)).toEqual([0n]);
      const first = await contract.append(topic, 'a', 'one');
      const second = await contract.append(topic, 'b', 'two');
      expect(first).toEqual({ partition: 0, offset: 0n });
      expect(second.offset).toBeGreaterThan(first.offset);
      expect(await contract.log.endOffsets(topic)).toEqual([second.offset + 1n]);
    });

    it('of one key always goes to the partition that partitionOf says', async () => {
      const topic = await contract.topic(7);
      for (const key of ['', 'a', 'app/c2c:alice:bob', 'é漢🙂', 'x'.repeat(1_000)]) {
        const partition = contract.log.partitionOf(topic, key);
        expect((await contract.append(topic, key, '1')).partition).toBe(partition);
        expect((await contract.append(topic, key, '2')).partition).toBe(partition);
      }
    });

    it('is read back whole, with its key, its position and the time when the log took it', async () => {
      const topic = await contract.topic(2);
      const value = Uint8Array.of(0, 255, 1, 0);
      const before = Date.now();
      const positions = [
        await contract.log.append(topic, 'schlüssel 🙂', value),
        await contract.log.append(topic, 'empty', new Uint8Array(0)),
      ];
      const after = Date.now();
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await collector.untilRecords(2);
      const byKey = new Map(collector.records.map((record) => [record.key, record]));
      expect(byKey.get('schlüssel 🙂')).toMatchObject({ ...positions[0], value });
      expect(byKey.get('empty')).toMatchObject({ ...positions[1], value: new Uint8Array(0) });
      for (const record of collector.records) {
        // A broker's clock is not this one's.
        expect(record.appendedAtMs).toBeGreaterThan(before - 60_000);
        expect(record.appendedAtMs).toBeLessThan(after + 60_000);
      }
    });

    it('does not keep the caller from reusing the bytes once it has resolved', async () => {
      const topic = await contract.topic(1);
      const value = bytesOf('kept');
      await contract.log.append(topic, 'k', value);
      value.fill(0);
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await collector.untilRecords(1);
      expect(collector.values).toEqual(['kept']);
    });

    it('keeps its place among the appends to one key, although none waits for another', async () => {
      const topic = await contract.topic(3);
      const keys = texts('key-', 5);
      const all = texts('', 200);
      const appends = all.flatMap((text) => keys.map((key) => contract.append(topic, key, text)));
      const positions = await Promise.all(appends);
      expect(new Set(positions.map((it) => `${it.partition}/${it.offset}`)).size).toBe(1_000);
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await collector.untilRecords(1_000);
      for (const key of keys) expect(collector.valuesOf(key)).toEqual(all);
    });

    it('survives a restart, and offsets go on behind it', async () => {
      const topic = await contract.topic(2);
      await contract.appendAll(topic, 'k', texts('old-', 20));
      const last = await contract.append(topic, 'k', 'last');
      const ends = await contract.log.endOffsets(topic);
      await contract.reopen([topic]);
      expect(await contract.log.endOffsets(topic)).toEqual(ends);
      const next = await contract.append(topic, 'k', 'new');
      expect(next.partition).toBe(last.partition);
      expect(next.offset).toBeGreaterThan(last.offset);
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await collector.untilRecords(22);
      expect(collector.values).toEqual([...texts('old-', 20), 'last', 'new']);
    });

    it('takes a value of 1 MiB and refuses a larger one, or a key that is too long', async () => {
      const topic = await contract.topic(1);
      await contract.log.append(topic, 'k', new Uint8Array(RECORD_VALUE_BYTES_MAX));
      const tooLarge = contract.log.append(topic, 'k', new Uint8Array(RECORD_VALUE_BYTES_MAX + 1));
      await expect(tooLarge).rejects.toEqual(refused);
      const longKey = contract.append(topic, 'k'.repeat(RECORD_KEY_BYTES_MAX + 1), '');
      await expect(longKey).rejects.toEqual(refused);
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await contract.append(topic, 'k', 'end');
      await collector.untilRecords(2);
      expect(collector.records.map((record) => record.value.length)).toEqual([RECORD_VALUE_BYTES_MAX, 3]);
    });

    it(
      'is refused with OVERLOADED when too much waits, and works again afterwards',
      async () => {
        const topic = await contract.topic(1);
        const value = new Uint8Array(RECORD_VALUE_BYTES_MAX);
        const count = WAITING_BYTES_MAX / RECORD_VALUE_BYTES_MAX + 8;
        const appends = Array.from({ length: count }, () => contract.log.append(topic, 'k', value));
        const results = await Promise.allSettled(appends);
        const rejected = results.filter((result) => result.status === 'rejected');
        expect(rejected.length).toBeGreaterThanOrEqual(8);
        expect(rejected.length).toBeLessThan(count / 2);
        for (const { reason } of rejected) expect(reason).toEqual(overloaded);
        await contract.append(topic, 'k', 'after');
      },
      TEST_TIMEOUT_MS,
    );
  });

  describe('a topic', () => {
    it('may be ensured again, but not with another number of partitions', async () => {
      const topic = await contract.topic(3);
      await contract.append(topic, 'k', 'kept');
      // A service without topics asks for none.
      await contract.log.ensureTopics([]);
      await contract.log.ensureTopics([topic, topic]);
      await expect(contract.log.ensureTopics([{ ...topic, partitions: 4 }])).rejects.toThrow('partitions');
      await contract.log.ensureTopics([topic]);
      const ends = await contract.log.endOffsets(topic);
      expect(ends.reduce((sum, end) => sum + end, 0n)).toBe(1n);
    });

    it('is refused when its name or its numbers make no sense, or when nobody ensured it', async () => {
      const good = { name: contract.name(), partitions: 1, retentionMs: 1_000 };
      for (const wrong of [
        { name: 'Upper' },
        { name: '' },
        { partitions: 0 },
        { partitions: 1.5 },
        { retentionMs: -1 },
      ]) {
        await expect(contract.log.ensureTopics([{ ...good, ...wrong }])).rejects.toEqual(refused);
      }
      await expect(contract.append(good, 'k', 'v')).rejects.toEqual(refused);
      const handler = new Collector().handler;
      await expect(contract.log.subscribe({ topic: good, group: 'g', handler })).rejects.toEqual(refused);
    });
  });

  describe('a log', () => {
    it('is unavailable once it is closed; closing again does nothing', async () => {
      const fixture = await contract.fresh();
      const topic = { name: contract.name(), partitions: 1, retentionMs: 1_000 };
      await fixture.log.ensureTopics([topic]);
      await fixture.log.append(topic, 'k', bytesOf('v'));
      await fixture.log.close();
      await fixture.log.close();
      await expect(fixture.log.append(topic, 'k', bytesOf('v'))).rejects.toEqual(unavailable);
      await expect(fixture.log.ensureTopics([topic])).rejects.toEqual(unavailable);
      const handler = new Collector().handler;
      await expect(fixture.log.subscribe({ topic, group: 'g', handler })).rejects.toEqual(unavailable);
      await fixture.close();
    });
  });
}
