import { ErrorCode } from '@parley/kernel';
import { describeWithEngine, OwnEngine } from '@parley/test-engines';
import { defineTable } from '../table.js';
import { put, type TableStore } from '../table-store.js';
import { DEADLINE_MS, REQUEST_TIMEOUT_MS } from './cassandra-options.js';
import { TestKeyspace } from './testing/test-keyspace.js';
import { until } from './testing/until.js';

const NOTES = defineTable({
  name: 'fault_notes',
  partition: { who: 'u32' },
  clustering: { seq: 'u32' },
  columns: { note: 'text' },
});

const COUNTS = defineTable({
  name: 'fault_counts',
  partition: { who: 'u32' },
  clustering: {},
  columns: { value: 'u64' },
  isConditional: true,
});

const PAUSE_MS = 10_000;
/** The last attempt may begin just within the deadline; a busy machine is late. */
const ENDS_WITHIN_MS = DEADLINE_MS + REQUEST_TIMEOUT_MS;
const RECOVERS_WITHIN_MS = 20_000;
const TEST_TIMEOUT_MS = 180_000;
const WORKERS = 6;

const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

/** Several workers who write, count and read without a pause, and remember what was answered. */
class Work {
  readonly thrown: unknown[] = [];
  readonly acked = new Map<number, number>();
  readonly counted = new Map<number, { sure: number; unknown: number }>();
  longestMs = 0;
  done = 0;
  #isWorking = true;
  readonly #working: Promise<unknown>;

  constructor(private readonly store: TableStore) {
    this.#working = Promise.all(Array.from({ length: WORKERS }, (_, who) => this.#work(who)));
  }

  async end(): Promise<void> {
    this.#isWorking = false;
    await this.#working;
  }

  async #work(who: number): Promise<void> {
    const count = { sure: 0, unknown: 0 };
    this.counted.set(who, count);
    for (let seq = 1; this.#isWorking; seq++) {
      const row = { who, seq, note: `${seq}` };
      const isWritten = await this.#try(() =>
        seq % 2 ? this.store.put(NOTES, row) : this.store.writeAll([put(NOTES, row)]),
      );
      // A write that is repeated until it is answered: its row must be there for ever.
      if (isWritten) this.acked.set(who * 1_000_000 + seq, seq);
      await this.#try(() => this.store.scan(NOTES, { who }, { limit: 5, isReverse: true }));
      await this.#count(who, count);
    }
  }

  async #count(who: number, count: { sure: number; unknown: number }): Promise<void> {
    const isCounted = await this.#try(async () => {
      const stored = await this.store.get(COUNTS, { who });
      const expected = stored && { value: stored.value };
      const next = { who, value: (stored?.value ?? 0n) + 1n };
      const { isApplied } = await this.store.compareAndSet(COUNTS, { who }, expected, next);
      // Somebody else does not count here: it can only be an attempt of before whose outcome was unknown.
      if (!isApplied) count.sure -= 1;
    });
    if (isCounted) count.sure += 1;
    else count.unknown += 1;
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    const startedMs = performance.now();
    try {
      await work();
      this.done += 1;
      return true;
    } catch (thrown) {
      this.thrown.push(thrown);
      return false;
    } finally {
      this.longestMs = Math.max(this.longestMs, performance.now() - startedMs);
    }
  }
}

/** Undefined, after saying why, when none can be started here. */
async function startCassandra(): Promise<OwnEngine | undefined> {
  try {
    return await OwnEngine.start('cassandra');
  } catch (thrown) {
    process.stderr.write(`no Cassandra of its own: ${(thrown as Error).message}\n`);
    return undefined;
  }
}

const server = await startCassandra();

