import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../limits.js';
import { type ContractSpace, LONG_MS, STEP_MS, TTL_MS } from './coordination-fixture.js';
import { expectMistake } from './expectations.js';

export function describeValues(space: ContractSpace): void {
  describe('values', () => describeGetAndSet(space));
  describe('putIfAbsent', () => describePutIfAbsent(space));
  describe('replace', () => describeReplace(space));
  describe('sizes and times', () => describeLimits(space));
}

function describeGetAndSet(space: ContractSpace): void {
  it('are absent, present, other, absent', async () => {
    const key = space.name();
    expect(await space.one.get(key)).toBeUndefined();
    await space.one.set(key, 'a');
    expect(await space.other.get(key)).toBe('a');
    await space.other.set(key, 'b');
    expect(await space.one.get(key)).toBe('b');
    await space.one.delete(key);
    expect(await space.other.get(key)).toBeUndefined();
    await space.one.delete(key);
  });

  it.each(['', ' ', 'line\nfeed', 'nul\u0000', '\u4f60\u597d \u{1f600}', '007', '{"a":1}'])(
    'come back as they were: %j',
    async (value) => {
      const key = space.name();
      await space.one.set(key, value);
      expect(await space.one.get(key)).toBe(value);
    },
  );

  it('have keys of any text', async () => {
    const run = space.name();
    const keys = [`${run} blank`, `${run}\n`, `${run}{`, `${run}{}`, `${run}\u4f60`, `${run}*?[a]`];
    await Promise.all(keys.map((key, at) => space.one.set(key, `v${at}`)));
    expect(await Promise.all(keys.map((key) => space.one.get(key)))).toEqual(keys.map((_, at) => `v${at}`));
  });

  it('end after their time to live, not before', async () => {
    const key = space.name();
    await space.one.set(key, 'v', TTL_MS);
    await space.advance(STEP_MS);
    expect(await space.one.get(key)).toBe('v');
    await space.advance(TTL_MS);
    expect(await space.one.get(key)).toBeUndefined();
  });

  it('live anew when they are set again, for ever without a time to live', async () => {
    const [renewed, kept, shortened] = [space.name(), space.name(), space.name()];
    await space.one.set(renewed, 'a', TTL_MS);
    await space.one.set(kept, 'a', TTL_MS);
    await space.one.set(shortened, 'a');
    await space.one.set(renewed, 'b', LONG_MS);
    await space.one.set(kept, 'b');
    await space.one.set(shortened, 'b', TTL_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.get(renewed)).toBe('b');
    expect(await space.one.get(kept)).toBe('b');
    expect(await space.one.get(shortened)).toBeUndefined();
  });

  it('of another kind are a mistake, and stay what they are', async () => {
    const [value, hash] = [space.name(), space.name()];
    await space.one.set(value, 'v');
    await space.one.hashSet(hash, { f: 'v' });
    await expectMistake(space.one.get(hash));
    await expectMistake(space.one.hashGetAll(value));
    await expectMistake(space.one.hashSet(value, { f: 'v' }));
    await expectMistake(space.one.setAdd(value, ['m'], LONG_MS));
    await expectMistake(space.one.setHas(hash, ['m']));
    expect(await space.one.get(value)).toBe('v');
    expect(await space.one.hashGetAll(hash)).toEqual({ f: 'v' });
    await space.one.delete(hash);
    await space.one.set(hash, 'now a value');
    expect(await space.one.get(hash)).toBe('now a value');
  });
}

function describePutIfAbsent(space: ContractSpace): void {
  it('stores when there is none, and answers what stands', async () => {
    const key = space.name();
    expect(await space.one.putIfAbsent(key, 'first')).toBe('first');
    expect(await space.other.putIfAbsent(key, 'second')).toBe('first');
    expect(await space.one.get(key)).toBe('first');
  });

  it('counts an empty value as a value', async () => {
    const key = space.name();
    await space.one.set(key, '');
    expect(await space.one.putIfAbsent(key, 'v')).toBe('');
  });

  it('lets exactly one of many win', async () => {
    const key = space.name();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => (at % 2 ? space.one : space.other).putIfAbsent(key, `v${at}`)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(await space.one.get(key)).toBe(answers[0]);
  });

  it('expires what it stored, and does not prolong what it found', async () => {
    const key = space.name();
    await space.one.putIfAbsent(key, 'a', TTL_MS);
    await space.advance(STEP_MS);
    expect(await space.one.putIfAbsent(key, 'b', LONG_MS)).toBe('a');
    await space.advance(TTL_MS);
    expect(await space.one.putIfAbsent(key, 'c', LONG_MS)).toBe('c');
  });
}

