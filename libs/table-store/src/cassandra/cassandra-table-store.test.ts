import { ErrorCode } from '@parley/kernel';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { ROW_BYTES_MAX, SCAN_BYTES_MAX } from '../limits.js';
import { defineTable } from '../table.js';
import { put, remove, type TableStore, type Write } from '../table-store.js';
import { TestKeyspace } from './testing/test-keyspace.js';

const ROWS = defineTable({
  name: 'rows',
  partition: { id: 'text' },
  clustering: { seq: 'u64' },
  columns: { body: 'bytes', note: 'text', count: 'u32', is_seen: 'bool' },
});
const HEADS = defineTable({
  name: 'heads',
  partition: { id: 'text' },
  clustering: {},
  columns: { value: 'u64', note: 'text' },
  isVersioned: true,
});
const FLOORS = defineTable({
  name: 'floors',
  partition: { id: 'text' },
  clustering: {},
  columns: { floor: 'u64' },
  isConditional: true,
});
const CLAIMS = defineTable({
  name: 'claims',
  partition: { id: 'text' },
  clustering: { seq: 'u32' },
  columns: { note: 'text' },
  ttlSeconds: 86_400,
});
const TABLES = [ROWS, HEADS, FLOORS, CLAIMS];

const TEST_TIMEOUT_MS = 90_000;
const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });
const refused = expect.objectContaining({ name: 'ChatError', code: ErrorCode.INTERNAL });

const rowOf = (id: string, seq: bigint, body = new Uint8Array(0)) => ({
  id,
  seq,
  body,
  note: '',
  count: 0,
  is_seen: false,
});

