import { ErrorCode, systemClock } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { AdminConnection } from './admin-connection.js';
import { deadLetterTopicOf } from './dead-letter.js';
import { createKafkaClients } from './kafka-client.js';
import { createKafkaEventLog } from './kafka-event-log.js';
import { sweepTopic } from './retention-sweeper.js';
import { bytesOf, FaultLogs, newTopic, until } from './testing/fault-log.js';

const TEST_TIMEOUT_MS = 60_000;

await describeWithEngine('Kafka', engineAddress('kafka'), (address) => {
  const logs = new FaultLogs(address);
  const { prompt: client } = createKafkaClients({
    brokers: [address],
    clock: systemClock,
    logger: silentLogger,
  });
  const admin = new AdminConnection(client, silentLogger);
  afterEach(() => logs.closeAll(), TEST_TIMEOUT_MS);
  afterAll(() => admin.close());

  describe('topics at the brokers', () => {
    it('are refused where their settings break a promise', async () => {
      const topic = newTopic(1);
      const configEntries = [
        { name: 'message.timestamp.type', value: 'CreateTime' },
        { name: 'max.message.bytes', value: String(4 * 1024 * 1024) },
      ];
      await admin.ask((it) =>
        it.createTopics({ topics: [{ topic: topic.name, numPartitions: 1, configEntries }] }),
      );
      const { log } = logs.open();
      const failing = log.ensureTopics([topic]);
      await expect(failing).rejects.toThrow('set it to LogAppendTime');
      await expect(failing).rejects.toMatchObject({ code: ErrorCode.INTERNAL });
    });

    it('keep records whatever their age, until the log removes them', async () => {
      const topic = newTopic(1);
      await logs.open().log.ensureTopics([topic]);
      for (const name of [topic.name, deadLetterTopicOf(topic.name)]) {
        const { resources } = await admin.ask((it) =>
          it.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name }] }),
        );
        const entries = new Map(resources[0]!.configEntries.map((it) => [it.configName, it.configValue]));
        expect(entries.get('retention.ms')).toBe('-1');
        expect(entries.get('message.timestamp.type')).toBe('LogAppendTime');
      }
    });

    it('may be made by two processes at once', async () => {
      const topics = [newTopic(2), newTopic(3)];
      const both = [logs.open().log, logs.open().log];
      await Promise.all(both.map((log) => log.ensureTopics(topics)));
      for (const log of both) expect(await log.endOffsets(topics[1]!)).toEqual([0n, 0n, 0n]);
    });
  });

  it(
    'retention removes what is old and behind every group, and nothing else',
    async () => {
      const { log } = logs.open();
      const topic = { ...newTopic(1), retentionMs: 0 };
      await log.ensureTopics([topic]);
      for (const text of ['a', 'b', 'c']) await log.append(topic, 'k', bytesOf(text));
      const seen: bigint[] = [];
      const finish = (last: bigint) =>
        log.subscribe({
          topic,
          group: last === 1n ? 'slow' : 'fast',
          batchRecordsMax: 1,
          handler: async ({ records }, signal) => {
            for (const { offset } of records) {
              if (offset >= last) await new Promise((resolve) => signal.addEventListener('abort', resolve));
              seen.push(offset);
              if (offset >= last) throw new Error('not finished');
            }
          },
        });
      const later = { now: () => Date.now() + 1_000 };
      const slow = await finish(1n);
      const fast = await finish(3n);
      await until('the groups stand', async () => {
        const [atSlow] = await log.committedOffsets(topic, 'slow');
        const [atFast] = await log.committedOffsets(topic, 'fast');
        return atSlow === 1n && atFast === 3n;
      });
      // The young stay, whoever has seen them.
      expect(await sweepTopic({ ...topic, retentionMs: 60_000 }, { admin, clock: later })).toEqual([0n]);
      expect(await sweepTopic(topic, { admin, clock: later })).toEqual([1n]);
      const [bounds] = await admin.ask((it) => it.fetchTopicOffsets(topic.name));
      expect(bounds).toMatchObject({ low: '1', high: '3' });
      await Promise.all([slow.stop(), fast.stop()]);
    },
    TEST_TIMEOUT_MS,
  );

  it('topics are unavailable at the deadline when there are no brokers', async () => {
    const log = createKafkaEventLog({
      brokers: ['127.0.0.1:1'],
      clock: systemClock,
      logger: silentLogger,
      startDeadlineMs: 500,
    });
    const startedAt = Date.now();
    await expect(log.ensureTopics([newTopic(1)])).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    await log.close();
  });
});
