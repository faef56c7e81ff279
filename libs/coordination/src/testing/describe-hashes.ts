import { HASHES_PER_READ_MAX, MEMBERS_MAX, VALUE_BYTES_MAX } from '../limits.js';
import { type ContractSpace, LONG_MS, TTL_MS } from './coordination-fixture.js';
import { expectMistake, expectOverloaded } from './expectations.js';

const fieldsOf = (count: number, from = 0): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${from + at}`, 'v']));

export function describeHashes(space: ContractSpace): void {
  describe('hashes', () => describeOneHash(space));
  describe('hashGetMany', () => describeHashGetMany(space));
}

function describeOneHash(space: ContractSpace): void {
  it('are empty when absent', async () => {
    expect(await space.one.hashGetAll(space.name())).toEqual({});
  });

  it('take and change single fields', async () => {
    const key = space.name();
    await space.one.hashSet(key, { a: '1', b: '2' });
    await space.other.hashSet(key, { b: '3', c: '' });
    expect(await space.one.hashGetAll(key)).toEqual({ a: '1', b: '3', c: '' });
    await space.other.hashDelete(key, ['a', 'unknown']);
    expect(await space.one.hashGetAll(key)).toEqual({ b: '3', c: '' });
  });

  it('take any text as a field or a value', async () => {
    const key = space.name();
    const fields = Object.fromEntries([
      ['', 'empty name'],
      ['\u4f60 \n', '\u{1f600}'],
      ['__proto__', 'a name like any other'],
      ['constructor', 'too'],
    ]);
    await space.one.hashSet(key, fields);
    const stored = await space.one.hashGetAll(key);
    expect(Object.entries(stored).sort()).toEqual(Object.entries(fields).sort());
  });

  it('do not come into being by nothing', async () => {
    const key = space.name();
    await space.one.hashSet(key, {});
    await space.one.hashDelete(key, ['a']);
    await space.one.hashDelete(key, []);
    expect(await space.one.hashGetAll(key)).toEqual({});
    await space.one.set(key, 'free for another kind');
  });

  it('end with their last field', async () => {
    const key = space.name();
    await space.one.hashSet(key, { a: '1', b: '2' });
    await space.one.hashDelete(key, ['a', 'b']);
    expect(await space.one.hashGetAll(key)).toEqual({});
    await space.one.set(key, 'free for another kind');
  });

  it('end by delete, not by time', async () => {
    const key = space.name();
    await space.one.hashSet(key, { a: '1' });
    await space.advance(2 * TTL_MS);
    expect(await space.one.hashGetAll(key)).toEqual({ a: '1' });
    await space.one.delete(key);
    expect(await space.one.hashGetAll(key)).toEqual({});
  });

  it('answer a copy', async () => {
    const key = space.name();
    await space.one.hashSet(key, { a: '1' });
    const first = await space.one.hashGetAll(key);
    await space.one.hashSet(key, { a: '2', b: '2' });
    expect(first).toEqual({ a: '1' });
  });

  it('write all fields of a call or none', async () => {
    const key = space.name();
    await expectMistake(space.one.hashSet(key, { a: '1', b: 'v'.repeat(VALUE_BYTES_MAX + 1) }));
    expect(await space.one.hashGetAll(key)).toEqual({});
  });

  it('lose no field to writers at once', async () => {
    const key = space.name();
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 ? space.one : space.other).hashSet(key, { [`f${at}`]: `${at}` }),
      ),
    );
    expect(Object.keys(await space.one.hashGetAll(key))).toHaveLength(40);
  });

  it('hold 10,000 fields; beyond that the whole call is refused', async () => {
    const key = space.name();
    await expectOverloaded(space.one.hashSet(key, fieldsOf(MEMBERS_MAX + 1)));
    expect(await space.one.hashGetAll(key)).toEqual({});
    await space.one.hashSet(key, fieldsOf(MEMBERS_MAX - 1));
    await expectOverloaded(space.one.hashSet(key, fieldsOf(2, MEMBERS_MAX)));
    await space.one.hashSet(key, fieldsOf(1, MEMBERS_MAX));
    expect(Object.keys(await space.one.hashGetAll(key))).toHaveLength(MEMBERS_MAX);
    await space.one.hashSet(key, { f0: 'changed' });
    expect((await space.one.hashGetAll(key)).f0).toBe('changed');
    await space.one.delete(key);
  });
}

function describeHashGetMany(space: ContractSpace): void {
  it('answers in the order asked, absent ones empty, twice what was asked twice', async () => {
    const [a, b, absent] = [space.name(), space.name(), space.name()];
    await space.one.hashSet(a, { name: 'a' });
    await space.one.hashSet(b, { name: 'b' });
    expect(await space.other.hashGetMany([b, absent, a, b])).toEqual([
      { name: 'b' },
      {},
      { name: 'a' },
      { name: 'b' },
    ]);
    expect(await space.one.hashGetMany([])).toEqual([]);
  });

  it('reads keys of different tags', async () => {
    const [a, b] = [`h:{${space.name()}}`, `h:{${space.name()}}`];
    await space.one.hashSet(a, { name: 'a' });
    await space.one.hashSet(b, { name: 'b' });
    expect(await space.one.hashGetMany([a, b])).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('reads 1,000 at once and refuses more', async () => {
    const key = space.name();
    await space.one.hashSet(key, { a: '1' });
    const keys = Array.from({ length: HASHES_PER_READ_MAX }, (_, at) => (at === 700 ? key : `${key}:${at}`));
    const hashes = await space.one.hashGetMany(keys);
    expect(hashes).toHaveLength(HASHES_PER_READ_MAX);
    expect(hashes.findIndex((hash) => hash.a === '1')).toBe(700);
    await expectMistake(space.one.hashGetMany([...keys, key]));
  });

  it('is refused as a whole when one key holds another kind', async () => {
    const [hash, value] = [space.name(), space.name()];
    await space.one.hashSet(hash, { a: '1' });
    await space.one.set(value, 'v', LONG_MS);
    await expectMistake(space.one.hashGetMany([hash, value]));
  });
}
