import { ChatError, ErrorCode } from '@parley/kernel';
import type { LogBatch } from '../event-log.js';
import { Collector, type ContractLog, TEST_TIMEOUT_MS, textOf, texts, until } from './contract-log.js';
import { refused } from './expectations.js';

const isPoison = (batch: LogBatch): boolean => batch.records.some((it) => textOf(it).startsWith('poison'));

/** Handlers that fail, and records that nobody can handle. */
export function describeFailures(contract: ContractLog): void {
  describe('a batch whose handler fails', () => {
    it(
      'comes again, the same records, until the handler takes it',
      async () => {
        const topic = await contract.topic(1);
        await contract.appendAll(topic, 'k', texts('', 5));
        const tried = new Collector();
        const done = new Collector();
        await contract.subscribe(topic, {
          handler: async (batch) => {
            tried.take(batch);
            if (tried.batches.length < 3) throw new Error('not yet');
            done.take(batch);
          },
        });
        await contract.untilFinished(topic);
        expect(done.values).toEqual(texts('', 5));
        expect(tried.batches[0]?.records[0]?.offset).toBe(tried.batches[2]?.records[0]?.offset);
        expect(await contract.log.deadLetters(topic, 10)).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'is tried without end when the failure says that a retry may help',
      async () => {
        const topic = await contract.topic(1);
        let attempts = 0;
        const done = new Collector();
        await contract.subscribe(topic, {
          attemptsMax: 1,
          handler: async (batch) => {
            attempts++;
            if (attempts < 5) throw new ChatError(ErrorCode.UNAVAILABLE, 'the tables are away');
            done.take(batch);
          },
        });
        await contract.append(topic, 'k', 'patient');
        await done.untilRecords(1);
        await contract.untilFinished(topic);
        expect(done.values).toEqual(['patient']);
        expect(await contract.log.deadLetters(topic, 10)).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );

    it('does not hold up other partitions or groups', async () => {
      const topic = await contract.topic(2);
      const keys = texts('k', 20);
      const stuck = contract.log.partitionOf(topic, keys[0]!);
      const others = keys.filter((key) => contract.log.partitionOf(topic, key) !== stuck);
      const collector = new Collector();
      await contract.subscribe(topic, {
        handler: async (batch) => {
          if (batch.partition === stuck) throw new ChatError(ErrorCode.UNAVAILABLE, 'away');
          collector.take(batch);
        },
      });
      const unaffected = new Collector();
      await contract.subscribe(topic, { group: 'others', handler: unaffected.handler });
      await Promise.all(keys.map((key) => contract.append(topic, key, key)));
      await collector.untilRecords(others.length);
      await unaffected.untilRecords(keys.length);
      expect(new Set(collector.values)).toEqual(new Set(others));
    });
  });

  describe('a record that cannot be handled', () => {
    it(
      'is found among its batch, goes to the dead letters, and the group moves on in order',
      async () => {
        const topic = await contract.topic(1);
        const done = new Collector();
        let wholeAttempts = 0;
        await contract.appendAll(topic, 'k', ['a', 'b', 'poison', 'c', 'd']);
        await contract.subscribe(topic, {
          attemptsMax: 2,
          handler: async (batch) => {
            if (batch.records.length > 1) wholeAttempts++;
            if (isPoison(batch)) throw new Error('cannot read it');
            done.take(batch);
          },
        });
        await contract.untilFinished(topic);
        expect(done.values).toEqual(['a', 'b', 'c', 'd']);
        expect(wholeAttempts).toBeGreaterThanOrEqual(2);
        const letters = await contract.log.deadLetters(topic, 10);
        expect(letters).toHaveLength(1);
        const [letter] = letters;
        expect(letter).toMatchObject({ group: 'readers', record: { partition: 0, offset: 2n, key: 'k' } });
        expect(textOf(letter!.record)).toBe('poison');
        expect(letter!.reason).toContain('cannot read it');
        expect(Math.abs(letter!.diedAtMs - Date.now())).toBeLessThan(60_000);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'keeps its place while a retryable failure comes in between',
      async () => {
        const topic = await contract.topic(1);
        const done = new Collector();
        let isAway = true;
        await contract.appendAll(topic, 'k', ['a', 'poison', 'b']);
        await contract.subscribe(topic, {
          attemptsMax: 1,
          handler: async (batch) => {
            if (batch.records.length === 1 && textOf(batch.records[0]!) === 'b' && isAway) {
              isAway = false;
              throw new ChatError(ErrorCode.UNAVAILABLE, 'away');
            }
            if (isPoison(batch)) throw new Error('cannot read it');
            done.take(batch);
          },
        });
        await contract.untilFinished(topic);
        expect(done.values).toEqual(['a', 'b']);
        expect((await contract.log.deadLetters(topic, 10)).map((it) => textOf(it.record))).toEqual([
          'poison',
        ]);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'stays among the dead letters over a restart, oldest first, group by group',
      async () => {
        const topic = await contract.topic(1);
        const handler = async (batch: LogBatch): Promise<void> => {
          if (isPoison(batch)) throw new Error('cannot read it');
        };
        await contract.appendAll(topic, 'k', ['poison-1', 'fine', 'poison-2', 'poison-3']);
        await contract.subscribe(topic, { attemptsMax: 1, handler });
        await until('three letters', async () => (await contract.log.deadLetters(topic, 10)).length === 3);
        await contract.subscribe(topic, { group: 'others', attemptsMax: 1, handler });
        await until('six letters', async () => (await contract.log.deadLetters(topic, 10)).length === 6);
        await contract.untilFinished(topic, 'others');
        await contract.reopen([topic]);
        const letters = await contract.log.deadLetters(topic, 10);
        const found = letters.map((it) => `${it.group} ${textOf(it.record)}`);
        const of = (group: string) => [1, 2, 3].map((i) => `${group} poison-${i}`);
        expect(found.filter((it) => it.startsWith('readers'))).toEqual(of('readers'));
        expect(found.filter((it) => it.startsWith('others'))).toEqual(of('others'));
        expect(await contract.log.deadLetters(topic, 2)).toEqual(letters.slice(0, 2));
        await expect(contract.log.deadLetters(topic, 0)).rejects.toEqual(refused);
        const elsewhere = await contract.topic(1);
        expect(await contract.log.deadLetters(elsewhere, 10)).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );
  });
}
