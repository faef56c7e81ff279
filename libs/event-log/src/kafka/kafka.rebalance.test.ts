import { describeWithEngine, engineAddress } from '@parley/test-engines';
import type { EventLog, LogBatch, Topic } from '../event-log.js';
import { bytesOf, FaultLogs, newTopic, textOf, until } from './testing/fault-log.js';

const TEST_TIMEOUT_MS = 90_000;
const GROUP = 'readers';

/** A handler that holds every batch until it is let go. */
class Holding {
  readonly held: { batch: LogBatch; signal: AbortSignal; letGo: () => void }[] = [];

  readonly handler = (batch: LogBatch, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      this.held.push({ batch, signal, letGo: resolve });
    });

  letAllGo(): void {
    for (const { letGo } of this.held) letGo();
  }

  holds(partition: number): boolean {
    return this.held.some(({ batch }) => batch.partition === partition);
  }
}

/** A key of each partition. */
const keysOf = (log: EventLog, topic: Topic): string[] =>
  Array.from({ length: topic.partitions }, (_, partition) => {
    for (let i = 0; ; i++) if (log.partitionOf(topic, `k${i}`) === partition) return `k${i}`;
  });

await describeWithEngine('Kafka', engineAddress('kafka'), (address) => {
  const logs = new FaultLogs(address);
  afterEach(() => logs.closeAll(), TEST_TIMEOUT_MS);

  async function twoLogs(partitions: number) {
    const one = logs.open();
    const two = logs.open();
    const topic = newTopic(partitions);
    await one.log.ensureTopics([topic]);
    await two.log.ensureTopics([topic]);
    return { one, two, topic };
  }

  describe('a handler whose partition is taken away', () => {
    it(
      'is told, commits nothing afterwards, and the other member gets its records again',
      async () => {
        const { one, two, topic } = await twoLogs(2);
        const keys = keysOf(one.log, topic);
        const [first, second] = [new Holding(), new Holding()];
        const stopping = await one.log.subscribe({ topic, group: GROUP, handler: first.handler });
        await Promise.all(keys.map((key) => one.log.append(topic, key, bytesOf(key))));
        await until('both partitions are at work', () => first.holds(0) && first.holds(1));

        const other = await two.log.subscribe({ topic, group: GROUP, handler: second.handler });
        await until('one partition moved', () => second.held.length > 0);
        const moved = second.held[0]!.batch.partition;
        const kept = 1 - moved;
        await until('the former owner is told', () =>
          first.held.some(({ batch, signal }) => batch.partition === moved && signal.aborted),
        );
        expect(first.held.find(({ batch }) => batch.partition === kept)!.signal.aborted).toBe(false);
        expect(second.held[0]!.batch.records.map(textOf)).toEqual([keys[moved]]);

        first.letAllGo();
        await until('the kept partition is committed', async () => {
          const committed = await two.log.committedOffsets(topic, GROUP);
          return committed[kept] === 1n;
        });
        expect((await two.log.committedOffsets(topic, GROUP))[moved]).toBe(0n);
        second.letAllGo();
        await until('the moved one too', async () => {
          const committed = await two.log.committedOffsets(topic, GROUP);
          return committed[moved] === 1n;
        });
        // The kept partition was not handed over again.
        expect(first.held).toHaveLength(2);
        await Promise.all([stopping.stop(), other.stop()]);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'is told also when its member could not be reached, and the member comes back',
      async () => {
        const { one, two, topic } = await twoLogs(1);
        const [first, second] = [new Holding(), new Holding()];
        await one.log.subscribe({ topic, group: GROUP, handler: first.handler });
        await one.log.append(topic, 'k', bytesOf('1'));
        await until('it is at work', () => first.holds(0));
        one.link.takeDown();
        await two.log.subscribe({ topic, group: GROUP, handler: second.handler });
        await until('the other has it', () => second.holds(0));
        await until('the first is told', () => first.held[0]!.signal.aborted);
        first.letAllGo();
        one.link.mend();
        expect(second.held[0]!.batch.records.map(textOf)).toEqual(['1']);
        expect(await two.log.committedOffsets(topic, GROUP)).toEqual([0n]);

        // Back again, it takes over when the other leaves.
        second.letAllGo();
        await until('the other has committed', async () => {
          const [committed] = await two.log.committedOffsets(topic, GROUP);
          return committed === 1n;
        });
        const leaving = two.log.close();
        await leaving;
        await until('appends work', () =>
          one.log.append(topic, 'k', bytesOf('2')).then(
            () => true,
            () => false,
          ),
        );
        await until('the first takes over', () => first.held.length > 1);
        expect(textOf(first.held[1]!.batch.records[0]!)).toBe('2');
        first.letAllGo();
      },
      TEST_TIMEOUT_MS,
    );
  });

  it(
    'loses nothing and keeps every key in order while links are cut and members come and go',
    async () => {
      const { one, two, topic } = await twoLogs(4);
      const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
      const seen = new Map<string, string[]>(keys.map((key) => [key, []]));
      const handler = async (batch: LogBatch): Promise<void> => {
        for (const record of batch.records) seen.get(record.key)!.push(textOf(record));
      };
      await one.log.subscribe({ topic, group: GROUP, handler, batchRecordsMax: 3 });
      const writer = logs.open().log;
      await writer.ensureTopics([topic]);
      for (let round = 0; round < 10; round++) {
        const member = await two.log.subscribe({ topic, group: GROUP, handler, batchRecordsMax: 3 });
        const text = String(round).padStart(3, '0');
        await Promise.all(keys.map((key) => writer.append(topic, key, bytesOf(text))));
        if (round % 3 === 1) one.link.cut();
        if (round % 3 === 2) two.link.cut();
        await member.stop();
      }
      const all = Array.from({ length: 10 }, (_, i) => String(i).padStart(3, '0'));
      await until('all keys have all', () =>
        keys.every((key) => all.every((text) => seen.get(key)!.includes(text))),
      );
      // Records may come again; their first appearances are in order.
      for (const key of keys) expect([...new Set(seen.get(key))]).toEqual(all);
    },
    TEST_TIMEOUT_MS,
  );
});
