import fc from 'fast-check';
import { defineTable } from '../table.js';
import { afterPrefix, KeyCodec, nextKey } from './key-codec.js';

const table = defineTable({
  name: 'keys',
  partition: { app: 'u32', name: 'text' },
  clustering: { word: 'text', seq: 'u64' },
  columns: {},
});
const codec = new KeyCodec(table);

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('\0', '\u00ff', 'a', 'é', '\uffff', '🙂'), maxLength: 5 }),
);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const key = fc.record({ app: fc.nat({ max: 0xffff_ffff }), name: text, word: text, seq: u64 });
type Key = typeof key extends fc.Arbitrary<infer T> ? T : never;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const bySize = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const byColumns = (a: Key, b: Key): number =>
  bySize(a.app, b.app) || byBytes(a.name, b.name) || byBytes(a.word, b.word) || bySize(a.seq, b.seq);

function decode(bytes: Buffer, partition: Key): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  codec.decodeInto(row, partition, bytes, codec.encodePartition(partition).length);
  return row;
}

describe('encoded keys', () => {
  it('order as their columns do', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(Buffer.compare(codec.encode(a), codec.encode(b)))).toBe(Math.sign(byColumns(a, b)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('order as their columns do when they share the first ones', () => {
    fc.assert(
      fc.property(key, text, u64, (a, word, seq) => {
        const b = { ...a, word, seq };
        expect(Math.sign(Buffer.compare(codec.encode(a), codec.encode(b)))).toBe(Math.sign(byColumns(a, b)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('give their columns back', () => {
    fc.assert(fc.property(key, (it) => expect(decode(codec.encode(it), it)).toEqual(it)));
  });

  it('begin with the bytes of their partition, and with no other partition', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const isSame = a.app === b.app && a.name === b.name;
        const prefix = codec.encodePartition(a);
        expect(codec.encode(b).subarray(0, prefix.length).equals(prefix)).toBe(isSame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lie between the bounds of their prefixes', () => {
    fc.assert(
      fc.property(key, (it) => {
        const bytes = codec.encode(it);
        const prefix = codec.encodePrefix(it, { word: it.word });
        expect(Buffer.compare(prefix, bytes)).toBeLessThanOrEqual(0);
        expect(Buffer.compare(bytes, afterPrefix(prefix) as Buffer)).toBeLessThan(0);
        expect(Buffer.compare(bytes, nextKey(bytes))).toBe(-1);
      }),
    );
  });

  it('may be 1,500 bytes long and no longer, counted as they are stored', () => {
    const of = (word: string) => ({ app: 1, name: '', word, seq: 1n });
    const fixed = codec.encode(of('')).length;
    expect(codec.encode(of('é'.repeat((1_500 - fixed) / 2)))).toHaveLength(1_500);
    expect(() => codec.encode(of('é'.repeat((1_500 - fixed) / 2 + 1)))).toThrow('at most 1500 bytes');
    expect(() => codec.encode(of('\0'.repeat((1_500 - fixed) / 2 + 1)))).toThrow('at most 1500 bytes');
  });
});

describe('afterPrefix', () => {
  it('carries, and finds nothing above bytes of ones', () => {
    expect(afterPrefix(Buffer.of(1, 2))).toEqual(Buffer.of(1, 3));
    expect(afterPrefix(Buffer.of(1, 0xff, 0xff))).toEqual(Buffer.of(2));
    expect(afterPrefix(Buffer.of(0xff))).toBeUndefined();
  });
});
