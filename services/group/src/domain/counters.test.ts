import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { changeCounters } from './counters.js';
import { FOREVER_S } from './limits.js';
import { muteUntil } from './mutes.js';

const counter = (key: string, value: bigint) => create(groupv1.CounterSchema, { key, value });

describe('counters', () => {
  it('go round at the ends of 64 bits', () => {
    const highest = 2n ** 63n - 1n;
    const { named } = changeCounters([counter('a', highest)], {
      mode: groupv1.CounterMode.INCREASE,
      counters: [counter('a', 1n)],
    });
    expect(named[0]?.value).toBe(-(2n ** 63n));
  });

  it('add up what is named twice', () => {
    const { all } = changeCounters([], {
      mode: groupv1.CounterMode.INCREASE,
      counters: [counter('a', 1n), counter('a', 2n)],
    });
    expect(all).toMatchObject([{ key: 'a', value: 3n }]);
  });
});

describe('mutes', () => {
  it('end at a second, or never, or now', () => {
    expect(muteUntil(100, 60)).toBe(160);
    expect(muteUntil(100, 0)).toBe(0);
    expect(muteUntil(100, FOREVER_S)).toBe(FOREVER_S);
    expect(muteUntil(2_000_000_000, FOREVER_S - 1)).toBe(FOREVER_S);
  });
});
