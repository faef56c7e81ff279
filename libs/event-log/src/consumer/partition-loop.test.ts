import { systemClock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { BatchHandler, LogRecord } from '../event-log.js';
import { PartitionLoop, type PartitionSource } from './partition-loop.js';

const quiet = (): void => undefined;
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const topic = { name: 't', partitions: 1, retentionMs: 1_000 };

/** A partition in memory. */
class MemorySource implements PartitionSource {
  readonly partition = 0;
  readonly records: LogRecord[] = [];
  readonly listeners = new Set<() => void>();
  committed = 0n;
  fetches = 0;
  failingFetches = 0;

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const offset = BigInt(this.records.length);
      this.records.push({
        partition: 0,
        offset,
        key: 'k',
        value: Uint8Array.of(1),
        appendedAtMs: Date.now(),
      });
    }
    for (const listener of this.listeners) listener();
  }

  async fetch(from: bigint, { recordsMax }: { recordsMax: number }): Promise<LogRecord[]> {
    this.fetches++;
    if (this.failingFetches-- > 0) throw new Error('no disk');
    const records = this.records.slice(Number(from), Number(from) + recordsMax);
    // What comes while a slow fetch is under way must not be overlooked.
    await new Promise((resolve) => setImmediate(resolve));
    return records;
  }

  onMore(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  position = (): bigint => this.committed;
  commit = (next: bigint): void => {
    this.committed = next;
  };
  bury = (): Promise<void> => Promise.reject(new Error('not expected'));
}

/** Lets everything happen that needs no more than turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function untilCommitted(source: MemorySource, next: bigint): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (source.committed < next && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 2));
  expect(source.committed).toBe(next);
}

const loopOf = (source: MemorySource, handler: BatchHandler, more = {}): PartitionLoop =>
  new PartitionLoop({
    source,
    subscription: { topic, group: 'g', handler, ...more },
    clock: systemClock,
    logger,
  });

describe('the loop over a partition', () => {
  it('starts where the group stands and follows what comes', async () => {
    const source = new MemorySource();
    source.add(5);
    source.commit(3n);
    const seen: bigint[] = [];
    const loop = loopOf(source, async (batch) => void seen.push(...batch.records.map((it) => it.offset)));
    loop.start();
    await untilCommitted(source, 5n);
    for (let i = 0; i < 50; i++) {
      source.add(1);
      if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await untilCommitted(source, 55n);
    await loop.stop();
    expect(seen).toEqual(Array.from({ length: 52 }, (_, i) => BigInt(i + 3)));
    expect(source.listeners.size).toBe(0);
  });

  it('asks no more than needed while nothing comes', async () => {
    const source = new MemorySource();
    const loop = loopOf(source, async () => undefined);
    loop.start();
    source.add(1);
    await untilCommitted(source, 1n);
    await turns(30);
    expect(source.fetches).toBeLessThan(5);
    await loop.stop();
  });

  it('handles one batch at a time', async () => {
    const source = new MemorySource();
    let running = 0;
    let most = 0;
    const loop = loopOf(
      source,
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      },
      { batchRecordsMax: 2 },
    );
    loop.start();
    for (let i = 0; i < 10; i++) source.add(3);
    await untilCommitted(source, 30n);
    await loop.stop();
    expect(most).toBe(1);
  });

  it('fetches again after a failure', async () => {
    const source = new MemorySource();
    source.add(2);
    source.failingFetches = 2;
    const loop = loopOf(source, async () => undefined);
    loop.start();
    await untilCommitted(source, 2n);
    await loop.stop();
  });

  it('gathers delayed records into few batches', async () => {
    const source = new MemorySource();
    const sizes: number[] = [];
    const loop = loopOf(source, async (batch) => void sizes.push(batch.records.length), { delayMs: 200 });
    loop.start();
    for (let i = 0; i < 20; i++) {
      source.add(1);
      await turns(3);
    }
    await untilCommitted(source, 20n);
    await loop.stop();
    expect(sizes.length).toBeLessThan(8);
  });

  it('stops at once while it waits, for records or for their time', async () => {
    const source = new MemorySource();
    const waiting = loopOf(source, async () => undefined);
    waiting.start();
    await waiting.stop();
    source.add(1);
    const delayed = loopOf(source, async () => undefined, { delayMs: 3_600_000 });
    delayed.start();
    await turns(10);
    await delayed.stop();
    expect(source.committed).toBe(0n);
  });
});
