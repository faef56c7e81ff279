import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSpace, type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import { DELETED_VERSION_SECONDS } from '../limits.js';
import { defineTable } from '../table.js';
import { put, remove } from '../table-store.js';
import { createEmbeddedTableStore } from './embedded-table-store.js';
import { ExpiryIndex } from './expiry-index.js';

const ENDING = defineTable({
  name: 'ending',
  partition: { id: 'text' },
  clustering: { seq: 'u32' },
  columns: { note: 'text' },
  ttlSeconds: 10,
});

describe('the sweep of rows whose time has come', () => {
  let dir: string;
  let database: EmbeddedDatabase;
  let rows: ByteSpace;
  let entries: ByteSpace;
  let nowMs = 1_700_000_000_000;
  const clock = { now: () => nowMs };
  const count = (space: ByteSpace): number => space.range({ limit: 10_000 }).length;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-expiry-'));
    database = await openEmbeddedDatabase({ dir });
    rows = await database.space('table:ending');
    entries = await database.space('table-expiry');
  });
  afterEach(async () => {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const row = (seq: number) => ({ id: 'a', seq, note: 'n' });

  async function openStore() {
    const store = createEmbeddedTableStore({ database, clock });
    await store.migrate([ENDING]);
    return store;
  }

  it('removes them and what was noted about them, in bounded steps', async () => {
    const store = await openStore();
    await store.writeAll(Array.from({ length: 1_500 }, (_, seq) => put(ENDING, row(seq))));
    for (let seq = 1_500; seq < 1_650; seq++) await store.put(ENDING, row(seq));
    await store.close();
    expect([count(rows), count(entries)]).toEqual([1_650, 152]);

    const index = new ExpiryIndex(database, entries);
    expect(await index.sweep(nowMs + 9_999)).toBe(false);
    expect(count(rows)).toBe(1_650);
    let steps = 0;
    while (await index.sweep(nowMs + 10_000)) steps++;
    expect([count(rows), count(entries)]).toEqual([0, 0]);
    expect(steps).toBeGreaterThan(2);
  });

  it('leaves rows alone that were put again since, until their own time', async () => {
    const store = await openStore();
    await store.put(ENDING, row(1));
    await store.put(ENDING, row(2));
    nowMs += 5_000;
    await store.put(ENDING, row(1));
    nowMs += 5_000;
    const index = new ExpiryIndex(database, entries);
    while (await index.sweep(nowMs));
    expect(await store.get(ENDING, row(1))).toEqual(row(1));
    expect([count(rows), count(entries)]).toEqual([1, 1]);
    nowMs += 5_000;
    while (await index.sweep(nowMs));
    expect([count(rows), count(entries)]).toEqual([0, 0]);
    await store.close();
  });

  it('does not remove a row that is put again while the sweep is on its way', async () => {
    const store = await openStore();
    await store.put(ENDING, row(1));
    nowMs += 10_000;
    const index = new ExpiryIndex(database, entries);
    const [, swept] = await Promise.all([store.put(ENDING, row(1)), index.sweep(nowMs)]);
    expect(swept).toBe(true);
    expect(await store.get(ENDING, row(1))).toEqual(row(1));
    await store.close();
  });

  it('also covers tables that nobody declares any more', async () => {
    const store = await openStore();
    await store.put(ENDING, row(1));
    await store.close();
    await database.close();
    database = await openEmbeddedDatabase({ dir });
    entries = await database.space('table-expiry');
    const index = new ExpiryIndex(database, entries);
    expect(await index.sweep(nowMs + 10_000)).toBe(true);
    expect(count(await database.space('table:ending'))).toBe(0);
  });

  it('removes what is kept of deleted rows after ten days, and not before', async () => {
    const { ttlSeconds: _, ...endless } = ENDING;
    const table = defineTable({ ...endless, name: 'kept', isVersioned: true });
    const kept = await database.space('table:kept');
    const store = createEmbeddedTableStore({ database, clock });
    await store.migrate([table]);
    const index = new ExpiryIndex(database, entries);
    const [gone, again] = [row(1), row(2)];
    await store.batch([
      put(table, gone, 5n),
      put(table, again, 5n),
      remove(table, gone),
      remove(table, again),
    ]);
    await store.put(table, again, 6n);
    nowMs += DELETED_VERSION_SECONDS * 1_000 - 1;
    await store.put(table, gone, 4n);
    expect(await index.sweep(nowMs)).toBe(false);
    expect([await store.get(table, gone), count(kept)]).toEqual([undefined, 2]);
    nowMs += 1;
    while (await index.sweep(nowMs));
    expect([count(kept), count(entries)]).toEqual([1, 0]);
    expect(await store.get(table, again)).toEqual(again);
    await store.put(table, gone, 4n);
    expect(await store.get(table, gone)).toEqual(gone);
    await store.close();
  });
});
