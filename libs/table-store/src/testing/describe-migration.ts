import { defineTable } from '../table.js';
import {
  agreedTableWith,
  type ContractStore,
  HEADS,
  keyedTable,
  ROWS,
  rowOf,
  TABLES,
  tableWith,
} from './contract-store.js';
import { refused, unavailable } from './expectations.js';

const ZEROS = { text: '', small: 0, large: 0n, flag: false, raw: new Uint8Array(0) };

/** What a table may become, and what a store does before and after its life. */
export function describeMigration(contract: ContractStore): void {
  describe('migrate', () => {
    it('may be repeated and keeps rows', async () => {
      const row = rowOf(contract.owner(), { note: 'kept' });
      await contract.store.put(ROWS, row);
      await contract.store.migrate(TABLES);
      await contract.store.migrate([]);
      expect(await contract.store.get(ROWS, row)).toEqual(row);
    });

    it('adds columns, which old rows have as zeros', async () => {
      const name = contract.tableName();
      const before = agreedTableWith(name, { note: 'text', count: 'u32' });
      await contract.store.migrate([before]);
      const old = { id: 'a', seq: 1, note: 'old', count: 7 };
      await contract.store.put(before, old);
      const after = agreedTableWith(name, {
        text: 'text',
        note: 'text',
        small: 'u32',
        large: 'u64',
        flag: 'bool',
        raw: 'bytes',
        count: 'u32',
      });
      await contract.reopen([after]);
      expect(await contract.store.get(after, old)).toEqual({ ...old, ...ZEROS });
      const fresh = { ...old, seq: 2, text: 't', small: 1, large: 2n, flag: true, raw: Uint8Array.of(1) };
      await contract.store.put(after, fresh);
      const { rows } = await contract.store.scan(after, { id: 'a' }, { limit: 10 });
      expect(rows).toEqual([{ ...old, ...ZEROS }, fresh]);
      const next = { ...fresh, seq: 1 };
      const partly = { text: '', large: 0n };
      expect((await contract.store.compareAndSet(after, old, { ...partly, small: 1 }, next)).isApplied).toBe(
        false,
      );
      const applied = { isApplied: true, current: { ...old, ...ZEROS } };
      expect(await contract.store.compareAndSet(after, old, partly, { ...old, ...ZEROS })).toEqual(applied);
      expect(await contract.store.compareAndSet(after, old, { ...old, ...ZEROS }, next)).toEqual(applied);
      const absent = { id: 'a', seq: 9 };
      const zeros = { ...ZEROS, note: '', count: 0 };
      expect(await contract.store.compareAndSet(after, absent, zeros, { ...absent, ...zeros })).toEqual({
        isApplied: false,
        current: undefined,
      });
    });

    it('never drops: a column that a declaration leaves out stays stored', async () => {
      const name = contract.tableName();
      const wide = tableWith(name, { note: 'text', count: 'u32' });
      await contract.store.migrate([wide]);
      const row = { id: 'a', seq: 1, note: 'n', count: 7 };
      await contract.store.put(wide, row);
      const narrow = tableWith(name, { note: 'text' });
      await contract.reopen([narrow]);
      expect(await contract.store.get(narrow, row)).toEqual({ id: 'a', seq: 1, note: 'n' });
      await contract.reopen([wide]);
      expect(await contract.store.get(wide, row)).toEqual(row);
    });

    it('may begin to use compareAndSet with a table that has rows', async () => {
      const name = contract.tableName();
      const plain = tableWith(name, { note: 'text' });
      await contract.store.migrate([plain]);
      const row = { id: 'a', seq: 1, note: 'n' };
      await contract.store.put(plain, row);
      const agreed = agreedTableWith(name, { note: 'text' });
      await contract.reopen([agreed]);
      const next = { ...row, note: 'm' };
      expect(await contract.store.compareAndSet(agreed, row, row, next)).toEqual({
        isApplied: true,
        current: row,
      });
      expect(await contract.store.get(agreed, row)).toEqual(next);
      await contract.store.delete(agreed, row);
      expect(await contract.store.get(agreed, row)).toBeUndefined();
    });

    it('may run in several processes at once', async () => {
      const name = contract.tableName();
      const declarations = ['a', 'b', 'c', 'd'].map((column) =>
        tableWith(name, { note: 'text', [column]: 'u32' }),
      );
      await Promise.all(declarations.map((table) => contract.store.migrate([table])));
      const all = tableWith(name, { note: 'text', a: 'u32', b: 'u32', c: 'u32', d: 'u32' });
      await contract.reopen([all]);
      const row = { id: 'i', seq: 1, note: 'n', a: 1, b: 2, c: 3, d: 4 };
      await contract.store.put(all, row);
      expect(await contract.store.get(all, row)).toEqual(row);
    });

    it('refuses to change a type, a key or isVersioned, and keeps the table as it is', async () => {
      const name = contract.tableName();
      const table = tableWith(name, { note: 'text' });
      await contract.store.migrate([table]);
      const row = { id: 'a', seq: 1, note: 'n' };
      await contract.store.put(table, row);
      const changed = [
        tableWith(name, { note: 'bytes' }),
        keyedTable(name, { id: 'u32' }, { seq: 'u32' }),
        keyedTable(name, { key: 'text' }, { seq: 'u32' }),
        keyedTable(name, { id: 'text' }, {}),
        keyedTable(name, { id: 'text' }, { seq: 'u64' }),
        keyedTable(name, { id: 'text', seq: 'u32' }, {}),
        defineTable({ ...table, isVersioned: true }),
      ];
      for (const declaration of changed) {
        await expect(contract.store.migrate([declaration])).rejects.toEqual(refused);
      }
      expect(await contract.store.get(table, row)).toEqual(row);
    });
  });

  describe('a store', () => {
    it('refuses tables that it was not told of', async () => {
      const stranger = tableWith(contract.tableName(), { note: 'text' });
      const row = { id: 'a', seq: 1, note: '' };
      await expect(contract.store.get(stranger, row)).rejects.toEqual(refused);
      await expect(contract.store.put(stranger, row)).rejects.toEqual(refused);
      await expect(contract.store.scan(stranger, { id: 'a' }, { limit: 1 })).rejects.toEqual(refused);
    });

    it('is unavailable once it is closed; closing again does nothing', async () => {
      const fixture = await contract.fresh();
      await fixture.store.migrate(TABLES);
      const head = { id: contract.name(), value: 1n, note: '' };
      await fixture.store.put(HEADS, head);
      await fixture.store.close();
      await fixture.store.close();
      await expect(fixture.store.get(HEADS, head)).rejects.toEqual(unavailable);
      await expect(fixture.store.put(HEADS, head)).rejects.toEqual(unavailable);
      await expect(fixture.store.migrate(TABLES)).rejects.toEqual(unavailable);
      await fixture.close();
    });
  });
}
