// Any number of hashes, read in as few steps as coordination allows.
import { type Coordination, HASHES_PER_READ_MAX, type Hash } from '@parley/coordination';

/** In the order asked. Rejects as a whole when a part fails. */
export async function readHashes(
  coordination: Coordination,
  keys: readonly string[],
): Promise<readonly Hash[]> {
  if (keys.length === 0) return [];
  if (keys.length <= HASHES_PER_READ_MAX) return coordination.hashGetMany(keys);
  const pages: Promise<Hash[]>[] = [];
  for (let first = 0; first < keys.length; first += HASHES_PER_READ_MAX) {
    pages.push(coordination.hashGetMany(keys.slice(first, first + HASHES_PER_READ_MAX)));
  }
  return (await Promise.all(pages)).flat();
}
