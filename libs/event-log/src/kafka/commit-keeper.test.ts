import { silentLogger } from '@parley/telemetry';
import { CommitKeeper } from './commit-keeper.js';

type Saved = ReadonlyMap<number, bigint>;

function newKeeper(save: (offsets: Saved) => Promise<void>) {
  return new CommitKeeper({ save, logger: silentLogger, topic: 'messages', group: 'readers' });
}

describe('offsets on their way to the coordinator', () => {
  it('share a request when they come together, and wait for the request under way', async () => {
    const saved: [number, bigint][][] = [];
    const goOn: (() => void)[] = [];
    const keeper = newKeeper((offsets) => {
      saved.push([...offsets]);
      return new Promise((resolve) => goOn.push(resolve));
    });
    keeper.set(0, 1n);
    keeper.set(1, 1n);
    await Promise.resolve();
    keeper.set(0, 2n);
    keeper.set(0, 3n);
    expect(saved).toEqual([
      [
        [0, 1n],
        [1, 1n],
      ],
    ]);
    const closing = keeper.close();
    goOn[0]!();
    while (goOn.length < 2) await Promise.resolve();
    goOn[1]!();
    await closing;
    expect(saved[1]).toEqual([[0, 3n]]);
  });

  it('are saved again after a failure, but not those of a partition that is gone', async () => {
    const saved: [number, bigint][][] = [];
    let failures = 0;
    let onSecond: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      onSecond = resolve;
    });
    const keeper = newKeeper(async (offsets) => {
      saved.push([...offsets]);
      if (failures++ === 0) throw new Error('dividing anew');
      onSecond();
    });
    keeper.set(0, 5n);
    keeper.set(1, 7n);
    await Promise.resolve();
    keeper.forget(1);
    await second;
    await keeper.close();
    expect(saved).toEqual([
      [
        [0, 5n],
        [1, 7n],
      ],
      [[0, 5n]],
    ]);
  });

  it('are given up at the first failure when the member leaves', async () => {
    let attempts = 0;
    const keeper = newKeeper(async () => {
      attempts++;
      throw new Error('no coordinator');
    });
    keeper.set(0, 1n);
    await keeper.close();
    expect(attempts).toBeLessThanOrEqual(2);
  });
});
