// Who hears what, and when, of a flush.
import { ChatError, ErrorCode } from '@parley/kernel';
import { bytesOf } from '../testing/contract-log.js';
import { AppendQueue } from './append-queue.js';
import { Lane } from './lane.js';
import { RecentRecords } from './recent-records.js';
import { Collected } from './record-block.js';

/** A flush that a test ends by hand. */
interface Flush {
  readonly frame: Buffer;
  succeed(): void;
  fail(): void;
}

describe('the append queue', () => {
  let recent: RecentRecords;
  let lanes: Lane[];
  let queue: AppendQueue;
  let flushes: Flush[];

  beforeEach(() => {
    recent = new RecentRecords();
    lanes = [new Lane(0, 0), new Lane(1, 0)];
    flushes = [];
    queue = new AppendQueue({
      recent,
      write: (frame) =>
        new Promise((resolve, reject) => {
          flushes.push({ frame, succeed: resolve, fail: () => reject(new Error('disk')) });
        }),
      toError: (thrown) => new ChatError(ErrorCode.UNAVAILABLE, 'no', { cause: thrown }),
      nextOffsets: () => Float64Array.from(lanes, (lane) => lane.next),
    });
  });

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const append = (value: string, lane = 0) =>
    queue.append({ lane: lanes[lane] as Lane, key: 'key', value: bytesOf(value), appendedAtMs: 1 });

  function seen(lane = 0): string[] {
    const { end } = lanes[lane] as Lane;
    const query = { lane, partition: lane, from: 0, end, recordsMax: 100, bytesMax: 10_000 };
    const collected = new Collected(query);
    recent.collect(collected);
    return collected.records.map(({ offset, value }) => `${offset} ${Buffer.from(value)}`);
  }

  it('flushes the appends of a turn together, and those that come meanwhile after that', async () => {
    const first = [append('a'), append('b', 1)];
    expect(flushes).toHaveLength(0);
    await turn();
    const later = [append('c'), append('d')];
    await turn();
    expect(flushes).toHaveLength(1);
    expect(new Set(first.map(({ frame }) => frame)).size).toBe(1);
    expect(seen()).toEqual([]);
    flushes[0]?.succeed();
    await first[0]?.frame.settled;
    expect(seen()).toEqual(['0 a']);
    expect(seen(1)).toEqual(['0 b']);
    await turn();
    expect(flushes).toHaveLength(2);
    flushes[1]?.succeed();
    await later[1]?.frame.settled;
    expect(seen()).toEqual(['0 a', '1 c', '2 d']);
    expect(queue.waitingBytes).toBe(0);
  });

  it('shows records to consumers before their appends resolve', async () => {
    const order: string[] = [];
    lanes[0]?.listeners.add(() => order.push(`seen ${seen().length}`));
    lanes[1]?.listeners.add(() => order.push('another lane'));
    const settled = append('a').frame.settled.then(() => order.push('resolved'));
    append('b');
    await turn();
    flushes[0]?.succeed();
    await settled;
    expect(order).toEqual(['seen 2', 'resolved']);
  });

  it('rejects the appends of a flush that failed; their records do not exist, others go on', async () => {
    const failing = append('a');
    append('x', 1);
    await turn();
    const next = append('b');
    flushes[0]?.fail();
    await expect(failing.frame.settled).rejects.toMatchObject({ code: 90994 });
    expect([seen(), seen(1)]).toEqual([[], []]);
    await turn();
    flushes[1]?.succeed();
    await next.frame.settled;
    // Its offset stays unused.
    expect(seen()).toEqual(['1 b']);
    expect(queue.waitingBytes).toBe(0);
  });

  it('is settled when all that was appended before is, whatever became of it', async () => {
    append('a');
    await turn();
    append('b');
    let isSettled = false;
    const settled = queue.settled().then(() => {
      isSettled = true;
    });
    flushes[0]?.fail();
    await turn();
    await turn();
    expect(isSettled).toBe(false);
    flushes[1]?.fail();
    await settled;
    await queue.settled();
  });

  it('begins another chunk, and another frame, where a record does not fit any more', async () => {
    const large = 'x'.repeat(900_000);
    const appended = Array.from({ length: 6 }, () => append(large));
    expect(new Set(appended.map(({ frame }) => frame.chunk)).size).toBe(2);
    for (let i = 0; i < 2; i++) {
      await turn();
      flushes[i]?.succeed();
      await turn();
    }
    await appended[5]?.frame.settled;
    expect(flushes).toHaveLength(2);
    expect(lanes[0]?.end).toBe(6);
    const query = { lane: 0, partition: 0, from: 0, end: 6, recordsMax: 100, bytesMax: 1 << 30 };
    const collected = new Collected(query);
    recent.collect(collected);
    expect(collected.records.map(({ offset }) => Number(offset))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
