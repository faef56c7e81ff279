import { CHUNK_BYTES } from '../limits.js';
import { RecentRecords } from './recent-records.js';

const starts = (offset: number): Float64Array => Float64Array.of(offset);

describe('the recent records', () => {
  it('let go of the oldest chunks beyond the bound, but never of one that waits for the disk', () => {
    const recent = new RecentRecords(CHUNK_BYTES);
    const [first, second] = [recent.begin(starts(0)), recent.begin(starts(10))];
    first.used = CHUNK_BYTES;
    first.waitingFrames = 1;
    second.used = CHUNK_BYTES;
    recent.begin(starts(20)).used = 1;
    recent.trim();
    expect(recent.has(0, 5)).toBe(true);
    first.waitingFrames = 0;
    recent.trim();
    expect(recent.has(0, 5)).toBe(false);
    expect(recent.has(0, 15)).toBe(false);
    expect(recent.has(0, 20)).toBe(true);
  });

  it('keep the newest chunk, however small the bound', () => {
    const recent = new RecentRecords(0);
    expect(recent.has(0, 0)).toBe(false);
    recent.begin(starts(0)).used = 100;
    recent.trim();
    expect(recent.has(0, 0)).toBe(true);
    expect(recent.has(3, 0)).toBe(true);
  });
});
