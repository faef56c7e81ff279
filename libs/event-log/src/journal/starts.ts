// Order of places in the journal. A place knows the next offset of every lane there; what was appended later is behind it.

export interface Place {
  /** Next offset of each lane; lanes that came later begin at 0. */
  readonly starts: Float64Array;
}

export const startOf = ({ starts }: Place, lane: number): number => starts[lane] ?? 0;

/** Index of the last place that is before the lane's record `offset` or where it would be; -1: all are behind it. */
export function lastBefore(places: readonly Place[], lane: number, offset: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(places[middle] as Place, lane) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
