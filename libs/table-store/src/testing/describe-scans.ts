import { SCAN_ROWS_MAX } from '../limits.js';
import { put, type ScanOptions } from '../table-store.js';
import {
  type ContractRow,
  type ContractStore,
  HEADS,
  type Owner,
  ROWS,
  rowOf,
  seededNumbers,
} from './contract-store.js';
import { refused } from './expectations.js';

type Options = ScanOptions<typeof ROWS>;
type Position = { readonly kind: string; readonly seq: bigint };

const KINDS = ['', '\0', 'a', 'a\0', 'a\0b', 'ab', 'b', 'é', '漢', '\uffff', '🙂'];

const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const byKey = (a: Position, b: Position): number =>
  byteOrder(a.kind, b.kind) || (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0);

/** Where the row stands against a bound that may name only the first column. */
function compareToBound(row: ContractRow, bound: NonNullable<Options['from']>): number {
  if (bound.kind === undefined) return 0;
  const order = byteOrder(row.kind, bound.kind);
  if (order !== 0 || bound.seq === undefined) return order;
  return row.seq < bound.seq ? -1 : row.seq > bound.seq ? 1 : 0;
}

/** What a scan of all rows must find, page size apart. */
function model(rows: readonly ContractRow[], options: Options): ContractRow[] {
  const { from, to } = options;
  const found = [...rows].sort(byKey).filter((row) => {
    const low = from ? compareToBound(row, from) : 1;
    const high = to ? compareToBound(row, to) : -1;
    return (
      (options.isFromExclusive && from ? low > 0 : low >= 0) &&
      (options.isToExclusive && to ? high < 0 : high <= 0)
    );
  });
  return options.isReverse ? found.reverse() : found;
}

async function fill(
  contract: ContractStore,
  owner: Owner,
  positions: readonly Position[],
): Promise<ContractRow[]> {
  const rows = positions.map((position, i) => rowOf(owner, { ...position, count: i }));
  await contract.store.writeAll(rows.map((row) => put(ROWS, row)));
  return rows;
}

const numbered = (count: number): Position[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'k', seq: BigInt(i * 2) }));

