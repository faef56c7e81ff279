// Some time after a pair may have changed: what a dead process left is carried out, and what was decided with somebody whose
// account ended meanwhile goes.

import type { AppId, Clock, UserId } from '@parley/kernel';
import type { relationv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import type { PairRegister } from '../changing/pair-register.js';
import { decideForget } from '../domain/deciding.js';
import type { PairKey } from '../domain/pair.js';

export interface SettleLeftDeps {
  readonly register: PairRegister;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class SettleLeft {
  constructor(private readonly deps: SettleLeftDeps) {}

  /** To be called SETTLE_AFTER_MS after the notice was written. */
  readonly follow = async ({ appId: app, low, high }: relationv1.PairNotice): Promise<void> => {
    const { register, accounts, clock } = this.deps;
    const key: PairKey = { appId: app as AppId, low: low as UserId, high: high as UserId };
    await register.settle(key);
    const existing = await accounts.existing(key.appId, [low, high]);
    if (existing.has(low) && existing.has(high)) return;
    const nowMs = BigInt(clock.now());
    await register.change(key, key.low, { operator: '' }, (sides) => decideForget(sides, nowMs));
  };
}
