// Catches up with the service in passes, for as long as it takes.
import type { SharedTimer } from '../time/shared-timer.js';
import { decideBackoffMs } from './backoff.js';

export interface Passes {
  /** Asked before each pass. */
  readonly isWanted: () => boolean;
  /** False: it failed for the moment. */
  readonly pass: () => Promise<boolean>;
  readonly timer: SharedTimer;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Passes follow each other while one is wanted, after a failure behind a pause that grows. */
export async function repeatPasses({ isWanted, pass, timer, random }: Passes): Promise<void> {
  for (let failures = 0; isWanted(); ) {
    if (await pass()) {
      failures = 0;
      continue;
    }
    await timer.sleep(decideBackoffMs({ failures, retryAfterMs: 0, chance: random() }));
    failures += 1;
  }
}
