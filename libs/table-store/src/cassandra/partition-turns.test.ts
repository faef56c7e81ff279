import { ErrorCode } from '@parley/kernel';
import { PartitionTurns } from './partition-turns.js';

const later = () => {
  let end: (error?: Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  return { promise, end: (error?: Error) => end(error) };
};

describe('turns of a partition', () => {
  it('come one after the other, whatever became of the one before', async () => {
    const turns = new PartitionTurns(10, 5_000);
    const began: number[] = [];
    const works = [later(), later(), later()];
    const take = (at: number) =>
      turns.take('p', () => {
        began.push(at);
        return works[at]?.promise ?? Promise.resolve();
      });
    const taken = [take(0), take(1), take(2)];
    await Promise.resolve();
    expect(began).toEqual([0]);
    works[0]?.end(new Error('the first one fails'));
    await expect(taken[0]).rejects.toThrow('the first one fails');
    await Promise.resolve();
    expect(began).toEqual([0, 1]);
    works[1]?.end();
    works[2]?.end();
    await Promise.all(taken.slice(1));
    expect(began).toEqual([0, 1, 2]);
  });

  it('of other partitions do not wait', async () => {
    const turns = new PartitionTurns(10, 5_000);
    const first = later();
    const taken = turns.take('p', () => first.promise);
    expect(await turns.take('q', async () => 'done')).toBe('done');
    first.end();
    await taken;
  });

  it('are bounded', async () => {
    const turns = new PartitionTurns(2, 5_000);
    const first = later();
    const taken = [turns.take('p', () => first.promise), turns.take('p', async () => undefined)];
    const overloaded = expect.objectContaining({ code: ErrorCode.OVERLOADED });
    await expect(turns.take('p', async () => undefined)).rejects.toEqual(overloaded);
    first.end();
    await Promise.all(taken);
    await turns.take('p', async () => undefined);
  });

  it('do not begin when those before took too long', async () => {
    let nowMs = 0;
    const turns = new PartitionTurns(10, 5_000, () => nowMs);
    const first = later();
    const began: string[] = [];
    const taken = [turns.take('p', () => first.promise), turns.take('p', async () => began.push('late'))];
    await Promise.resolve();
    nowMs = 4_000;
    taken.push(turns.take('p', async () => began.push('in time')));
    nowMs = 6_000;
    first.end();
    const unavailable = expect.objectContaining({ code: ErrorCode.UNAVAILABLE });
    await expect(taken[1]).rejects.toEqual(unavailable);
    await Promise.all([taken[0], taken[2]]);
    expect(began).toEqual(['in time']);
  });
});
