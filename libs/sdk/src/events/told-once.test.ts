import { ToldOnce } from './told-once.js';

describe('ToldOnce', () => {
  it('lets news pass once, and nothing older', () => {
    const told = new ToldOnce(10);
    const versions = [0n, 0n, 2n, 1n, 2n, 3n];
    expect(versions.map((version) => told.isNews('a', version))).toEqual([
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(told.isNews('b', 1n)).toBe(true);
  });

  it('forgets the thing of which it heard longest ago', () => {
    const told = new ToldOnce(2);
    for (const [name, version] of [
      ['a', 1n],
      ['b', 1n],
      ['a', 2n],
      ['c', 1n],
    ] as const)
      told.isNews(name, version);
    expect(told.isNews('a', 2n)).toBe(false);
    expect(told.isNews('c', 1n)).toBe(false);
    expect(told.isNews('b', 1n)).toBe(true);
  });
});
