import { Collector, type ContractLog, Gate, TEST_TIMEOUT_MS, texts, until } from './contract-log.js';

/** Several members of one group, joining and leaving. */
export function describeMembers(contract: ContractLog): void {
  describe('members of a group', () => {
    const keys = texts('key-', 24);

    it(
      'share the partitions when one joins, and the rest takes over when one leaves',
      async () => {
        const topic = await contract.topic(4);
        const [one, two] = [new Collector(), new Collector()];
        await contract.subscribe(topic, { handler: one.handler });
        await contract.append(topic, 'k', 'alone');
        await one.untilRecords(1);
        const second = await contract.subscribe(topic, { handler: two.handler });
        let round = 0;
        await until('both members get records', async () => {
          round++;
          await Promise.all(keys.map((key) => contract.append(topic, key, `shared-${round}`)));
          return two.records.length > 0;
        });
        await contract.untilFinished(topic);
        const isFirst = (it: { partition: number }) => one.batches.at(-1)?.partition === it.partition;
        const settled = `settled-${round}`;
        await Promise.all(keys.map((key) => contract.append(topic, key, settled)));
        await contract.untilFinished(topic);
        const partitionsOf = (collector: Collector) =>
          new Set(
            collector.records.filter((_, i) => collector.values[i] === settled).map((it) => it.partition),
          );
        const [ofOne, ofTwo] = [partitionsOf(one), partitionsOf(two)];
        expect(ofOne.size).toBeGreaterThan(0);
        expect(ofTwo.size).toBeGreaterThan(0);
        expect([...ofOne].filter((partition) => ofTwo.has(partition))).toEqual([]);
        expect(one.records.some(isFirst)).toBe(true);

        await second.stop();
        const seen = two.records.length;
        await Promise.all(keys.map((key) => contract.append(topic, key, 'left')));
        await until('the member that stayed gets all', () => {
          const left = one.records.filter((_, i) => one.values[i] === 'left');
          return new Set(left.map((it) => it.key)).size === keys.length;
        });
        expect(two.records.length).toBe(seen);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'lose nothing and keep the order of every key while they come and go',
      async () => {
        const topic = await contract.topic(4);
        const collector = new Collector();
        await contract.subscribe(topic, { handler: collector.handler, batchRecordsMax: 5 });
        let appended = 0;
        for (let round = 0; round < 4; round++) {
          const member = await contract.subscribe(topic, { handler: collector.handler, batchRecordsMax: 5 });
          const numbers = Array.from({ length: 5 }, () => String(appended++).padStart(4, '0'));
          const appends = keys.flatMap((key) => numbers.map((number) => contract.append(topic, key, number)));
          await Promise.all(appends);
          await member.stop();
        }
        await contract.untilFinished(topic);
        for (const key of keys) {
          const firsts = [...new Set(collector.valuesOf(key))];
          expect(firsts).toEqual(Array.from({ length: appended }, (_, i) => String(i).padStart(4, '0')));
        }
      },
      TEST_TIMEOUT_MS,
    );

    it('finish the batch they are at before they have stopped, and take no other', async () => {
      const topic = await contract.topic(1);
      const gate = new Gate();
      const collector = new Collector();
      const signals: AbortSignal[] = [];
      const subscription = await contract.subscribe(topic, {
        batchRecordsMax: 2,
        handler: async (batch, signal) => {
          signals.push(signal);
          collector.take(batch);
          await gate.opened;
        },
      });
      await contract.append(topic, 'k', 'first');
      await collector.untilRecords(1);
      await contract.appendAll(topic, 'k', texts('more-', 4));
      let hasStopped = false;
      const stopping = subscription.stop().then(() => {
        hasStopped = true;
      });
      await until('the handler is told', () => signals[0]!.aborted);
      expect(hasStopped).toBe(false);
      gate.open();
      await stopping;
      await subscription.stop();
      expect(collector.values).toEqual(['first']);
      expect(await contract.log.committedOffsets(topic, 'readers')).toEqual([1n]);
    });
  });
}
