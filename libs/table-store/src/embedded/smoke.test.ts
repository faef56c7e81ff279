import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedTableStore, defineTable } from '../index.js';

it('smoke', async () => {
  const t = defineTable({
    name: 'm',
    partition: { a: 'text', b: 'u32' },
    clustering: { seq: 'u64' },
    columns: { x: 'bytes', y: 'text', z: 'bool' },
  });
  const database = await openEmbeddedDatabase({ dir: mkdtempSync(join(tmpdir(), 'p-')) });
  const s = createEmbeddedTableStore({ database, clock: { now: () => 5 } });
  await s.migrate([t]);
  const row = (seq: bigint) => ({ a: 'é\0x', b: 1, seq, x: new Uint8Array([1, 2]), y: 'yy', z: true });
  await s.writeAll([1n, 2n, 3n, 4n].map((q) => ({ kind: 'put' as const, table: t, row: row(q) })));
  expect(await s.get(t, row(2n))).toEqual(row(2n));
  const page = await s.scan(t, { a: 'é\0x', b: 1 }, { limit: 2, isReverse: true, to: { seq: 3n } });
  expect(page.rows).toEqual([row(3n), row(2n)]);
  const page2 = await s.scan(
    t,
    { a: 'é\0x', b: 1 },
    { limit: 2, isReverse: true, to: { seq: 3n }, cursor: page.cursor! },
  );
  expect(page2).toEqual({ rows: [row(1n)] });
  const cas = await s.compareAndSet(t, row(2n), { y: 'yy' }, undefined);
  expect(cas).toEqual({ isApplied: true, current: row(2n) });
  expect(await s.get(t, row(2n))).toBeUndefined();
  await s.close();
  await database.close();
});
