// Some time after a pair may have changed: what a dead process left is carried out, and what was decided with somebody whose
// account ended meanwhile goes.
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { relationv1 } from '@parley/proto';
import type { Accounts } from '../../accounts.js';
import type { PairRegister } from '../changing/pair-register.js';
import { decideForget } from '../domain/deciding.js';
import { SETTLE_AFTER_MS } from '../domain/limits.js';
import type { PairKey } from '../domain/pair.js';

/** How often it is looked whether a notice is old enough. */
const LOOK_EVERY_MS = 250;

export interface SettleLeftDeps {
  readonly register: PairRegister;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class SettleLeft {
  #isStopped = false;

  constructor(private readonly deps: SettleLeftDeps) {}

  /** A notice that waits is given back: it comes again. */
  stop(): void {
    this.#isStopped = true;
  }

  readonly follow = async ({ appId: app, low, high, timeMs }: relationv1.PairNotice): Promise<void> => {
    const { register, accounts, clock } = this.deps;
    const dueMs = Number(timeMs) + SETTLE_AFTER_MS;
    // All notices age at once, so waiting for one delays none.
    while (clock.now() < dueMs) {
      if (this.#isStopped) throw new Error('the service stops; the notice comes again');
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_EVERY_MS, dueMs - clock.now())));
    }
    const key: PairKey = { appId: app as AppId, low: low as UserId, high: high as UserId };
    await register.settle(key);
    const existing = await accounts.existing(key.appId, [low, high]);
    if (existing.has(low) && existing.has(high)) return;
    const nowMs = BigInt(clock.now());
    await register.change(key, key.low, { operator: '' }, (sides) => decideForget(sides, nowMs));
  };
}
