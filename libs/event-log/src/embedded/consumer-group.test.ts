import { systemClock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { PartitionSource } from '../consumer/partition-loop.js';
import type { BatchHandler, LogRecord, SubscribeOptions } from '../event-log.js';
import { ConsumerGroup } from './consumer-group.js';

const quiet = (): void => undefined;
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const topic = { name: 't', partitions: 5, retentionMs: 1_000 };

const memberOf = (handler: BatchHandler): SubscribeOptions => ({
  topic,
  group: 'g',
  handler,
  batchRecordsMax: 1,
});

/** A partition without end. */
function endlessSource(partition: number): PartitionSource & { committed: bigint } {
  const recordAt = (offset: bigint): LogRecord => ({
    partition,
    offset,
    key: 'k',
    value: new Uint8Array(0),
    appendedAtMs: 0,
  });
  const source = {
    partition,
    committed: 0n,
    fetch: async (from: bigint) => {
      await new Promise((resolve) => setImmediate(resolve));
      return [recordAt(from)];
    },
    onMore: () => quiet,
    position: () => source.committed,
    commit: (next: bigint) => {
      source.committed = next;
    },
    bury: () => Promise.reject(new Error('not expected')),
  };
  return source;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

describe('a consumer group in one process', () => {
  const sources = Array.from({ length: topic.partitions }, (_, partition) => endlessSource(partition));
  const groupOf = () => new ConsumerGroup({ sources, clock: systemClock, logger });
  const turns = () => new Promise((resolve) => setImmediate(resolve));

  it('never lets two members at one partition, and gives each record once, in order', async () => {
    const group = groupOf();
    const running = new Set<number>();
    const next = new Map<number, bigint>(sources.map((source) => [source.partition, source.committed]));
    const problems: string[] = [];
    const member = () =>
      memberOf(async ({ partition, records }) => {
        if (running.has(partition)) problems.push(`two at ${partition}`);
        running.add(partition);
        const offset = records[0]?.offset ?? -1n;
        if (offset !== next.get(partition))
          problems.push(`${partition}/${offset} instead of ${next.get(partition)}`);
        next.set(partition, offset + 1n);
        await turns();
        await turns();
        running.delete(partition);
      });
    const members = [member(), member(), member()];
    for (let round = 0; round < 6; round++) {
      await Promise.all(members.map((it) => group.join(it)));
      const before = sources[4]?.committed ?? 0n;
      await until(() => (sources[4]?.committed ?? 0n) > before + 3n);
      await Promise.all(members.map((it) => group.leave(it)));
      expect(running.size).toBe(0);
    }
    expect(problems).toEqual([]);
    expect(group.isEmpty).toBe(true);
  });

  it('divides the partitions evenly and divides them anew when members come and go', async () => {
    const group = groupOf();
    const owners = new Map<number, string>();
    const member = (name: string) => memberOf(async ({ partition }) => void owners.set(partition, name));
    const shares = async (): Promise<number[]> => {
      owners.clear();
      await until(() => owners.size === topic.partitions);
      const counts = new Map<string, number>();
      for (const owner of owners.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      return [...counts.values()].sort();
    };
    const [a, b, c] = [member('a'), member('b'), member('c')];
    await group.join(a);
    expect(await shares()).toEqual([5]);
    await group.join(b);
    expect(await shares()).toEqual([2, 3]);
    await group.join(c);
    expect(await shares()).toEqual([1, 2, 2]);
    await group.leave(a);
    expect(await shares()).toEqual([2, 3]);
    await group.leave(a);
    await Promise.all([group.leave(b), group.leave(c)]);
  });

  it('tells a handler that its partition goes, and waits for it before another begins', async () => {
    const group = groupOf();
    const order: string[] = [];
    let release: () => void = quiet;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = memberOf(async ({ partition }, signal) => {
      if (partition !== 1 || signal.aborted) return;
      order.push('slow begins');
      signal.addEventListener('abort', () => order.push('slow is told'));
      await released;
      order.push('slow ends');
    });
    const other = memberOf(async ({ partition }) => {
      if (partition === 1 && order.at(-1) !== 'other begins') order.push('other begins');
    });
    await group.join(slow);
    await until(() => order.length === 1);
    const joining = group.join(other);
    await until(() => order.length === 2);
    await turns();
    release();
    await joining;
    await until(() => order.length === 4);
    expect(order).toEqual(['slow begins', 'slow is told', 'slow ends', 'other begins']);
    await Promise.all([group.leave(slow), group.leave(other)]);
  });
});
