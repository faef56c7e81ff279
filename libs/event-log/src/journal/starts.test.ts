import fc from 'fast-check';
import { lastBefore, startOf } from './starts.js';

describe('places', () => {
  it('are looked up as one would by looking at each', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.nat({ max: 2 }), fc.nat({ max: 50 }), (changes, lane, offset) => {
        const ends = new Float64Array(2);
        const places = changes.map(([changed, by]) => {
          // The third lane is younger than all the places.
          if (changed < 2) ends[changed] = (ends[changed] as number) + by;
          return { starts: ends.slice() };
        });
        const expected = places.findLastIndex((place) => startOf(place, lane) <= offset);
        expect(lastBefore(places, lane, offset)).toBe(expected);
      }),
    );
  });
});
