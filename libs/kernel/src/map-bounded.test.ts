import { mapBounded } from './map-bounded.js';

describe('mapBounded', () => {
  it('keeps the order of the items, with so many at once', async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3, 0], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(3);
    expect(await mapBounded([], 3, async () => 1)).toEqual([]);
  });

  it('begins nothing new after a failure, and ends what was begun', async () => {
    const ended: number[] = [];
    const work = mapBounded([0, 1, 2, 3, 4], 2, async (item) => {
      await Promise.resolve();
      if (item === 0) throw new Error('the first one fails');
      await Promise.resolve();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('the first one fails');
    expect(ended).toEqual([1]);
  });
});
