import { BATCH_RECORDS_DEFAULT } from '../limits.js';
import { Collector, type ContractLog, Gate, TEST_TIMEOUT_MS, texts, until } from './contract-log.js';
import { refused } from './expectations.js';

/** What one member of a group is given, and when the group has moved on. */
export function describeConsumption(contract: ContractLog): void {
  describe('a group', () => {
    it('sees every record from the first on, old and new, and every other group does too', async () => {
      const topic = await contract.topic();
      await contract.appendAll(topic, 'k', texts('old-', 10));
      const [one, two] = [new Collector(), new Collector()];
      await contract.subscribe(topic, { group: 'one', handler: one.handler });
      await contract.subscribe(topic, { group: 'two', handler: two.handler });
      await contract.appendAll(topic, 'k', texts('new-', 10));
      for (const collector of [one, two]) {
        await collector.untilRecords(20);
        expect(collector.values).toEqual([...texts('old-', 10), ...texts('new-', 10)]);
      }
    });

    it('gets batches of one partition, in order, no larger than asked', async () => {
      const topic = await contract.topic(2);
      const keys = texts('k', 10);
      await Promise.all(keys.map((key) => contract.appendAll(topic, key, texts('', 30))));
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler, batchRecordsMax: 7 });
      await collector.untilRecords(300);
      const next = new Map<number, bigint>();
      for (const batch of collector.batches) {
        expect(batch.topic).toBe(topic.name);
        expect(batch.records.length).toBeGreaterThan(0);
        expect(batch.records.length).toBeLessThanOrEqual(7);
        for (const record of batch.records) {
          expect(record.partition).toBe(batch.partition);
          expect(record.offset).toBeGreaterThanOrEqual(next.get(record.partition) ?? 0n);
          next.set(record.partition, record.offset + 1n);
        }
      }
    });

    it('gets no more than the default number of records, or 4 MiB, at a time', async () => {
      const topic = await contract.topic(1);
      await contract.appendAll(topic, 'k', texts('', BATCH_RECORDS_DEFAULT * 2 + 1));
      const large = Array.from({ length: 12 }, () =>
        contract.log.append(topic, 'k', new Uint8Array(900_000)),
      );
      await Promise.all(large);
      const collector = new Collector();
      await contract.subscribe(topic, { handler: collector.handler });
      await collector.untilRecords(BATCH_RECORDS_DEFAULT * 2 + 13);
      for (const { records } of collector.batches) {
        expect(records.length).toBeLessThanOrEqual(BATCH_RECORDS_DEFAULT);
        const bytes = records.map((record) => record.value.length);
        // The record that reaches the bound may still be in it.
        expect(bytes.slice(0, -1).reduce((sum, it) => sum + it, 0)).toBeLessThan(4 * 1024 * 1024);
      }
    });

    it('has finished what its handler has resolved, and nothing else', async () => {
      const topic = await contract.topic(1);
      expect(await contract.log.committedOffsets(topic, 'readers')).toEqual([0n]);
      const gate = new Gate();
      const collector = new Collector();
      await contract.subscribe(topic, {
        handler: async (batch) => {
          collector.take(batch);
          await gate.opened;
        },
      });
      const { offset } = await contract.append(topic, 'k', 'slow');
      await collector.untilRecords(1);
      const witness = new Collector();
      await contract.subscribe(topic, { group: 'others', handler: witness.handler });
      await contract.untilFinished(topic, 'others');
      expect(await contract.log.committedOffsets(topic, 'readers')).toEqual([0n]);
      gate.open();
      await contract.untilFinished(topic);
      expect((await contract.log.committedOffsets(topic, 'readers'))[0]).toBeGreaterThan(offset);
      expect(await contract.log.committedOffsets(topic, 'nobody')).toEqual([0n]);
    });

    it('goes on after a restart where it had finished', async () => {
      const topic = await contract.topic(2);
      const before = new Collector();
      const subscription = await contract.subscribe(topic, { handler: before.handler });
      await contract.appendAll(topic, 'k', texts('a', 10));
      await before.untilRecords(10);
      await subscription.stop();
      expect(await contract.hasFinished(topic)).toBe(true);
      await contract.appendAll(topic, 'k', texts('b', 10));
      await contract.reopen([topic]);
      expect(await contract.hasFinished(topic)).toBe(false);
      const after = new Collector();
      await contract.subscribe(topic, { handler: after.handler });
      await after.untilRecords(10);
      await contract.untilFinished(topic);
      expect(after.values).toEqual(texts('b', 10));
    });

    it(
      'gets again, after a restart, what it had not finished',
      async () => {
        const topic = await contract.topic(1);
        const before = new Collector();
        await contract.subscribe(topic, {
          batchRecordsMax: 3,
          handler: async (batch, signal) => {
            before.take(batch);
            if (before.batches.length === 1) return;
            // The second batch is not finished when the log closes.
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            throw new Error('interrupted');
          },
        });
        await contract.appendAll(topic, 'k', texts('', 9));
        await before.untilRecords(4);
        await contract.reopen([topic]);
        const after = new Collector();
        await contract.subscribe(topic, { handler: after.handler });
        await contract.untilFinished(topic);
        expect([
          ...new Set([
            ...before.batches[0]!.records.map((it) => it.offset),
            ...after.records.map((it) => it.offset),
          ]),
        ]).toHaveLength(9);
        expect(after.values.slice(-6)).toEqual(texts('', 9).slice(3));
      },
      TEST_TIMEOUT_MS,
    );

    it('gets records only when they are as old as its delay, in order; others do not wait', async () => {
      const topic = await contract.topic(1);
      const delayMs = 600;
      const early: number[] = [];
      const delayed = new Collector();
      await contract.subscribe(topic, {
        group: 'delayed',
        delayMs,
        handler: async (batch) => {
          const now = Date.now();
          early.push(
            ...batch.records.map((record) => record.appendedAtMs + delayMs - now).filter((ms) => ms > 0),
          );
          delayed.take(batch);
        },
      });
      const prompt = new Collector();
      await contract.subscribe(topic, { handler: prompt.handler });
      await contract.appendAll(topic, 'k', texts('a', 5));
      await prompt.untilRecords(5);
      await until('some time passed', () => delayed.records.length > 0);
      await contract.appendAll(topic, 'k', texts('b', 5));
      await delayed.untilRecords(10);
      expect(early).toEqual([]);
      expect(delayed.values).toEqual([...texts('a', 5), ...texts('b', 5)]);
    });

    it('is refused when its options make no sense', async () => {
      const topic = await contract.topic(1);
      const { handler } = new Collector();
      for (const wrong of [
        { group: 'No Good' },
        { batchRecordsMax: 0 },
        { attemptsMax: 0 },
        { delayMs: -1 },
      ]) {
        await expect(contract.subscribe(topic, { handler, ...wrong })).rejects.toEqual(refused);
      }
    });
  });
}
