import { ErrorCode } from '@parley/kernel';
import fc from 'fast-check';
import { defineTable } from '../table.js';
import { CassandraTable } from './cassandra-table.js';
import { decodeCursor, encodeCursor } from './scan-cursor.js';

const table = new CassandraTable(
  'k',
  defineTable({
    name: 't',
    partition: { p: 'u32' },
    clustering: { kind: 'text', at: 'u32', seq: 'u64' },
    columns: {},
  }),
  [],
);
const refused = expect.objectContaining({ code: ErrorCode.INTERNAL });

describe('cursors of scans', () => {
  it('hold any key', () => {
    const keys = fc.record({
      kind: fc.string({ unit: 'grapheme', maxLength: 40 }),
      at: fc.nat(0xffff_ffff),
      seq: fc.bigInt(0n, 2n ** 63n - 1n),
    });
    fc.assert(fc.property(keys, (key) => expect(decodeCursor(table, encodeCursor(table, key))).toEqual(key)));
    const longest = { kind: '\u0001'.repeat(1_480), at: 1, seq: 1n };
    expect(decodeCursor(table, encodeCursor(table, longest))).toEqual(longest);
  });

  it('are refused when they are not what a scan gave', () => {
    const forge = (value: unknown): string => `c${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
    const bad: unknown[] = [
      [],
      ['a', 1],
      ['a', 1, '1', 2],
      { kind: 'a' },
      null,
      7,
      ['a', -1, '1'],
      ['a', '1', '1'],
      [1, 1, '1'],
      ['a', 1, '-1'],
      ['a', 1, 'x'],
      ['a', 1, `${2n ** 63n}`],
      ['a'.repeat(1_600), 1, '1'],
    ];
    for (const value of bad) expect(() => decodeCursor(table, forge(value))).toThrow(refused);
    for (const text of ['', 'c', 'c!', '1AAAA', `c${'A'.repeat(20_000)}`, 'cAAAA']) {
      expect(() => decodeCursor(table, text)).toThrow(refused);
    }
  });
});
