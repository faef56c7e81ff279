import fc from 'fast-check';
import type { StoredColumn } from '../table-catalog.js';
import { isExpired, RowCodec, readHeader } from './row-codec.js';

const COLUMNS: StoredColumn[] = [
  { name: 'note', type: 'text' },
  { name: 'body', type: 'bytes' },
  { name: 'count', type: 'u32' },
  { name: 'total', type: 'u64' },
  { name: 'flag', type: 'bool' },
];
const ALL = new Set(COLUMNS.map(({ name }) => name));
const codec = new RowCodec('t', COLUMNS, ALL);

const u64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const row = fc.record({
  note: fc.string({ unit: 'grapheme' }),
  body: fc.uint8Array({ maxLength: 300 }),
  count: fc.nat({ max: 0xffff_ffff }),
  total: u64,
  flag: fc.boolean(),
});
const header = fc.record({
  version: fc.option(u64, { nil: undefined }),
  expiresAtMs: fc.option(fc.nat({ max: 2 ** 48 - 1 }), { nil: undefined }),
});

function decode(with_: RowCodec, bytes: Buffer): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  with_.decodeInto(decoded, bytes);
  return decoded;
}

describe('encoded rows', () => {
  it('give their columns and their header back', () => {
    fc.assert(
      fc.property(row, header, (values, head) => {
        const bytes = codec.encode(values, head);
        expect(decode(codec, bytes)).toEqual(values);
        expect(readHeader(bytes)).toEqual(head);
      }),
    );
  });

  it('end at the moment that their header names', () => {
    fc.assert(
      fc.property(row, u64, fc.integer({ min: 1, max: 2 ** 47 }), (values, version, expiresAtMs) => {
        for (const bytes of [
          codec.encode(values, { expiresAtMs }),
          codec.encode(values, { version, expiresAtMs }),
        ]) {
          expect([isExpired(bytes, expiresAtMs - 1), isExpired(bytes, expiresAtMs)]).toEqual([false, true]);
        }
        expect(isExpired(codec.encode(values, { version }), Number.MAX_SAFE_INTEGER)).toBe(false);
      }),
    );
  });

  it('cost little more than their bytes', () => {
    const bytes = new RowCodec('t', [{ name: 'body', type: 'bytes' }], new Set(['body']));
    expect(bytes.encode({ body: new Uint8Array(100) }, {})).toHaveLength(103);
    expect(bytes.encode({ body: new Uint8Array(400) }, { version: 1n })).toHaveLength(412);
  });

  it('are read as zeros where a column was added later, and keep what a declaration no longer names', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 0, max: COLUMNS.length }), (values, known) => {
        const old = new RowCodec('t', COLUMNS.slice(0, known), ALL);
        const zeros = { note: '', body: new Uint8Array(0), count: 0, total: 0n, flag: false };
        const kept = Object.fromEntries(
          COLUMNS.slice(0, known).map(({ name }) => [name, values[name as 'note']]),
        );
        expect(decode(codec, old.encode(values, {}))).toEqual({ ...zeros, ...kept });
      }),
    );
    const narrow = new RowCodec('t', COLUMNS, new Set(['count']));
    const written = narrow.encode({ count: 7 }, {});
    expect(decode(narrow, written)).toEqual({ count: 7 });
    expect(decode(codec, written)).toMatchObject({ count: 7, note: '', flag: false });
  });
});
