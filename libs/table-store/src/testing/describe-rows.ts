import { BATCH_WRITES_MAX, GET_MANY_MAX, ROW_BYTES_MAX, WRITE_ALL_MAX } from '../limits.js';
import { put, remove } from '../table-store.js';
import { type ContractStore, HEADS, ROWS, rowOf } from './contract-store.js';
import { refused } from './expectations.js';

const EXTREMES = {
  body: Uint8Array.of(0, 1, 254, 255, 0),
  note: 'a\0b é 漢 🙂',
  count: 0xffff_ffff,
  total: 2n ** 63n - 1n,
  is_seen: true,
};

/** put, get, getMany, delete, writeAll: one row at a time. */
export function describeRows(contract: ContractStore): void {
  describe('rows', () => {
    it('come back as they were put, with every type at its ends', async () => {
      const owner = { app_id: 0xffff_ffff, owner: `${contract.name()}\0é🙂` };
      const rows = [
        rowOf(owner, { ...EXTREMES, kind: '', seq: 0n }),
        rowOf(owner, { kind: '\0', seq: 2n ** 63n - 1n }),
        rowOf(owner, {
          kind: '\0\0ÿ',
          seq: 1n,
          note: 'x'.repeat(70_000),
          body: new Uint8Array(70_000).fill(3),
        }),
      ];
      for (const row of rows) await contract.store.put(ROWS, row);
      for (const row of rows) expect(await contract.store.get(ROWS, row)).toEqual(row);
    });

    it('are found by all columns of their key and by nothing else', async () => {
      const owner = contract.owner();
      await contract.store.put(ROWS, rowOf(owner, { kind: 'a', seq: 1n }));
      const others = [
        { ...owner, kind: 'a', seq: 2n },
        { ...owner, kind: 'b', seq: 1n },
        { ...owner, kind: 'a\0', seq: 1n },
        { ...owner, app_id: 2, kind: 'a', seq: 1n },
        { ...owner, owner: `${owner.owner}x`, kind: 'a', seq: 1n },
      ];
      for (const key of others) expect(await contract.store.get(ROWS, key)).toBeUndefined();
    });

    it('are replaced whole by a later put', async () => {
      const owner = contract.owner();
      await contract.store.put(ROWS, rowOf(owner, EXTREMES));
      await contract.store.put(ROWS, rowOf(owner, { note: 'second' }));
      expect(await contract.store.get(ROWS, rowOf(owner))).toEqual(rowOf(owner, { note: 'second' }));
    });

    it('are gone after a delete, which may find nothing', async () => {
      const row = rowOf(contract.owner());
      await contract.store.put(ROWS, row);
      await contract.store.delete(ROWS, row);
      expect(await contract.store.get(ROWS, row)).toBeUndefined();
      await contract.store.delete(ROWS, row);
      await contract.store.put(ROWS, row);
      expect(await contract.store.get(ROWS, row)).toEqual(row);
    });

    it('belong to the caller: changing what was returned or put changes nothing stored', async () => {
      const row = rowOf(contract.owner(), { body: Uint8Array.of(1, 2, 3) });
      await contract.store.put(ROWS, row);
      row.body.fill(9);
      const found = await contract.store.get(ROWS, row);
      found?.body.fill(8);
      expect((await contract.store.get(ROWS, row))?.body).toEqual(Uint8Array.of(1, 2, 3));
    });

    it('come many at a time, in the order asked, absent ones and repeated ones too', async () => {
      const owner = contract.owner();
      const rows = [1n, 2n, 3n].map((seq) => rowOf(owner, { seq, note: `${seq}` }));
      await contract.store.writeAll(rows.map((row) => put(ROWS, row)));
      const asked = [rows[2]!, { ...owner, kind: 'k', seq: 9n }, rows[0]!, rows[2]!];
      expect(await contract.store.getMany(ROWS, asked)).toEqual([rows[2], undefined, rows[0], rows[2]]);
      expect(await contract.store.getMany(ROWS, [])).toEqual([]);
    });

    it('of any tables and partitions are written together by writeAll', async () => {
      const owners = [contract.owner(), contract.owner()];
      const gone = rowOf(owners[0]!, { seq: 7n });
      await contract.store.put(ROWS, gone);
      const head = { id: contract.name(), value: 5n, note: 'n' };
      await contract.store.writeAll([
        put(ROWS, rowOf(owners[0]!)),
        put(HEADS, head),
        put(ROWS, rowOf(owners[1]!)),
        remove(ROWS, gone),
      ]);
      expect(await contract.store.get(ROWS, rowOf(owners[0]!))).toEqual(rowOf(owners[0]!));
      expect(await contract.store.get(ROWS, rowOf(owners[1]!))).toEqual(rowOf(owners[1]!));
      expect(await contract.store.get(HEADS, head)).toEqual(head);
      expect(await contract.store.get(ROWS, gone)).toBeUndefined();
      await contract.store.writeAll([]);
    });

    it('end as the last call wanted, when several write at once', async () => {
      const id = contract.name();
      const owner = { app_id: 1, owner: id };
      for (let round = 0; round < 10; round++) {
        const key = rowOf(owner, { seq: BigInt(round) });
        const calls = [1, 2, 3, 4].map((count) => contract.store.put(ROWS, { ...key, count }));
        if (round % 2) calls.push(contract.store.delete(ROWS, key));
        await Promise.all(calls);
        expect((await contract.store.get(ROWS, key))?.count).toBe(round % 2 ? undefined : 4);
        await Promise.all([1n, 2n, 3n].map((value) => contract.store.put(HEADS, { id, value, note: '' })));
        expect((await contract.store.get(HEADS, { id }))?.value).toBe(3n);
        await contract.store.writeAll([7, 8, 9].map((count) => put(ROWS, { ...key, count })));
        expect((await contract.store.get(ROWS, key))?.count).toBe(9);
      }
    });

    it('survive a restart, and so do deletes', async () => {
      const owner = contract.owner();
      const rows = Array.from({ length: 50 }, (_, i) => rowOf(owner, { seq: BigInt(i), note: `${i}` }));
      await contract.store.writeAll(rows.map((row) => put(ROWS, row)));
      await contract.store.delete(ROWS, rows[3]!);
      await contract.reopen();
      const found = await contract.store.getMany(ROWS, rows);
      expect(found).toEqual(rows.map((row, i) => (i === 3 ? undefined : row)));
    });
  });

  describe('limits', () => {
    it('allow a row of nearly 1 MiB and refuse a larger one', async () => {
      const owner = contract.owner();
      const large = rowOf(owner, { body: new Uint8Array(ROW_BYTES_MAX - 200).fill(7) });
      await contract.store.put(ROWS, large);
      expect((await contract.store.get(ROWS, large))?.body.length).toBe(ROW_BYTES_MAX - 200);
      const tooLarge = rowOf(owner, { seq: 2n, body: new Uint8Array(ROW_BYTES_MAX) });
      await expect(contract.store.put(ROWS, tooLarge)).rejects.toEqual(refused);
      await expect(contract.store.writeAll([put(ROWS, tooLarge)])).rejects.toEqual(refused);
      await expect(contract.store.batch([put(ROWS, tooLarge)])).rejects.toEqual(refused);
      expect(await contract.store.get(ROWS, tooLarge)).toBeUndefined();
    });

    it('refuse a partition key that is one empty text', async () => {
      const head = { id: '', value: 1n, note: '' };
      await expect(contract.store.put(HEADS, head)).rejects.toEqual(refused);
      await expect(contract.store.get(HEADS, head)).rejects.toEqual(refused);
      await expect(contract.store.scan(HEADS, head, { limit: 1 })).rejects.toEqual(refused);
      const row = rowOf({ app_id: 1, owner: '' });
      await contract.store.put(ROWS, row);
      expect(await contract.store.get(ROWS, row)).toEqual(row);
    });

    it('refuse a key that is too long', async () => {
      const row = rowOf({ app_id: 1, owner: 'o'.repeat(2_000) });
      await expect(contract.store.put(ROWS, row)).rejects.toEqual(refused);
      await expect(contract.store.get(ROWS, row)).rejects.toEqual(refused);
    });

    it('refuse more keys or writes than one call takes', async () => {
      const owner = contract.owner();
      const row = rowOf(owner);
      const writes = (count: number) => Array.from({ length: count }, () => put(ROWS, row));
      const keys = new Array(GET_MANY_MAX + 1).fill(row);
      await expect(contract.store.getMany(ROWS, keys)).rejects.toEqual(refused);
      await expect(contract.store.batch(writes(BATCH_WRITES_MAX + 1))).rejects.toEqual(refused);
      await expect(contract.store.writeAll(writes(WRITE_ALL_MAX + 1))).rejects.toEqual(refused);
      expect(await contract.store.get(ROWS, row)).toBeUndefined();
      expect(await contract.store.getMany(ROWS, keys.slice(1))).toHaveLength(GET_MANY_MAX);
      await contract.store.batch(writes(BATCH_WRITES_MAX));
      await contract.store.writeAll(writes(WRITE_ALL_MAX));
      expect(await contract.store.get(ROWS, row)).toEqual(row);
    });

    it('refuse columns that are missing or of another type', async () => {
      const row = rowOf(contract.owner());
      const wrong: Record<string, unknown>[] = [
        { note: undefined },
        { note: 5 },
        { count: -1 },
        { count: 2 ** 32 },
        { count: 1.5 },
        { total: -1n },
        { total: 2n ** 63n },
        { total: 5 },
        { is_seen: 1 },
        { body: 'text' },
        { seq: 1 },
        { owner: undefined },
      ];
      for (const part of wrong) {
        await expect(contract.store.put(ROWS, { ...row, ...part } as typeof row)).rejects.toEqual(refused);
      }
      expect(await contract.store.get(ROWS, row)).toBeUndefined();
    });
  });
}
