import { FakeClock } from '@parley/testkit';
import { NoticedCache } from './noticed-cache.js';

const TTL_MS = 1_000;

function countingCache(entriesMax = 10) {
  const clock = new FakeClock();
  const cache = new NoticedCache<string, string | undefined>({ entriesMax, ttlMs: TTL_MS, clock });
  let loads = 0;
  const load = async () => `load ${++loads}`;
  return { clock, cache, load };
}

describe('NoticedCache', () => {
  it('loads once, also for those who ask at the same time', async () => {
    const { cache, load } = countingCache();
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual(['load 1', 'load 1']);
    expect(await cache.get('a', load)).toBe('load 1');
  });

  it('loads again after a notice and after its time', async () => {
    const { cache, load, clock } = countingCache();
    await cache.get('a', load);
    cache.forget('a');
    expect(await cache.get('a', load)).toBe('load 2');
    clock.advance(TTL_MS - 1);
    expect(await cache.get('a', load)).toBe('load 2');
    clock.advance(2);
    expect(await cache.get('a', load)).toBe('load 3');
  });

  it('does not keep what was being loaded when the notice came', async () => {
    const { cache, load } = countingCache();
    let finish: (value: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const before = cache.get('a', () => slow);
    cache.forget('a');
    const after = cache.get('a', load);
    finish('stale');
    expect(await before).toBe('stale');
    expect(await after).toBe('load 1');
    expect(await cache.get('a', load)).toBe('load 1');
  });

  it('keeps nothing that it may not keep, and no failure', async () => {
    const { cache, load } = countingCache();
    await cache.get(
      'a',
      async () => undefined,
      (value) => value !== undefined,
    );
    await expect(cache.get('b', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('a', load)).toBe('load 1');
    expect(await cache.get('b', load)).toBe('load 2');
  });

  it('is bounded', async () => {
    const { cache, load } = countingCache(2);
    for (const key of ['a', 'b', 'c']) await cache.get(key, load);
    expect(await cache.get('c', load)).toBe('load 3');
    expect(await cache.get('a', load)).toBe('load 4');
  });
});
