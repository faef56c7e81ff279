// Time as a dependency, so that tests own it.

export interface ChatClock {
  /** Wall time, ms since the UNIX epoch. */
  now(): number;
  /** Never steps back; only differences mean something. ms. */
  elapsed(): number;
  setTimer(task: () => void, delayMs: number): unknown;
  clearTimer(timer: unknown): void;
}

export const systemClock: ChatClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  setTimer: (task, delayMs) => setTimeout(task, delayMs),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
