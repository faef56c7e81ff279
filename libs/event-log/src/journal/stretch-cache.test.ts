import { RecordBlock } from './record-block.js';
import { StretchCache } from './stretch-cache.js';

describe('the cache of stretches', () => {
  let reads: string[];
  beforeEach(() => {
    reads = [];
  });
  const reader = (key: string) => async (): Promise<RecordBlock> => {
    reads.push(key);
    return new RecordBlock(Buffer.of());
  };

  it('reads once for all who ask', async () => {
    const cache = new StretchCache(10);
    const [first, second] = await Promise.all([
      cache.get('a', 5, reader('a')),
      cache.get('a', 5, reader('a')),
    ]);
    expect(first).toBe(second);
    expect(reads).toEqual(['a']);
  });

  it('lets go of what was longest unused, and keeps one that is larger than the bound', async () => {
    const cache = new StretchCache(10);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key, 4, reader(key));
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
    await cache.get('large', 100, reader('large'));
    await cache.get('large', 100, reader('large'));
    expect(reads).toEqual(['a', 'b', 'c', 'b', 'large']);
  });

  it('does not keep a failure', async () => {
    const cache = new StretchCache(10);
    await expect(cache.get('a', 8, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    await cache.get('a', 8, reader('a'));
    await cache.get('b', 2, reader('b'));
    await cache.get('a', 8, reader('a'));
    expect(reads).toEqual(['a', 'b']);
  });
});