/** Order, bounds, pages. */
export function describeScans(contract: ContractStore): void {
  describe('a scan', () => {
    it('orders text by its UTF-8 bytes and numbers by size', async () => {
      const owner = contract.owner();
      const seqs = [0n, 1n, 255n, 256n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n];
      const positions = KINDS.flatMap((kind) => seqs.map((seq) => ({ kind, seq })));
      const rows = await fill(contract, owner, [...positions].reverse());
      expect(await contract.scanAll(owner, { limit: 1_000 })).toEqual(model(rows, { limit: 1 }));
      expect(await contract.scanAll(owner, { limit: 1_000, isReverse: true })).toEqual(
        model(rows, { limit: 1, isReverse: true }),
      );
    });

    it('sees the rows of its partition and no others', async () => {
      const owner = contract.owner();
      const near: Owner[] = [
        { app_id: 1, owner: `${owner.owner}\0` },
        { app_id: 1, owner: `${owner.owner}a` },
        { app_id: 1, owner: owner.owner.slice(0, -1) },
        { app_id: 2, owner: owner.owner },
      ];
      for (const other of near) await fill(contract, other, numbered(2));
      const rows = await fill(contract, owner, numbered(3));
      expect(await contract.scanAll(owner, { limit: 100 })).toEqual(rows);
      expect(await contract.scanAll({ app_id: 1, owner: contract.name() }, { limit: 100 })).toEqual([]);
    });

    it('keeps to its bounds, on whole keys and on prefixes, both ways', async () => {
      const owner = contract.owner();
      const positions = ['a', 'b', 'c'].flatMap((kind) => [1n, 2n, 3n].map((seq) => ({ kind, seq })));
      const rows = await fill(contract, owner, positions);
      const bounds: NonNullable<Options['from']>[] = [
        {},
        { kind: 'b' },
        { kind: 'bb' },
        { kind: 'b', seq: 2n },
        { kind: 'a', seq: 3n },
        { kind: 'c', seq: 9n },
      ];
      for (const from of bounds) {
        for (const to of bounds) {
          for (const flags of [0, 1, 2, 3, 4, 5, 6, 7]) {
            const options: Options = {
              limit: 100,
              ...(Object.keys(from).length > 0 && { from }),
              ...(Object.keys(to).length > 0 && { to }),
              isFromExclusive: (flags & 1) !== 0,
              isToExclusive: (flags & 2) !== 0,
              isReverse: (flags & 4) !== 0,
            };
            expect({ options, rows: await contract.scanAll(owner, options) }).toEqual({
              options,
              rows: model(rows, options),
            });
          }
        }
      }
    });

    it('takes pages of any size with bounds, as the whole would come', async () => {
      const owner = contract.owner();
      const random = seededNumbers(7);
      const position = (): Position => ({ kind: KINDS[random(KINDS.length)]!, seq: BigInt(random(6)) });
      const unique = new Map(Array.from({ length: 60 }, position).map((it) => [`${it.kind}/${it.seq}`, it]));
      const rows = await fill(contract, owner, [...unique.values()]);
      for (let round = 0; round < 60; round++) {
        const options: Options = {
          limit: 1 + random(7),
          ...(random(2) > 0 && { from: random(2) > 0 ? position() : { kind: position().kind } }),
          ...(random(2) > 0 && { to: random(2) > 0 ? position() : { kind: position().kind } }),
          isFromExclusive: random(2) > 0,
          isToExclusive: random(2) > 0,
          isReverse: random(2) > 0,
        };
        expect(await contract.scanAll(owner, options)).toEqual(model(rows, options));
      }
    });

    it('gives each row once while rows come and go between its pages', async () => {
      for (const isReverse of [false, true]) {
        const owner = contract.owner();
        const rows = await fill(contract, owner, numbered(20));
        const seen: bigint[] = [];
        let cursor: string | undefined;
        do {
          const page = await contract.store.scan(ROWS, owner, {
            limit: 4,
            isReverse,
            ...(cursor && { cursor }),
          });
          seen.push(...page.rows.map((row) => row.seq));
          cursor = page.cursor;
          const last = page.rows.at(-1);
          if (!last) break;
          // The row where the page ended goes; new ones come on both sides of it.
          await contract.store.delete(ROWS, last);
          await fill(contract, owner, [
            { kind: 'k', seq: last.seq + 1n },
            ...(last.seq > 0n ? [{ kind: 'k', seq: last.seq - 1n }] : []),
          ]);
        } while (cursor);
        expect(new Set(seen).size).toBe(seen.length);
        const old = rows.map((row) => row.seq);
        expect(seen.filter((seq) => old.includes(seq))).toEqual(isReverse ? old.reverse() : old);
      }
    });

    it('goes on after a restart', async () => {
      const owner = contract.owner();
      const rows = await fill(contract, owner, numbered(5));
      const { rows: first, cursor } = await contract.store.scan(ROWS, owner, { limit: 2 });
      await contract.reopen();
      const { rows: rest } = await contract.store.scan(ROWS, owner, { limit: 10, cursor: cursor! });
      expect([...first, ...rest]).toEqual(rows);
    });

    it('works where a partition is one row', async () => {
      const head = { id: contract.name(), value: 4n, note: 'x' };
      await contract.store.put(HEADS, head);
      const page = await contract.store.scan(HEADS, { id: head.id }, { limit: 1 });
      expect(page.rows).toEqual([head]);
      if (page.cursor !== undefined) {
        const next = await contract.store.scan(HEADS, { id: head.id }, { limit: 1, cursor: page.cursor });
        expect(next).toEqual({ rows: [] });
      }
    });

    it('refuses limits, bounds and cursors that mean nothing', async () => {
      const owner = contract.owner();
      for (const limit of [0, -1, 1.5, SCAN_ROWS_MAX + 1, Number.NaN]) {
        await expect(contract.store.scan(ROWS, owner, { limit })).rejects.toEqual(refused);
      }
      await expect(contract.store.scan(ROWS, owner, { limit: 1, from: { seq: 1n } })).rejects.toEqual(
        refused,
      );
      for (const cursor of ['', 'nonsense?', '1!', `1${'A'.repeat(5_000)}`]) {
        await expect(contract.store.scan(ROWS, owner, { limit: 1, cursor })).rejects.toEqual(refused);
      }
      expect(await contract.store.scan(ROWS, owner, { limit: SCAN_ROWS_MAX })).toEqual({ rows: [] });
    });

    it('cannot be led out of its partition by the cursor of another', async () => {
      const owner = contract.owner();
      const other = contract.owner();
      await fill(contract, other, numbered(4));
      const rows = await fill(contract, owner, numbered(2));
      const { cursor } = await contract.store.scan(ROWS, other, { limit: 1 });
      const page = await contract.store.scan(ROWS, owner, { limit: 10, cursor: cursor! });
      expect(rows).toEqual(expect.arrayContaining(page.rows));
    });
  });
}
