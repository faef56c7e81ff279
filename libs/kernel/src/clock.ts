// Time as a dependency, so that tests own it.

/** Milliseconds since the UNIX epoch. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
