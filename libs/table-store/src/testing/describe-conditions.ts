import { put, remove } from '../table-store.js';
import { AGREED_ROWS, type ContractStore, HEADS, ROWS, rowOf, VERSIONED } from './contract-store.js';
import { refused } from './expectations.js';

/** compareAndSet and versions: writes that depend on what is there. */
export function describeConditions(contract: ContractStore): void {
  describe('compareAndSet', () => {
    it('puts a row where there is none, once', async () => {
      const head = { id: contract.name(), value: 1n, note: 'first' };
      const first = await contract.store.compareAndSet(HEADS, head, undefined, head);
      expect(first).toEqual({ isApplied: true, current: undefined });
      const second = await contract.store.compareAndSet(HEADS, head, undefined, { ...head, note: 'second' });
      expect(second).toEqual({ isApplied: false, current: head });
      expect(await contract.store.get(HEADS, head)).toEqual(head);
    });

    it('replaces a row that has the expected values, all or some of them', async () => {
      const owner = contract.owner();
      const row = rowOf(owner, { body: Uint8Array.of(1, 2), note: 'a', count: 3 });
      await contract.store.put(AGREED_ROWS, row);
      const expected = { body: Uint8Array.of(1, 2), count: 3 };
      const next = { ...row, count: 4 };
      expect(await contract.store.compareAndSet(AGREED_ROWS, row, expected, next)).toEqual({
        isApplied: true,
        current: row,
      });
      const whole = await contract.store.compareAndSet(AGREED_ROWS, row, next, { ...next, note: 'b' });
      expect(whole).toEqual({ isApplied: true, current: next });
      const exists = await contract.store.compareAndSet(AGREED_ROWS, row, {}, { ...next, note: 'c' });
      expect(exists.isApplied).toBe(true);
      expect((await contract.store.get(AGREED_ROWS, row))?.note).toBe('c');
    });

    it('changes nothing when a value differs or the row is absent', async () => {
      const row = rowOf(contract.owner(), { body: Uint8Array.of(1, 2), count: 3 });
      const absent = await contract.store.compareAndSet(AGREED_ROWS, row, { count: 0 }, row);
      expect(absent).toEqual({ isApplied: false, current: undefined });
      expect(await contract.store.get(AGREED_ROWS, row)).toBeUndefined();
      await contract.store.put(AGREED_ROWS, row);
      for (const expected of [{ count: 4 }, { body: Uint8Array.of(1, 3) }, { count: 3, note: 'x' }]) {
        const result = await contract.store.compareAndSet(AGREED_ROWS, row, expected, { ...row, note: 'y' });
        expect(result).toEqual({ isApplied: false, current: row });
      }
      expect(await contract.store.get(AGREED_ROWS, row)).toEqual(row);
    });

    it('deletes when there is nothing to put', async () => {
      const head = { id: contract.name(), value: 1n, note: '' };
      await contract.store.put(HEADS, head);
      expect((await contract.store.compareAndSet(HEADS, head, { value: 2n }, undefined)).isApplied).toBe(
        false,
      );
      expect((await contract.store.compareAndSet(HEADS, head, { value: 1n }, undefined)).isApplied).toBe(
        true,
      );
      expect(await contract.store.get(HEADS, head)).toBeUndefined();
    });

    it('refuses to put another row than the one it looked at', async () => {
      const head = { id: contract.name(), value: 1n, note: '' };
      const other = { ...head, id: contract.name() };
      await expect(contract.store.compareAndSet(HEADS, head, undefined, other)).rejects.toEqual(refused);
      expect(await contract.store.get(HEADS, other)).toBeUndefined();
    });

    it('is linearizable with puts and deletes', async () => {
      const key = { id: contract.name() };
      const head = (value: bigint) => ({ ...key, value, note: '' });
      for (let round = 0n; round < 20n; round++) {
        await contract.store.put(HEADS, head(round));
        const next = await contract.store.compareAndSet(HEADS, key, { value: round }, head(round + 100n));
        expect(next).toEqual({ isApplied: true, current: head(round) });
        expect(await contract.store.get(HEADS, key)).toEqual(head(round + 100n));
        await contract.store.delete(HEADS, key);
        expect(await contract.store.get(HEADS, key)).toBeUndefined();
        await contract.store.batch([put(HEADS, head(round + 200n))]);
        await contract.store.writeAll([put(HEADS, head(round + 300n))]);
        const last = await contract.store.compareAndSet(HEADS, key, head(round + 300n), undefined);
        expect(last.isApplied).toBe(true);
        const absent = await contract.store.compareAndSet(HEADS, key, undefined, undefined);
        expect(absent).toEqual({ isApplied: true, current: undefined });
      }
    });

    it('is for conditional tables only', async () => {
      const row = rowOf(contract.owner());
      await expect(contract.store.compareAndSet(ROWS, row, undefined, row)).rejects.toEqual(refused);
      expect(await contract.store.get(ROWS, row)).toBeUndefined();
    });

    it('lets one of many win', async () => {
      const key = { id: contract.name() };
      const attempts = Array.from({ length: 50 }, (_, i) =>
        contract.store.compareAndSet(HEADS, key, undefined, { ...key, value: BigInt(i), note: '' }),
      );
      const results = await Promise.all(attempts);
      const winners = results.flatMap((result, i) => (result.isApplied ? [i] : []));
      expect(winners).toHaveLength(1);
      expect((await contract.store.get(HEADS, key))?.value).toBe(BigInt(winners[0]!));
    });

    it('loses no update when many count at once', async () => {
      const key = { id: contract.name() };
      await contract.store.put(HEADS, { ...key, value: 0n, note: '' });
      const increment = async (): Promise<void> => {
        for (let value = 0n; ; ) {
          const next = { ...key, value: value + 1n, note: '' };
          const result = await contract.store.compareAndSet(HEADS, key, { value }, next);
          if (result.isApplied) return;
          value = result.current!.value;
        }
      };
      await Promise.all(Array.from({ length: 12 }, increment));
      expect((await contract.store.get(HEADS, key))?.value).toBe(12n);
      await contract.reopen();
      expect((await contract.store.get(HEADS, key))?.value).toBe(12n);
    });
  });

  describe('a versioned table', () => {
    const noteOf = async (id: string, part = 0) => (await contract.store.get(VERSIONED, { id, part }))?.note;
    const write = (id: string, version: bigint, part = 0) =>
      contract.store.put(VERSIONED, { id, part, note: `v${version}` }, version);

    it('ends with the highest version, whatever the order of arrival', async () => {
      const orders = [
        [1n, 2n, 3n],
        [3n, 2n, 1n],
        [2n, 3n, 1n],
        [1n, 3n, 2n],
      ];
      for (const order of orders) {
        const id = contract.name();
        for (const version of order) await write(id, version);
        expect(await noteOf(id)).toBe('v3');
      }
    });

    it('takes the same row of an equal version as often as it comes', async () => {
      const id = contract.name();
      for (let round = 0; round < 3; round++) await write(id, 5n);
      await write(id, 4n);
      expect(await noteOf(id)).toBe('v5');
    });

    it('can be deleted from, and put to again with a higher version', async () => {
      const id = contract.name();
      await contract.store.delete(VERSIONED, { id, part: 0 });
      for (const version of [3n, 2n ** 62n]) {
        await write(id, version);
        await write(id, version, 1);
        await contract.store.delete(VERSIONED, { id, part: 0 });
        expect(await noteOf(id)).toBeUndefined();
        await contract.store.batch([
          remove(VERSIONED, { id, part: 1 }),
          put(VERSIONED, { id, part: 0, note: 'again' }, version + 1n),
        ]);
        expect([await noteOf(id), await noteOf(id, 1)]).toEqual(['again', undefined]);
        await contract.store.writeAll([remove(VERSIONED, { id, part: 0 })]);
        expect(await noteOf(id)).toBeUndefined();
      }
    });

    it('is not brought back by a late put after a delete, over a restart too', async () => {
      const id = contract.name();
      const all = () => contract.store.scan(VERSIONED, { id }, { limit: 10 });
      for (const part of [0, 1, 2, 3]) await write(id, 5n, part);
      // One by one, in a batch, and among others, below what is there and above it.
      await contract.store.delete(VERSIONED, { id, part: 0 });
      await contract.store.batch([
        put(VERSIONED, { id, part: 1, note: 'v4' }, 4n),
        remove(VERSIONED, { id, part: 1 }),
      ]);
      await contract.store.writeAll([
        put(VERSIONED, { id, part: 2, note: 'v6' }, 6n),
        remove(VERSIONED, { id, part: 2 }),
      ]);
      await contract.store.batch([
        remove(VERSIONED, { id, part: 3 }),
        put(VERSIONED, { id, part: 3, note: 'v5' }, 5n),
      ]);
      expect((await all()).rows).toEqual([]);
      await contract.reopen();
      for (const part of [0, 1, 2, 3]) {
        await contract.store.delete(VERSIONED, { id, part });
        for (const version of [3n, 5n]) await write(id, version, part);
      }
      await write(id, 6n, 2);
      expect((await all()).rows).toEqual([]);
      expect(await noteOf(id)).toBeUndefined();
      expect(await contract.store.getMany(VERSIONED, [{ id, part: 1 }])).toEqual([undefined]);
      await write(id, 6n);
      await write(id, 7n, 2);
      expect([await noteOf(id), await noteOf(id, 2)]).toEqual(['v6', 'v7']);
      const page = await contract.store.scan(VERSIONED, { id }, { limit: 2 });
      expect(page.rows.map(({ part }) => part)).toEqual([0, 2]);
    });

    it('keeps nothing of a delete that finds no row', async () => {
      const id = contract.name();
      await contract.store.delete(VERSIONED, { id, part: 0 });
      await write(id, 0n);
      expect(await noteOf(id)).toBe('v0');
    });

    it('ends with the highest version when all are written at once, one by one or together', async () => {
      const id = contract.name();
      const versions = Array.from({ length: 40 }, (_, i) => BigInt(((i * 17) % 40) + 1));
      await Promise.all(versions.map((version) => write(id, version)));
      expect(await noteOf(id)).toBe('v40');
      const writes = versions.map((version) => put(VERSIONED, { id, part: 1, note: `v${version}` }, version));
      await contract.store.writeAll(writes);
      expect(await noteOf(id, 1)).toBe('v40');
      await contract.store.batch(writes);
      expect(await noteOf(id, 1)).toBe('v40');
    });

    it('decides row by row within a batch', async () => {
      const id = contract.name();
      await write(id, 5n, 1);
      await contract.store.batch([
        put(VERSIONED, { id, part: 1, note: 'old' }, 4n),
        put(VERSIONED, { id, part: 2, note: 'new' }, 4n),
      ]);
      expect([await noteOf(id, 1), await noteOf(id, 2)]).toEqual(['v5', 'new']);
    });

    it('remembers versions over a restart, the largest too', async () => {
      const id = contract.name();
      await write(id, 2n ** 63n - 1n);
      await contract.reopen();
      await write(id, 7n);
      expect(await noteOf(id)).toBe(`v${2n ** 63n - 1n}`);
    });

    it('needs a version with every put, and other tables take none', async () => {
      const row = { id: contract.name(), part: 0, note: '' };
      const head = { id: contract.name(), value: 1n, note: '' };
      await expect(contract.store.put(VERSIONED, row)).rejects.toEqual(refused);
      await expect(contract.store.put(VERSIONED, row, -1n)).rejects.toEqual(refused);
      await expect(contract.store.put(HEADS, head, 1n)).rejects.toEqual(refused);
      await expect(contract.store.compareAndSet(VERSIONED, row, undefined, row)).rejects.toEqual(refused);
      expect(await contract.store.get(VERSIONED, row)).toBeUndefined();
      expect(await contract.store.get(HEADS, head)).toBeUndefined();
    });
  });
}
