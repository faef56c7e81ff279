import { ErrorCode } from '@parley/kernel';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import type { Position } from '../event-log.js';
import {
  APPEND_DEADLINE_MS,
  bytesOf,
  FaultLogs,
  newTopic,
  readAll,
  textOf,
  until,
} from './testing/fault-log.js';

const TEST_TIMEOUT_MS = 90_000;
const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

const warnings: string[] = [];
process.on('warning', ({ name }) => warnings.push(name));

await describeWithEngine('Kafka', engineAddress('kafka'), (address) => {
  const logs = new FaultLogs(address);
  afterEach(() => logs.closeAll(), TEST_TIMEOUT_MS);

  describe('appends over a link that breaks', () => {
    it(
      'are stored once and in order when acknowledgements are lost and connections cut',
      async () => {
        const { log, link } = logs.open();
        const topic = newTopic(3);
        await log.ensureTopics([topic]);
        const acked = new Map<string, Position>();
        const keys = ['a', 'b', 'c', 'd'];
        const appends: Promise<void>[] = [];
        for (let round = 0; round < 60; round++) {
          for (const key of keys) {
            const text = `${key}${String(round).padStart(3, '0')}`;
            const append = log
              .append(topic, key, bytesOf(text))
              .then((position) => acked.set(text, position));
            appends.push(append.then(() => undefined));
          }
          if (round % 20 === 10) link.deafen();
          await new Promise((resolve) => setTimeout(resolve, 15));
          if (round % 20 === 15) link.mend();
        }
        await Promise.all(appends);
        const records = await readAll(log, topic);
        expect(records).toHaveLength(240);
        for (const record of records) {
          const { partition, offset } = record;
          expect(acked.get(textOf(record))).toEqual({ partition, offset });
        }
        for (const key of keys) {
          const texts = records.filter((it) => it.key === key).map(textOf);
          expect(texts).toEqual([...texts].sort());
        }
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'end at their deadline, and what is acknowledged afterwards is really there',
      async () => {
        const { log, link } = logs.open();
        const topic = newTopic(1);
        await log.ensureTopics([topic]);
        await log.append(topic, 'k', bytesOf('before'));
        link.deafen();
        const startedAt = Date.now();
        await expect(log.append(topic, 'k', bytesOf('unsure'))).rejects.toEqual(unavailable);
        expect(Date.now() - startedAt).toBeLessThan(APPEND_DEADLINE_MS + 1_000);
        link.mend();
        await until('appends work again', () =>
          log.append(topic, 'k', bytesOf('after')).then(
            () => true,
            () => false,
          ),
        );
        const texts = (await readAll(log, topic)).map(textOf);
        // Had the producer's id been kept, "after" would pass for a copy of "unsure" and be dropped.
        expect(texts[0]).toBe('before');
        expect(texts).toContain('after');
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'are refused while the brokers are away, and work when they are back',
      async () => {
        const { log, link } = logs.open();
        const topic = newTopic(2);
        await log.ensureTopics([topic]);
        await log.append(topic, 'k', bytesOf('0'));
        link.takeDown();
        const results = await Promise.allSettled(
          ['1', '2', '3'].map((text) => log.append(topic, 'k', bytesOf(text))),
        );
        for (const result of results) expect(result).toEqual({ status: 'rejected', reason: unavailable });
        const patient = until('an append works', () =>
          log.append(topic, 'k', bytesOf('4')).then(
            () => true,
            () => false,
          ),
        );
        link.mend();
        await patient;
        // A request that was being repeated when the brokers came back may still store what was given up.
        const texts = (await readAll(log, topic)).map(textOf);
        expect(texts).toEqual(texts.includes('1') ? ['0', '1', '2', '3', '4'] : ['0', '4']);
      },
      TEST_TIMEOUT_MS,
    );
  });

  it('does not make Node warn of timers', () => {
    expect(warnings.filter((name) => name !== 'ExperimentalWarning')).toEqual([]);
  });
});
