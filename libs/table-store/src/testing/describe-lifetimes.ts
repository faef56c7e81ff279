import { put } from '../table-store.js';
import { type ContractStore, ENDING, ENDING_CLAIMS } from './contract-store.js';

const LIFE_MS = 3_000;

/** Rows that vanish after a time. */
export function describeLifetimes(contract: ContractStore): void {
  describe('a row with a lifetime', () => {
    const row = (id: string, seq = 0, note = 'n') => ({ id, seq, note });

    it('is there until its time has come, and gone then, for every kind of read', async () => {
      const id = contract.name();
      await contract.store.put(ENDING, row(id));
      await contract.advance(LIFE_MS - 1_500);
      expect(await contract.store.get(ENDING, row(id))).toEqual(row(id));
      await contract.advance(2_000);
      expect(await contract.store.get(ENDING, row(id))).toBeUndefined();
      expect(await contract.store.getMany(ENDING, [row(id)])).toEqual([undefined]);
      expect((await contract.store.scan(ENDING, { id }, { limit: 10 })).rows).toEqual([]);
    });

    it('lives on from its last put', async () => {
      const id = contract.name();
      await contract.store.put(ENDING, row(id));
      await contract.advance(2_000);
      await contract.store.put(ENDING, row(id, 0, 'again'));
      await contract.advance(1_500);
      expect(await contract.store.get(ENDING, row(id))).toEqual(row(id, 0, 'again'));
      await contract.advance(2_000);
      expect(await contract.store.get(ENDING, row(id))).toBeUndefined();
    });

    it('does not take the place of a living one in a page', async () => {
      const id = contract.name();
      const early = Array.from({ length: 30 }, (_, seq) => row(id, seq * 2));
      await contract.store.batch(early.map((it) => put(ENDING, it)));
      await contract.advance(2_000);
      const late = Array.from({ length: 30 }, (_, i) => row(id, i * 2 + 1));
      await contract.store.writeAll(late.map((it) => put(ENDING, it)));
      await contract.advance(1_500);
      for (const isReverse of [false, true]) {
        const found: (typeof late)[number][] = [];
        let cursor: string | undefined;
        do {
          const page = await contract.store.scan(
            ENDING,
            { id },
            { limit: 7, isReverse, ...(cursor && { cursor }) },
          );
          found.push(...page.rows);
          cursor = page.cursor;
        } while (cursor);
        expect(found).toEqual(isReverse ? [...late].reverse() : late);
      }
    });

    it('counts as absent for compareAndSet when its time has come', async () => {
      const id = contract.name();
      const claim = (note: string) =>
        contract.store.compareAndSet(ENDING_CLAIMS, row(id), undefined, row(id, 0, note));
      expect((await claim('first')).isApplied).toBe(true);
      expect(await claim('other')).toEqual({ isApplied: false, current: row(id, 0, 'first') });
      await contract.advance(LIFE_MS + 500);
      expect(await claim('second')).toEqual({ isApplied: true, current: undefined });
      expect(await contract.store.get(ENDING_CLAIMS, row(id))).toEqual(row(id, 0, 'second'));
    });

    it('lives on from its last put by compareAndSet as well', async () => {
      const id = contract.name();
      await contract.store.put(ENDING_CLAIMS, row(id));
      await contract.advance(2_000);
      const renewed = await contract.store.compareAndSet(
        ENDING_CLAIMS,
        row(id),
        row(id),
        row(id, 0, 'again'),
      );
      expect(renewed.isApplied).toBe(true);
      await contract.advance(1_500);
      expect(await contract.store.get(ENDING_CLAIMS, row(id))).toEqual(row(id, 0, 'again'));
      await contract.advance(2_000);
      expect(await contract.store.get(ENDING_CLAIMS, row(id))).toBeUndefined();
    });

    it('ends at the same time when the process restarts meanwhile', async () => {
      const id = contract.name();
      await contract.store.put(ENDING, row(id));
      await contract.reopen();
      expect(await contract.store.get(ENDING, row(id))).toEqual(row(id));
      await contract.advance(LIFE_MS + 500);
      expect(await contract.store.get(ENDING, row(id))).toBeUndefined();
    });
  });
}
