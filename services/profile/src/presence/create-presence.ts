// Wires the objects of the part that knows who is there; nothing else.

import { DeadNodeSweep, SessionChanges } from '@parley/delivery';
import { presencev1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { type Platform, register as registration } from '@parley/runtime';
import { parseApps } from '../apps.js';
import type { ServicePart } from '../part.js';
import type { Audience } from '../ports.js';
import type { PresenceConfig } from './config.js';
import { PresenceEvents } from './events.js';
import { createPresenceHandlers } from './rpc/presence-handlers.js';
import { PresenceStore } from './stores/presence-store.js';
import { SubscriptionStore } from './stores/subscription-store.js';
import { FanOut } from './telling/fan-out.js';
import { TellChange } from './telling/tell-change.js';
import { Teller } from './telling/teller.js';
import { TellerLease } from './telling/teller-lease.js';
import { GetStatuses } from './use-cases/get-statuses.js';
import { SetSelfStatus } from './use-cases/set-self-status.js';
import { Subscriptions } from './use-cases/subscriptions.js';

/** What the part asks of the rest of the service. */
export interface PresenceNeeds {
  readonly accounts: Accounts;
  readonly audience: Audience;
}

export function createPresence(
  platform: Platform,
  config: PresenceConfig,
  { accounts, audience }: PresenceNeeds,
): ServicePart {
  const { coordination, sessions, tables, delivery, log, clock } = platform;
  const events = new PresenceEvents(platform.logger('presence'), platform.metrics);
  const isOn = parseApps(config.statusApps);
  const store = new PresenceStore(coordination);
  const subscriptions = new SubscriptionStore(tables);
  const changes = new SessionChanges(coordination);
  const getStatuses = new GetStatuses({ sessions, store, accounts });
  const tellsFriends = parseApps(config.friendStatusApps);
  const fanOut = new FanOut({ delivery, subscriptions, audience, events, isOn, tellsFriends });
  const tellChange = new TellChange({ store, sessions, log, fanOut, clock, events });
  const sweep = new DeadNodeSweep({ coordination, clock });
  const lease = new TellerLease(coordination);
  const teller = new Teller({ changes, sweep, sessions, lease, tellChange, events });
  const handlers = createPresenceHandlers({
    isOn,
    getStatuses,
    setSelfStatus: new SetSelfStatus({ store, changes, getStatuses }),
    subscriptions: new Subscriptions({ store: subscriptions, accounts, clock }),
  });
  return {
    registrations: [registration(presencev1.PresenceService, handlers)],
    start: async () => teller.start(),
    stop: async () => {
      await teller.stop();
      await fanOut.stopped();
    },
  };
}
