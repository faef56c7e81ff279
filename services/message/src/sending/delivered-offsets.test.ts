import { DeliveredOffsets } from './delivered-offsets.js';

describe('DeliveredOffsets', () => {
  it('knows what was added and nothing else', () => {
    const offsets = new DeliveredOffsets();
    const added = [0n, 7n, 8n, 4_095n, 4_096n, 1_000_000n];
    for (const offset of added) offsets.add(3, offset);
    for (const offset of added) expect(offsets.has(3, offset)).toBe(true);
    for (const offset of [1n, 9n, 4_094n, 4_097n, 999_999n]) expect(offsets.has(3, offset)).toBe(false);
    expect(offsets.has(4, 0n)).toBe(false);
  });

  it('forgets the oldest blocks', () => {
    const offsets = new DeliveredOffsets();
    for (let block = 0n; block <= 4_096n; block++) offsets.add(0, block * 4_096n);
    expect(offsets.has(0, 0n)).toBe(false);
    expect(offsets.has(0, 4_096n)).toBe(true);
  });
});