function describeReplace(space: ContractSpace): void {
  it('replaces what it expects and nothing else', async () => {
    const key = space.name();
    expect(await space.one.replace(key, 'a', 'b', LONG_MS)).toBe(false);
    expect(await space.one.get(key)).toBeUndefined();
    await space.one.set(key, 'a');
    expect(await space.one.replace(key, 'x', 'b', LONG_MS)).toBe(false);
    expect(await space.one.replace(key, undefined, 'b', LONG_MS)).toBe(false);
    expect(await space.one.get(key)).toBe('a');
    expect(await space.one.replace(key, 'a', 'b', LONG_MS)).toBe(true);
    expect(await space.one.get(key)).toBe('b');
  });

  it('takes an absent value for absent, an empty one for empty', async () => {
    const [absent, empty] = [space.name(), space.name()];
    await space.one.set(empty, '');
    expect(await space.one.replace(absent, '', 'v', LONG_MS)).toBe(false);
    expect(await space.one.replace(empty, undefined, 'v', LONG_MS)).toBe(false);
    expect(await space.one.replace(absent, undefined, 'v', LONG_MS)).toBe(true);
    expect(await space.one.replace(empty, '', 'v', LONG_MS)).toBe(true);
  });

  it('sets the expiry anew', async () => {
    const [shorter, longer] = [space.name(), space.name()];
    await space.one.set(shorter, 'a', LONG_MS);
    await space.one.set(longer, 'a', TTL_MS);
    await space.one.replace(shorter, 'a', 'b', TTL_MS);
    await space.one.replace(longer, 'a', 'b', LONG_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.get(shorter)).toBeUndefined();
    expect(await space.one.get(longer)).toBe('b');
  });

  it('finds an expired value absent', async () => {
    const key = space.name();
    await space.one.set(key, 'a', TTL_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.replace(key, 'a', 'b', LONG_MS)).toBe(false);
    expect(await space.one.replace(key, undefined, 'c', LONG_MS)).toBe(true);
  });

  it('lets exactly one of many win', async () => {
    const key = space.name();
    await space.one.set(key, 'start');
    const won = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        (at % 2 ? space.one : space.other).replace(key, 'start', `v${at}`, LONG_MS),
      ),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await space.one.get(key)).toBe(`v${won.indexOf(true)}`);
  });
}

function describeLimits(space: ContractSpace): void {
  // Three bytes each in UTF-8: characters are not what is counted.
  const wide = '\u4f60';

  it('take keys and values of 4 KiB', async () => {
    const key = space.name().padEnd(KEY_BYTES_MAX, 'k');
    const value = 'v'.repeat(VALUE_BYTES_MAX);
    await space.one.set(key, value, LONG_MS);
    expect(await space.one.get(key)).toBe(value);
    await space.one.delete(key);
  });

  it('refuse larger ones and empty keys; nothing is stored', async () => {
    const key = space.name();
    const long = 'v'.repeat(VALUE_BYTES_MAX + 1);
    await expectMistake(space.one.set(key, long));
    await expectMistake(space.one.set(key, wide.repeat(VALUE_BYTES_MAX / 3 + 1)));
    await expectMistake(space.one.putIfAbsent(key, long));
    await expectMistake(space.one.replace(key, undefined, long, LONG_MS));
    expect(await space.one.get(key)).toBeUndefined();
    for (const bad of ['', key.padEnd(KEY_BYTES_MAX + 1, 'k'), wide.repeat(KEY_BYTES_MAX / 3 + 1)]) {
      await expectMistake(space.one.get(bad));
      await expectMistake(space.one.set(bad, 'v'));
      await expectMistake(space.one.delete(bad));
      await expectMistake(space.one.hashGetMany([key, bad]));
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuse a time to live of %p',
    async (ttlMs) => {
      const key = space.name();
      await expectMistake(space.one.set(key, 'v', ttlMs));
      await expectMistake(space.one.putIfAbsent(key, 'v', ttlMs));
      await expectMistake(space.one.replace(key, undefined, 'v', ttlMs));
      await expectMistake(space.one.setAdd(key, ['m'], ttlMs));
      await expectMistake(space.one.countInWindow(key, 1, ttlMs));
      expect(await space.one.get(key)).toBeUndefined();
    },
  );
}
