import type { LogRecord } from '../event-log.js';
import { splitByAge } from './due-records.js';

const at = (appendedAtMs: number): LogRecord => ({
  partition: 0,
  offset: BigInt(appendedAtMs),
  key: 'k',
  value: new Uint8Array(0),
  appendedAtMs,
});

describe('splitByAge', () => {
  const records = [at(1_000), at(2_000), at(3_000)];

  it('hands over everything when there is no delay', () => {
    expect(splitByAge(records, 0, 0)).toEqual({ due: records, early: [], waitMs: 0 });
  });

  it('hands over what is old enough and keeps the rest', () => {
    expect(splitByAge(records, 500, 2_500)).toEqual({
      due: records.slice(0, 2),
      early: records.slice(2),
      waitMs: 0,
    });
    expect(splitByAge(records, 500, 3_500)).toEqual({ due: records, early: [], waitMs: 0 });
  });

  it('waits for the first record and a little longer, so that records come together', () => {
    expect(splitByAge(records, 800, 1_700)).toEqual({ due: [], early: records, waitMs: 100 + 100 });
    expect(splitByAge(records, 60_000, 2_000)).toMatchObject({ due: [], waitMs: 59_000 + 250 });
  });

  it('keeps the order even when a clock went back', () => {
    const odd = [at(1_000), at(5_000), at(1_500)];
    expect(splitByAge(odd, 100, 2_000)).toMatchObject({ due: odd.slice(0, 1), early: odd.slice(1) });
  });
});
