import { RETRY_PAUSE_MAX_MS, RETRY_PAUSE_MS } from '../limits.js';

/** Resolves after the time, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** The pause after the n-th failure in a row (from 1): doubling, with the upper half left to chance. */
export function retryPauseMs(failures: number): number {
  const full = Math.min(RETRY_PAUSE_MS * 2 ** (failures - 1), RETRY_PAUSE_MAX_MS);
  return full / 2 + (Math.random() * full) / 2;
}
