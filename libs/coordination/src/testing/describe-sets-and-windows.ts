import { MEMBERS_MAX, VALUE_BYTES_MAX } from '../limits.js';
import { type ContractSpace, LONG_MS, STEP_MS, TTL_MS } from './coordination-fixture.js';
import { expectMistake, expectOverloaded } from './expectations.js';

const membersOf = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `m${from + at}`);

export function describeSetsAndWindows(space: ContractSpace): void {
  describe('sets', () => describeSets(space));
  describe('countInWindow', () => describeWindows(space));
}

function describeSets(space: ContractSpace): void {
  it('answer in the order asked', async () => {
    const key = space.name();
    expect(await space.one.setHas(key, ['a', 'b'])).toEqual([false, false]);
    await space.one.setAdd(key, ['a', 'c', 'a'], LONG_MS);
    await space.other.setAdd(key, ['', '\u4f60 \n'], LONG_MS);
    expect(await space.other.setHas(key, ['c', 'b', 'a', '', 'c', '\u4f60 \n'])).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(await space.one.setHas(key, [])).toEqual([]);
  });

  it('live anew with every addition, known members included', async () => {
    const key = space.name();
    await space.one.setAdd(key, ['a'], TTL_MS);
    await space.advance(STEP_MS);
    await space.one.setAdd(key, ['a'], LONG_MS);
    await space.advance(TTL_MS);
    expect(await space.one.setHas(key, ['a'])).toEqual([true]);
    await space.one.setAdd(key, ['b'], TTL_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.setHas(key, ['a', 'b'])).toEqual([false, false]);
  });

  it('without a new member only live longer, and do not come into being', async () => {
    const [known, unknown] = [space.name(), space.name()];
    await space.one.setAdd(known, ['a'], TTL_MS);
    await space.one.setAdd(known, [], LONG_MS);
    await space.one.setAdd(unknown, [], LONG_MS);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.setHas(known, ['a'])).toEqual([true]);
    await space.one.set(unknown, 'free for another kind');
  });

  it('end by delete', async () => {
    const key = space.name();
    await space.one.setAdd(key, ['a'], LONG_MS);
    await space.one.delete(key);
    expect(await space.one.setHas(key, ['a'])).toEqual([false]);
  });

  it('lose no member to writers at once', async () => {
    const key = space.name();
    const members = membersOf(40);
    await Promise.all(
      members.map((member, at) => (at % 2 ? space.one : space.other).setAdd(key, [member], LONG_MS)),
    );
    expect(await space.one.setHas(key, members)).toEqual(members.map(() => true));
  });

  it('hold 10,000 members; beyond that the whole call is refused', async () => {
    const key = space.name();
    await expectOverloaded(space.one.setAdd(key, membersOf(MEMBERS_MAX + 1), LONG_MS));
    await space.one.setAdd(key, membersOf(MEMBERS_MAX - 1), LONG_MS);
    await expectOverloaded(space.one.setAdd(key, membersOf(2, MEMBERS_MAX), LONG_MS));
    expect(await space.one.setHas(key, [`m${MEMBERS_MAX}`, 'm0'])).toEqual([false, true]);
    await space.one.setAdd(key, ['m0', `m${MEMBERS_MAX}`], LONG_MS);
    expect(await space.one.setHas(key, [`m${MEMBERS_MAX}`])).toEqual([true]);
    await space.one.delete(key);
  });

  it('refuse members above 4 KiB; none of the call is added', async () => {
    const key = space.name();
    await expectMistake(space.one.setAdd(key, ['a', 'm'.repeat(VALUE_BYTES_MAX + 1)], LONG_MS));
    expect(await space.one.setHas(key, ['a'])).toEqual([false]);
  });
}

function describeWindows(space: ContractSpace): void {
  it('counts up', async () => {
    const key = space.name();
    expect(await space.one.countInWindow(key, 1, LONG_MS)).toBe(1);
    expect(await space.other.countInWindow(key, 5, LONG_MS)).toBe(6);
    expect(await space.one.countInWindow(key, 0, LONG_MS)).toBe(6);
  });

  it('begins with its first call and is not prolonged by the next', async () => {
    const key = space.name();
    await space.one.countInWindow(key, 1, TTL_MS);
    await space.advance(STEP_MS);
    expect(await space.one.countInWindow(key, 1, LONG_MS)).toBe(2);
    await space.advance(TTL_MS);
    expect(await space.one.countInWindow(key, 1, LONG_MS)).toBe(1);
  });

  it('begins with a call of 0 as well', async () => {
    const key = space.name();
    expect(await space.one.countInWindow(key, 0, TTL_MS)).toBe(0);
    await space.advance(TTL_MS + STEP_MS);
    expect(await space.one.countInWindow(key, 2, LONG_MS)).toBe(2);
  });

  it('counts every call once, whoever counts at once', async () => {
    const key = space.name();
    const counts = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        (at % 2 ? space.one : space.other).countInWindow(key, 1, LONG_MS),
      ),
    );
    expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  });

  it('ends by delete', async () => {
    const key = space.name();
    await space.one.countInWindow(key, 7, LONG_MS);
    await space.one.delete(key);
    expect(await space.one.countInWindow(key, 1, LONG_MS)).toBe(1);
  });

  it.each([-1, 0.5, Number.NaN])('refuses an amount of %p', async (amount) => {
    const key = space.name();
    await expectMistake(space.one.countInWindow(key, amount, LONG_MS));
    expect(await space.one.countInWindow(key, 1, LONG_MS)).toBe(1);
  });
}
