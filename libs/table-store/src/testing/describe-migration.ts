import { defineTable } from '../table.js';
import { type ContractStore, HEADS, keyedTable, ROWS, rowOf, TABLES, tableWith } from './contract-store.js';
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
      const before = tableWith(name, { note: 'text', count: 'u32' });
      await contract.store.migrate([before]);
      const old = { id: 'a', seq: 1, note: 'old', count: 7 };
      await contract.store.put(before, old);
      const after = tableWith(name, {
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
      const expected = { text: '', large: 0n };
      expect((await contract.store.compareAndSet(after, old, expected, { ...fresh, seq: 1 })).isApplied).toBe(
        true,
      );
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
