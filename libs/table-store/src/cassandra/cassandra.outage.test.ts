// The store of one client whose network to the node fails; the node itself is untouched.
import { ErrorCode } from '@parley/kernel';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { defineTable } from '../table.js';
import type { TableStore } from '../table-store.js';
import { DEADLINE_MS, REQUEST_TIMEOUT_MS, REQUESTS_MAX, WAITING_MAX } from './cassandra-options.js';
import { NodeLink } from './testing/node-link.js';
import { TestKeyspace } from './testing/test-keyspace.js';
import { until } from './testing/until.js';

const NOTES = defineTable({
  name: 'outage_notes',
  partition: { who: 'u32' },
  clustering: { seq: 'u32' },
  columns: { note: 'text' },
});
const COUNTS = defineTable({
  name: 'outage_counts',
  partition: { who: 'u32' },
  clustering: {},
  columns: { value: 'u32' },
  isConditional: true,
});

/** Long enough for the pauses between attempts to connect to be at their longest. */
const OUTAGE_MS = 8_000;
/** The longest of those pauses, and what a busy machine takes to connect and answer. */
const WORKS_AGAIN_WITHIN_MS = 2_500;
/** A request may begin its last attempt just within its deadline; a busy machine is late. */
const ENDS_WITHIN_MS = DEADLINE_MS + REQUEST_TIMEOUT_MS + 2_000;
const TEST_TIMEOUT_MS = 60_000;

const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown }).code;
const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

await describeWithEngine('Cassandra', engineAddress('cassandra'), (address) => {
  let link: NodeLink;
  const keyspace = new TestKeyspace(address);
  let store: TableStore;
  const gauges = new Map<string, () => number>();

  beforeAll(async () => {
    link = await NodeLink.open(address);
    store = keyspace.open({
      contactPoints: [link.address],
      metrics: {
        counter: () => ({ add: () => undefined }),
        histogram: () => ({ record: () => undefined }),
        gauge: (name, _help, read) => gauges.set(name, read),
      },
    });
    await store.migrate([NOTES, COUNTS]);
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    link.mend();
    await keyspace.drop();
    await link.close();
  }, TEST_TIMEOUT_MS);

  const isAnswered = () =>
    store.get(NOTES, { who: 1, seq: 1 }).then(
      () => true,
      (thrown) => {
        expect(thrown).toEqual(unavailable);
        return false;
      },
    );

  /** The first answer after the link was whole again, ms. */
  const mendAndWait = async (): Promise<number> => {
    const mendedMs = performance.now();
    link.mend();
    await until('the tables answer', 30_000, isAnswered);
    return performance.now() - mendedMs;
  };

  it.each(['refuse', 'silence'] as const)(
    'answers soon after the node is back (%s)',
    async (fault) => {
      const startedMs = performance.now();
      link[fault]();
      while (performance.now() - startedMs < OUTAGE_MS) {
        const answers = await Promise.all(Array.from({ length: 20 }, isAnswered));
        expect(answers).not.toContain(true);
      }
      const awaitedMs = await mendAndWait();
      process.stderr.write(`answers ${Math.round(awaitedMs)} ms after the outage (${fault})\n`);
      expect(awaitedMs).toBeLessThan(WORKS_AGAIN_WITHIN_MS);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'ends every request in time when more come than it takes, and keeps nothing of them',
    async () => {
      const bound = REQUESTS_MAX + WAITING_MAX;
      link.silence();
      const startedMs = performance.now();
      // Of one partition, so that they wait for one another.
      const agreed = Array.from({ length: 500 }, (_, value) =>
        store.compareAndSet(COUNTS, { who: 1 }, undefined, { who: 1, value }),
      );
      const plain = Array.from({ length: bound + 1_000 }, (_, seq) =>
        store.put(NOTES, { who: 1, seq, note: 'n' }),
      );
      const settled = Promise.allSettled([...agreed, ...plain]);
      const isFull = () =>
        gauges.get('parley.table_store.requests_in_flight')?.() === REQUESTS_MAX &&
        gauges.get('parley.table_store.requests_waiting')?.() === WAITING_MAX;
      await until('no more are taken', DEADLINE_MS, isFull);
      const results = await settled;
      expect(performance.now() - startedMs).toBeLessThan(ENDS_WITHIN_MS);
      const codes = results.map((result) =>
        result.status === 'rejected' ? codeOf(result.reason) : 'answered',
      );
      expect(new Set(codes)).toEqual(new Set([ErrorCode.UNAVAILABLE, ErrorCode.OVERLOADED]));
      expect(codes.filter((code) => code === ErrorCode.OVERLOADED).length).toBeGreaterThanOrEqual(1_000);
      for (const read of gauges.values()) expect(read()).toBe(0);
      expect(await mendAndWait()).toBeLessThan(WORKS_AGAIN_WITHIN_MS);
    },
    TEST_TIMEOUT_MS,
  );

  it('gives up in time when nobody answers the first connection', async () => {
    link.silence();
    const options = { contactPoints: [link.address], deadlineMs: 300, startDeadlineMs: 100 };
    const startedMs = performance.now();
    await expect(keyspace.open(options).migrate([NOTES])).rejects.toEqual(unavailable);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});
