// How many connections leave in each slot of a drain.

/** Slots of a window; at least one. */
export const drainSlots = (windowMs: number, slotMs: number): number =>
  Math.max(1, Math.ceil(windowMs / slotMs));

/** Share of the next slot when `slotsLeft` slots remain, this one included. */
export const drainShare = (connections: number, slotsLeft: number): number =>
  Math.ceil(connections / Math.max(1, slotsLeft));
