import fc from 'fast-check';
import { Admission } from './admission.js';

const limit = { perSecond: 100, burst: 10 };

describe('admission', () => {
  it('lets the burst in, and tells the others one moment each', () => {
    const admission = new Admission(limit);
    const waits = Array.from({ length: 14 }, () => admission.admit(1_000));
    expect(waits).toEqual([...Array(10).fill(0), 10, 20, 30, 40]);
    expect(admission.admit(1_010)).toBe(0);
  });

  it('sends nobody away for longer than half a minute', () => {
    const admission = new Admission({ perSecond: 1, burst: 1 });
    const waits = Array.from({ length: 100 }, () => admission.admit(1_000));
    expect(Math.max(...waits)).toBe(30_000);
  });

  it('never lets in more than burst and rate allow, whenever they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (gaps) => {
        const admission = new Admission(limit);
        let nowMs = 1_000;
        let admitted = 0;
        for (const gap of gaps) {
          nowMs += gap;
          if (admission.admit(nowMs) === 0) admitted += 1;
        }
        const allowed = limit.burst + ((nowMs - 1_000) * limit.perSecond) / 1_000;
        expect(admitted).toBeLessThanOrEqual(allowed + 1);
      }),
    );
  });
});