await describeWithEngine('a Cassandra of its own', server?.address ?? '127.0.0.1:1', (address) => {
  const node = server as OwnEngine;
  const keyspace = new TestKeyspace(address);
  const store = keyspace.open();

  beforeAll(() => store.migrate([NOTES, COUNTS]), TEST_TIMEOUT_MS);
  afterAll(async () => {
    await keyspace.drop();
    await node.remove();
  }, TEST_TIMEOUT_MS);

  /** Works while `break it` happens, until work is done again; answers how long that took afterwards, ms. */
  const workThrough = async (breakIt: () => Promise<void>): Promise<Work> => {
    const work = new Work(store);
    await until('work is being done', RECOVERS_WITHIN_MS, () => work.done > 50);
    await breakIt();
    const mendedMs = performance.now();
    const before = work.done;
    await until('work is done again', RECOVERS_WITHIN_MS, () => work.done > before + 50);
    process.stderr.write(
      `recovered after ${Math.round(performance.now() - mendedMs)} ms; ${work.thrown.length} failed, ` +
        `the longest took ${Math.round(work.longestMs)} ms\n`,
    );
    await work.end();
    return work;
  };

  /** What was acknowledged is there, and nothing was counted that nobody asked for. */
  const expectKept = async (work: Work): Promise<void> => {
    for (const error of work.thrown) expect(error).toEqual(unavailable);
    for (let who = 0; who < WORKERS; who++) {
      const seqs = [...work.acked]
        .filter(([key]) => Math.floor(key / 1_000_000) === who)
        .map(([, seq]) => seq);
      const rows = await store.getMany(
        NOTES,
        seqs.slice(-1_000).map((seq) => ({ who, seq })),
      );
      expect(rows.map((row) => row?.note)).toEqual(seqs.slice(-1_000).map(String));
    }
  };

  it(
    'is UNAVAILABLE within its deadline while the node hangs 10 s, and recovers',
    async () => {
      const before = await store.get(COUNTS, { who: 0 });
      const work = await workThrough(async () => {
        node.freeze();
        try {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        } finally {
          node.thaw();
        }
      });
      expect(work.thrown.length).toBeGreaterThan(0);
      expect(work.longestMs).toBeLessThan(ENDS_WITHIN_MS);
      await expectKept(work);
      const { sure, unknown } = work.counted.get(0) ?? { sure: 0, unknown: 0 };
      const grown = Number(((await store.get(COUNTS, { who: 0 }))?.value ?? 0n) - (before?.value ?? 0n));
      expect(grown).toBeGreaterThanOrEqual(sure);
      expect(grown).toBeLessThanOrEqual(sure + unknown);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is UNAVAILABLE at once while the node is gone, and recovers when it was killed and started again',
    async () => {
      const work = await workThrough(async () => {
        await node.kill();
        // Failures come quickly now, whatever waited in the connection.
        await until('nothing waits', ENDS_WITHIN_MS, async () => {
          const startedMs = performance.now();
          await store.get(COUNTS, { who: 99 }).catch((thrown) => expect(thrown).toEqual(unavailable));
          return performance.now() - startedMs < REQUEST_TIMEOUT_MS;
        });
        await node.start();
      });
      expect(work.thrown.length).toBeGreaterThan(0);
      expect(work.longestMs).toBeLessThan(ENDS_WITHIN_MS);
      await expectKept(work);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'waits for a cluster that is not there yet when it migrates, no longer than it may',
    async () => {
      await node.kill();
      const impatient = keyspace.open({ startDeadlineMs: 1_000 });
      await expect(impatient.migrate([NOTES])).rejects.toEqual(unavailable);
      const patient = keyspace.open({ startDeadlineMs: 120_000 });
      const migrated = patient.migrate([NOTES]);
      const closing = keyspace.open({ startDeadlineMs: 120_000 });
      const abandoned = expect(closing.migrate([NOTES])).rejects.toEqual(unavailable);
      await closing.close();
      await abandoned;
      await node.start();
      await migrated;
      await patient.put(NOTES, { who: 1, seq: 1, note: 'n' });
    },
    TEST_TIMEOUT_MS,
  );
});
