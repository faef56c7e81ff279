/** Results in the order of `items`, with at most `inFlightMax` calls of `task` at once. Rejects with the first rejection. */
export async function mapBounded<T, R>(
  items: readonly T[],
  inFlightMax: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await task(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlightMax, items.length) }, worker));
  return results;
}
