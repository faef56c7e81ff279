// Wires the objects of the part that keeps follows; nothing else.

import { fromBinary } from '@bufbuild/protobuf';
import { eachRecord, type Subscription } from '@parley/event-log';
import { followv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { accountEventsTopic, type Platform, register as registration } from '@parley/runtime';
import { parseApps } from '../apps.js';
import { onDeleted } from '../deleted-accounts.js';
import type { ServicePart } from '../part.js';
import type { ProfileReader } from '../ports.js';
import { FollowRegister } from './changing/follow-register.js';
import { type FollowConfig, limitsOf } from './config.js';
import { ForgetFollows } from './consumers/forget-follows.js';
import { TellDevices } from './consumers/tell-devices.js';
import { createFollowHandlers } from './rpc/follow-handlers.js';
import { FollowStore } from './stores/follow-store.js';
import { DELETED_ACCOUNTS_GROUP, DEVICES_GROUP, followChangesTopic } from './topics.js';
import { ChangeFollows } from './use-cases/change-follows.js';
import { ReadFollows } from './use-cases/read-follows.js';

/** What the part asks of the rest of the service. */
export interface FollowNeeds {
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
}

export function createFollow(platform: Platform, config: FollowConfig, needs: FollowNeeds): ServicePart {
  const { tables, log, clock, delivery } = platform;
  const store = new FollowStore(tables);
  const register = new FollowRegister(store, log);
  const limits = limitsOf(config);
  const changes = new ChangeFollows({ store, register, accounts: needs.accounts, clock, limits });
  const reading = new ReadFollows({ store, register, ...needs });
  const settle = register.settle.bind(register);
  const forget = new ForgetFollows(store, changes, settle);
  const devices = new TellDevices(delivery, needs.profiles);
  const wanted = [
    {
      ...{ topic: followChangesTopic, group: DEVICES_GROUP },
      handler: eachRecord((record) => devices.follow(fromBinary(followv1.FollowChangeSchema, record))),
    },
    {
      ...{ topic: accountEventsTopic, group: DELETED_ACCOUNTS_GROUP },
      handler: eachRecord(onDeleted(forget.forget)),
    },
  ];
  const subscriptions: Subscription[] = [];
  return {
    registrations: [
      registration(
        followv1.FollowService,
        createFollowHandlers({ changes, reading, isOn: parseApps(config.followApps) }),
      ),
    ],
    start: async () => {
      for (const one of wanted) subscriptions.push(await log.subscribe(one));
    },
    stop: async () => {
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.stop()));
    },
  };
}