await describeWithEngine('Cassandra', engineAddress('cassandra'), (address) => {
  const keyspace = new TestKeyspace(address);
  const stores: TableStore[] = [];
  const [one, two] = [keyspace.open(), keyspace.open()];

  beforeAll(async () => {
    // The first to come make the keyspace and everything in it, all at once.
    stores.push(one, two, ...Array.from({ length: 4 }, () => keyspace.open()));
    await Promise.all(stores.map((store) => store.migrate(TABLES)));
  }, TEST_TIMEOUT_MS);
  afterAll(() => keyspace.drop(), TEST_TIMEOUT_MS);

  describe('migration', () => {
    it(
      'by several processes at once makes everything once',
      async () => {
        const query = `SELECT table_name, column_name, type FROM system_schema.columns WHERE keyspace_name = '${keyspace.name}'`;
        const columns = await keyspace.query(query);
        const typesOf = (table: string) =>
          Object.fromEntries(
            columns
              .filter((column) => column.table_name === table)
              .map(({ column_name, type }) => [column_name, type]),
          );
        expect(typesOf('rows')).toEqual({
          id: 'text',
          seq: 'bigint',
          body: 'blob',
          note: 'text',
          count: 'bigint',
          is_seen: 'boolean',
        });
        expect(typesOf('floors')).toEqual({ id: 'text', floor: 'bigint', _guard: 'boolean' });
        const added = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
          defineTable({ ...ROWS, name: 'raced', columns: { note: 'text', [name]: 'u64' } }),
        );
        await Promise.all(stores.map((store, at) => store.migrate([added[at] as (typeof added)[number]])));
        const raced = await keyspace.query(query);
        const names = raced
          .filter((column) => column.table_name === 'raced')
          .map(({ column_name }) => column_name);
        expect(names.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'id', 'note', 'seq']);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'completes what a process left that died in the middle',
      async () => {
        const table = defineTable({ ...CLAIMS, name: 'half_made' });
        const other = keyspace.open();
        await other.migrate([table]);
        await keyspace.query(`DROP TABLE ${keyspace.name}.half_made`);
        await keyspace.query(
          `UPDATE ${keyspace.name}."_tables" USING TTL 2 SET entry = 'somebody' WHERE name = '-lock'`,
        );
        const startedMs = performance.now();
        await one.migrate([table]);
        expect(performance.now() - startedMs).toBeGreaterThan(1_000);
        await one.put(table, { id: 'a', seq: 1, note: 'n' });
        expect(await one.get(table, { id: 'a', seq: 1 })).toEqual({ id: 'a', seq: 1, note: 'n' });
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'refuses a table that somebody else has made otherwise',
      async () => {
        await keyspace.query(
          `CREATE TABLE ${keyspace.name}.foreign_made (id text, seq bigint, note blob, PRIMARY KEY (id, seq))`,
        );
        await expect(one.migrate([defineTable({ ...CLAIMS, name: 'foreign_made' })])).rejects.toEqual(
          refused,
        );
      },
      TEST_TIMEOUT_MS,
    );

    it('keeps rows of a lifetime in windows of time', async () => {
      const [table] = await keyspace.query(
        `SELECT compaction, gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = '${keyspace.name}' AND table_name = 'claims'`,
      );
      expect(table?.gc_grace_seconds).toBe(10_800);
      expect(table?.compaction).toMatchObject({
        class: expect.stringContaining('TimeWindowCompactionStrategy'),
        compaction_window_size: '60',
      });
    });
  });

  describe('compareAndSet of several clients', () => {
    it(
      'has exactly one winner among 50',
      async () => {
        for (let round = 0; round < 5; round++) {
          const key = { id: `race-${round}` };
          const attempts = Array.from({ length: 50 }, (_, at) =>
            (stores[at % 5] as TableStore).compareAndSet(FLOORS, key, undefined, {
              ...key,
              floor: BigInt(at),
            }),
          );
          const results = await Promise.allSettled(attempts);
          const winners = results.flatMap((result, at) =>
            result.status === 'fulfilled' && result.value.isApplied ? [at] : [],
          );
          const unknown = results.flatMap((result, at) => (result.status === 'rejected' ? [at] : []));
          for (const at of unknown) expect(results[at]).toMatchObject({ reason: unavailable });
          expect(winners.length).toBeLessThanOrEqual(1);
          const stands = Number((await one.get(FLOORS, key))?.floor);
          // Without a winner somebody won who was not told in time.
          expect(winners.length === 1 ? winners : unknown).toContain(stands);
        }
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'claims each number for one, whatever their clocks show',
      async () => {
        const skewed = [-2_000, 0, 2_000].map((skewMs) =>
          keyspace.open({ clock: { now: () => Date.now() + skewMs } }),
        );
        await Promise.all(skewed.map((store) => store.migrate(TABLES)));
        const key = { id: 'skewed' };
        const claimed: bigint[] = [];
        const claim = async (store: TableStore): Promise<void> => {
          for (let floor = 0n, count = 0; count < 10; ) {
            const expected = floor === 0n ? undefined : { floor };
            const next = { ...key, floor: floor + 1n };
            try {
              const result = await store.compareAndSet(FLOORS, key, expected, next);
              if (result.isApplied) {
                claimed.push(next.floor);
                count += 1;
              }
              floor = result.isApplied ? next.floor : (result.current?.floor ?? 0n);
            } catch (thrown) {
              // Unknown whether the number is taken: then it is nobody's.
              expect(thrown).toEqual(unavailable);
            }
          }
        };
        await Promise.all(skewed.map(claim));
        expect(claimed).toHaveLength(30);
        expect(new Set(claimed).size).toBe(30);
        // A plain put of the slowest clock, after all that, is seen.
        await skewed[0]?.put(FLOORS, { ...key, floor: 1_000n });
        expect(await two.get(FLOORS, key)).toEqual({ ...key, floor: 1_000n });
        await skewed[0]?.delete(FLOORS, key);
        expect(await two.get(FLOORS, key)).toBeUndefined();
      },
      TEST_TIMEOUT_MS,
    );
  });

  it('ends with the highest version, from whomever and in whatever order it came', async () => {
    const versions = Array.from({ length: 60 }, (_, at) => BigInt(((at * 37) % 60) + 1));
    const row = (id: string, version: bigint) => ({ id, value: version, note: `v${version}` });
    await Promise.all(
      versions.map((version, at) =>
        (stores[at % stores.length] as TableStore).put(HEADS, row('late', version), version),
      ),
    );
    expect(await one.get(HEADS, { id: 'late' })).toEqual(row('late', 60n));
    for (const version of [...versions].reverse()) await two.put(HEADS, row('late', version), version);
    expect(await one.get(HEADS, { id: 'late' })).toEqual(row('late', 60n));
    await two.delete(HEADS, { id: 'late' });
    expect(await one.get(HEADS, { id: 'late' })).toBeUndefined();
    await one.put(HEADS, row('late', 61n), 61n);
    expect(await two.get(HEADS, { id: 'late' })).toEqual(row('late', 61n));
  });

  it('shows each client what another was told is written', async () => {
    for (let round = 0n; round < 50n; round++) {
      await one.put(ROWS, rowOf('shown', round));
      expect((await two.get(ROWS, { id: 'shown', seq: round }))?.seq).toBe(round);
    }
    const writes: Write<typeof ROWS>[] = Array.from({ length: 50 }, (_, at) =>
      at % 2 ? remove(ROWS, { id: 'shown', seq: BigInt(at) }) : put(ROWS, rowOf('shown', BigInt(at + 100))),
    );
    await two.writeAll(writes);
    const { rows } = await one.scan(ROWS, { id: 'shown' }, { limit: 1_000 });
    expect(rows).toHaveLength(50);
  });

  it(
    'pages through many rows, and through large ones in pages of bounded size',
    async () => {
      const many = Array.from({ length: 2_500 }, (_, at) => rowOf('many', BigInt(at)));
      await one.writeAll(many.map((row) => put(ROWS, row)));
      const whole = await two.scan(ROWS, { id: 'many' }, { limit: 10_000 });
      expect(whole.rows.map((row) => row.seq)).toEqual(many.map((row) => row.seq));
      expect(whole.cursor).toBeUndefined();
      const large = Array.from({ length: 36 }, (_, at) =>
        rowOf('large', BigInt(at), new Uint8Array(ROW_BYTES_MAX - 200).fill(at)),
      );
      for (const row of large) await one.put(ROWS, row);
      const first = await two.scan(ROWS, { id: 'large' }, { limit: 1_000 });
      const bytes = first.rows.reduce((sum, row) => sum + row.body.length, 0);
      expect(bytes).toBeLessThan(SCAN_BYTES_MAX + ROW_BYTES_MAX);
      const { cursor } = first;
      const rest = await two.scan(ROWS, { id: 'large' }, { limit: 1_000, ...(cursor && { cursor }) });
      const seqs = [...first.rows, ...rest.rows].map((row) => row.seq);
      expect(seqs).toEqual(large.map((row) => row.seq));
    },
    TEST_TIMEOUT_MS,
  );

  it('is UNAVAILABLE when there is no cluster', async () => {
    const lost = keyspace.open({ contactPoints: ['127.0.0.1:1'], startDeadlineMs: 500 });
    const startedMs = performance.now();
    await expect(lost.migrate(TABLES)).rejects.toEqual(unavailable);
    await expect(lost.migrate(TABLES)).rejects.toEqual(unavailable);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await lost.close();
  });
});
