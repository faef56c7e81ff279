// Attributes and counters: nothing is lost between writers, nothing counts twice.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { admin, codeOf, GroupWorld, user } from './support/group-world.js';

const { REPLACE, UPSERT, DELETE, CLEAR } = groupv1.AttributeMode;
const { SET, INCREASE, DECREASE, DELETE: DROP } = groupv1.CounterMode;

describe('attributes', () => {
  let world: GroupWorld;
  let groupId: string;
  beforeEach(async () => {
    world = await GroupWorld.open();
    groupId = await world.group('Public', { members: ['mia', 'max'] });
  });
  afterEach(() => world.close());

  const change = async (
    mode: groupv1.AttributeMode,
    values: Record<string, string>,
    more: object = {},
    as = admin,
  ) => {
    const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
    // Each change in a second of its own, unless the test is about that.
    world.clock.advance(1_000);
    return world.groups.changeAttributes({ groupId, mode, attributes, ...more }, as);
  };
  const read = async () => {
    const { attributes } = await world.groups.getAttributes({ groupId }, user('mia'));
    return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
  };

  it('are replaced, set, deleted and cleared', async () => {
    await change(UPSERT, { a: '1', b: '2' });
    await change(UPSERT, { b: '3', c: '4' });
    expect(await read()).toEqual({ a: '1', b: '3', c: '4' });
    await change(DELETE, { a: '' });
    expect(await codeOf(change(DELETE, { a: '' }))).toBe(ErrorCode.GROUP_ATTRIBUTE_NOT_FOUND);
    await change(REPLACE, { z: '9' });
    expect(await read()).toEqual({ z: '9' });
    await change(CLEAR, {});
    expect(await read()).toEqual({});
  });

  it('are not lost between two writers: the second has seen too little', async () => {
    const first = await change(UPSERT, { a: '1' }, { mainSeq: 0n }, user('mia'));
    const stale = change(UPSERT, { a: '2' }, { mainSeq: 0n }, user('max'));
    expect(await codeOf(stale)).toBe(ErrorCode.GROUP_ATTRIBUTE_CONFLICT);
    expect(await codeOf(change(UPSERT, { a: '2' }, {}, user('max')))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    // Its own retry has not seen too little.
    const retried = await change(UPSERT, { a: '1' }, { mainSeq: 0n }, user('mia', 1));
    expect(retried.mainSeq).toBe(first.mainSeq);
    const second = await change(UPSERT, { b: '2' }, { mainSeq: first.mainSeq }, user('max'));
    expect(second.attributes.map(({ key, seq }) => [key, seq === first.mainSeq])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('have limits', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
    expect(await codeOf(change(REPLACE, many(16)))).toBe(0);
    expect(await codeOf(change(REPLACE, many(17)))).toBe(ErrorCode.GROUP_ATTRIBUTES_TOO_MANY);
    expect(await codeOf(change(REPLACE, { ['k'.repeat(32)]: 'v'.repeat(4_000) }))).toBe(0);
    expect(await codeOf(change(REPLACE, { ['k'.repeat(33)]: 'v' }))).toBe(
      ErrorCode.GROUP_ATTRIBUTE_KEY_TOO_LONG,
    );
    expect(await codeOf(change(REPLACE, { k: 'v'.repeat(4_001) }))).toBe(
      ErrorCode.GROUP_ATTRIBUTE_VALUE_TOO_LONG,
    );
    const large = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, 'v'.repeat(4_000)]));
    expect(await codeOf(change(REPLACE, large))).toBe(ErrorCode.GROUP_ATTRIBUTES_TOO_LONG);
    world.clock.advance(1_000);
    const write = (value: string) =>
      codeOf(
        world.groups.changeAttributes({ groupId, mode: UPSERT, attributes: [{ key: 'k', value }] }, admin),
      );
    const codes = [];
    for (const value of ['1', '2', '3', '4', '5', '6']) codes.push(await write(value));
    expect(codes).toEqual([0, 0, 0, 0, 0, ErrorCode.GROUP_ATTRIBUTE_RATE_EXCEEDED]);
  });
});

describe('counters', () => {
  let world: GroupWorld;
  let groupId: string;
  beforeEach(async () => {
    world = await GroupWorld.open();
    groupId = await world.group('Meeting', { members: ['mia', 'max'] });
  });
  afterEach(() => world.close());

  const change = (mode: groupv1.CounterMode, values: Record<string, bigint>, changeId = '') => {
    const counters = Object.entries(values).map(([key, value]) => ({ key, value }));
    return world.groups.changeCounters({ groupId, mode, counters, changeId }, user('mia'));
  };
  const read = async () => {
    const { counters } = await world.groups.getCounters({ groupId }, user('max'));
    return Object.fromEntries(counters.map(({ key, value }) => [key, value]));
  };

  it('are set, counted up and down, and dropped', async () => {
    await change(SET, { a: 5n });
    const { counters } = await change(INCREASE, { a: 2n, b: 3n });
    expect(counters.map(({ key, value }) => [key, value])).toEqual([
      ['a', 7n],
      ['b', 3n],
    ]);
    await change(DECREASE, { b: 4n, c: 1n });
    expect(await read()).toEqual({ a: 7n, b: -1n, c: -1n });
    await change(DROP, { a: 0n });
    expect(await read()).toEqual({ b: -1n, c: -1n });
    await change(DROP, {});
    expect(await read()).toEqual({});
  });

  it('count every change once, also when many come at once and again', async () => {
    const ids = Array.from({ length: 9 }, (_, at) => `c${at}`);
    await Promise.all(ids.map((id) => change(INCREASE, { n: 1n }, id)));
    const again = await Promise.all(ids.map((id) => change(INCREASE, { n: 1n }, id)));
    expect(new Set(again.map((answer) => answer.counters[0]!.value)).size).toBe(ids.length);
    expect(await read()).toEqual({ n: 9n });
  });

  it('answer a repetition as before, also when its caller has left; and name a change by its caller', async () => {
    const counters = [{ key: 'n', value: 1n }];
    const request = { groupId, mode: INCREASE, counters, changeId: 'once' };
    await world.groups.changeCounters(request, user('mia'));
    await world.groups.quitGroup({ groupId }, user('mia'));
    const again = await world.groups.changeCounters(request, user('mia', 1));
    expect(again.counters[0]?.value).toBe(1n);
    const anew = { ...request, changeId: 'again' };
    expect(await codeOf(world.groups.changeCounters(anew, user('mia', 1)))).toBe(
      ErrorCode.GROUP_NO_PERMISSION,
    );
    await world.groups.changeCounters(request, user('max', 1));
    expect(await read()).toEqual({ n: 2n });
  });

  it('have limits', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1n]));
    expect(await codeOf(change(SET, many(20)))).toBe(0);
    expect(await codeOf(change(SET, { more: 1n }))).toBe(ErrorCode.GROUP_COUNTERS_TOO_MANY);
    expect(await codeOf(change(SET, { ['k'.repeat(129)]: 1n }))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    const codes = await Promise.all(Array.from({ length: 25 }, () => codeOf(change(INCREASE, { k0: 1n }))));
    expect(codes.filter((code) => code === ErrorCode.GROUP_RATE_EXCEEDED).length).toBe(8);
  });
});
