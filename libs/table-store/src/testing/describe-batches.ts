import { ROW_BYTES_MAX } from '../limits.js';
import { put, remove, type Write } from '../table-store.js';
import { AGREED_ROWS, type ContractStore, HEADS, ROWS, rowOf } from './contract-store.js';
import { refused } from './expectations.js';

/** All writes of a batch or none. */
export function describeBatches(contract: ContractStore): void {
  describe('a batch', () => {
    it('puts and deletes rows of one partition', async () => {
      const owner = contract.owner();
      const gone = rowOf(owner, { seq: 9n });
      await contract.store.put(ROWS, gone);
      const rows = [1n, 2n].map((seq) => rowOf(owner, { seq }));
      await contract.store.batch([...rows.map((row) => put(ROWS, row)), remove(ROWS, gone)]);
      expect(await contract.scanAll(owner, { limit: 10 })).toEqual(rows);
      await contract.store.batch([]);
    });

    it('writes nothing when one of its writes cannot be', async () => {
      const owner = contract.owner();
      const good = rowOf(owner, { seq: 1n });
      const bad = rowOf(owner, { seq: 2n, count: -1 });
      await expect(contract.store.batch([put(ROWS, good), put(ROWS, bad)])).rejects.toEqual(refused);
      expect(await contract.scanAll(owner, { limit: 10 })).toEqual([]);
    });

    it('takes its writes in their order', async () => {
      const owner = contract.owner();
      const at = (seq: bigint, count: number) => rowOf(owner, { seq, count });
      for (const table of [ROWS, AGREED_ROWS]) {
        await contract.store.put(table, at(3n, 1));
        await contract.store.batch([
          put(table, at(1n, 1)),
          put(table, at(1n, 2)),
          put(table, at(2n, 1)),
          remove(table, at(2n, 1)),
          remove(table, at(3n, 1)),
          put(table, at(3n, 2)),
        ]);
        const { rows } = await contract.store.scan(table, owner, { limit: 10 });
        expect(rows).toEqual([at(1n, 2), at(3n, 2)]);
      }
    });

    it('refuses more than 4 MiB', async () => {
      const owner = contract.owner();
      const large = (seq: bigint) => rowOf(owner, { seq, body: new Uint8Array(ROW_BYTES_MAX - 200) });
      const rows = [1n, 2n, 3n, 4n, 5n].map(large);
      const batch = rows.map((row) => put(ROWS, row));
      await expect(contract.store.batch(batch)).rejects.toEqual(refused);
      expect((await contract.store.scan(ROWS, owner, { limit: 1 })).rows).toEqual([]);
      await contract.store.batch(batch.slice(0, 4));
      const { rows: found } = await contract.store.scan(ROWS, owner, { limit: 10 });
      expect(found.map((row) => row.seq)).toEqual([1n, 2n, 3n, 4n]);
    });

    it('is of one table and one partition', async () => {
      const owner = contract.owner();
      const elsewhere = contract.owner();
      const twoPartitions = [put(ROWS, rowOf(owner)), put(ROWS, rowOf(elsewhere))];
      await expect(contract.store.batch(twoPartitions)).rejects.toEqual(refused);
      await expect(
        contract.store.batch([put(ROWS, rowOf(owner)), remove(ROWS, rowOf(elsewhere))]),
      ).rejects.toEqual(refused);
      const head = { id: contract.name(), value: 1n, note: '' };
      const twoTables = [put(ROWS, rowOf(owner)), put(HEADS, head)] as unknown as Write<typeof ROWS>[];
      await expect(contract.store.batch(twoTables)).rejects.toEqual(refused);
      expect(await contract.scanAll(owner, { limit: 10 })).toEqual([]);
      expect(await contract.scanAll(elsewhere, { limit: 10 })).toEqual([]);
      expect(await contract.store.get(HEADS, head)).toBeUndefined();
    });

    it('is seen whole or not at all, whoever reads beside it', async () => {
      const owner = contract.owner();
      const at = (round: number) => [1n, 2n, 3n].map((seq) => rowOf(owner, { seq, count: round }));
      await contract.store.batch(at(0).map((row) => put(ROWS, row)));
      let isWriting = true;
      const writing = (async () => {
        for (let round = 1; round <= 20; round++)
          await contract.store.batch(at(round).map((row) => put(ROWS, row)));
        isWriting = false;
      })();
      while (isWriting) {
        const { rows } = await contract.store.scan(ROWS, owner, { limit: 10 });
        expect(new Set(rows.map((row) => row.count)).size).toBe(1);
        expect(rows).toHaveLength(3);
        // An engine in this process answers within a turn; its commits need turns of their own.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
      expect(await contract.scanAll(owner, { limit: 10 })).toEqual(at(20));
    });

    it('survives a restart', async () => {
      const owner = contract.owner();
      const rows = Array.from({ length: 100 }, (_, i) => rowOf(owner, { seq: BigInt(i) }));
      await contract.store.batch(rows.map((row) => put(ROWS, row)));
      await contract.reopen();
      expect(await contract.scanAll(owner, { limit: 1_000 })).toEqual(rows);
    });
  });
}
