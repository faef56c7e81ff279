import { STRETCH_BYTES } from '../limits.js';
import { Marks } from './segment.js';

describe('the marks of a segment', () => {
  it('lie a stretch apart, however many frames there are', () => {
    const marks = new Marks({ position: 50, starts: Float64Array.of(0) });
    let asked = 0;
    for (let position = 50; position < 50 + 10 * STRETCH_BYTES; position += 1_000) {
      marks.offer(position, () => Float64Array.of(++asked));
    }
    expect(marks.list).toHaveLength(10);
    expect(asked).toBe(9);
    const gaps = marks.list.slice(1).map(({ position }, i) => position - (marks.list[i]?.position ?? 0));
    for (const gap of gaps) expect(gap - STRETCH_BYTES).toBeLessThan(1_000);
  });

  it('end a stretch early once, so that it stays as it was read', () => {
    const marks = new Marks({ position: 50, starts: Float64Array.of(0) });
    marks.seal(50, Float64Array.of(0));
    expect(marks.list).toHaveLength(1);
    marks.seal(70, Float64Array.of(3));
    marks.offer(70, () => Float64Array.of(3));
    expect(marks.list.map(({ position }) => position)).toEqual([50, 70]);
  });
});
