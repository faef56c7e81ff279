import { murmur2, partitionOfKey } from './partitioner.js';

describe('the partitioner', () => {
  // Values of Kafka's own test of its hash.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('never leaves the partitions, whatever the sign of the hash', () => {
    for (let i = 0; i < 2_000; i++) {
      const partition = partitionOfKey(`key-${i}`, 7);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(7);
    }
    expect(partitionOfKey('foobar', 1_000)).toBe((-790332482 & 0x7fffffff) % 1_000);
  });

  it('hashes the UTF-8 bytes, of long keys too', () => {
    const key = 'é漢🙂'.repeat(1_000);
    expect(partitionOfKey(key, 1_000)).toBe((murmur2(Buffer.from(key)) & 0x7fffffff) % 1_000);
    expect(partitionOfKey('é', 1_000)).toBe((murmur2(Buffer.from('é')) & 0x7fffffff) % 1_000);
  });

  it('spreads keys evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) counts[partitionOfKey(`app/c2c:u${i}:u${i + 1}`, 16)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });
});
