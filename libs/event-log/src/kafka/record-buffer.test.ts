import type { LogRecord } from '../event-log.js';
import { BUFFER_RECORDS_MAX } from './kafka-limits.js';
import { RecordBuffer } from './record-buffer.js';

const record = (offset: number, bytes = 1): LogRecord => ({
  partition: 0,
  offset: BigInt(offset),
  key: 'k',
  value: new Uint8Array(bytes),
  appendedAtMs: 0,
});
const records = (from: number, count: number): LogRecord[] =>
  Array.from({ length: count }, (_, i) => record(from + i));
const offsetsOf = (found: readonly LogRecord[]): number[] => found.map((it) => Number(it.offset));
const ALL = { recordsMax: 100_000, bytesMax: 1 << 30 };

function newBuffer() {
  const paused: boolean[] = [];
  const commits: bigint[] = [];
  const buffer = new RecordBuffer({
    partition: 0,
    setPaused: (it) => paused.push(it),
    onCommit: (next) => commits.push(next),
    bury: async () => undefined,
  });
  return { buffer, paused, commits };
}

describe('records between driver and handler', () => {
  it('are handed over once, whatever is fetched again', () => {
    const { buffer } = newBuffer();
    buffer.take(records(5, 3), 8n);
    buffer.take(records(5, 5), 10n);
    expect(offsetsOf(buffer.fetch(0n, ALL))).toEqual([5, 6, 7, 8, 9]);
    buffer.take(records(5, 5), 10n);
    expect(buffer.fetch(0n, ALL)).toEqual([]);
    expect(buffer.next).toBe(10n);
  });

  it('come in the sizes asked for, one at least', () => {
    const { buffer } = newBuffer();
    buffer.take([record(0, 10), record(1, 10), record(2, 10)], 3n);
    expect(offsetsOf(buffer.fetch(0n, { recordsMax: 10, bytesMax: 20 }))).toEqual([0, 1]);
    expect(offsetsOf(buffer.fetch(0n, { recordsMax: 10, bytesMax: 1 }))).toEqual([2]);
  });

  it('are fetched no more while there are too many, and again when some are gone', () => {
    const { buffer, paused } = newBuffer();
    buffer.take(records(0, BUFFER_RECORDS_MAX + 1), 5_000n);
    expect(paused).toEqual([true]);
    buffer.fetch(0n, { recordsMax: 10, bytesMax: 1 << 30 });
    expect(paused).toEqual([true]);
    buffer.fetch(0n, { recordsMax: 2_000, bytesMax: 1 << 30 });
    expect(paused).toEqual([true, false]);
  });

  it('of a partition that is gone are dropped, and nothing of it is committed', () => {
    const { buffer, commits } = newBuffer();
    buffer.take(records(0, 4), 4n);
    buffer.fetch(0n, { recordsMax: 2, bytesMax: 1 << 30 });
    buffer.commit(1n);
    buffer.revoke();
    buffer.commit(2n);
    buffer.take(records(4, 1), 5n);
    expect(commits).toEqual([1n]);
    expect(buffer.fetch(0n, ALL)).toEqual([]);
  });

  it('tell how many are not finished', () => {
    const { buffer } = newBuffer();
    expect(buffer.lag).toBe(0);
    buffer.take(records(10, 5), 20n);
    expect(buffer.lag).toBe(10);
    buffer.fetch(0n, ALL);
    buffer.commit(15n);
    expect(buffer.lag).toBe(5);
    buffer.heardOfEnd(30n);
    expect(buffer.lag).toBe(15);
  });
});
