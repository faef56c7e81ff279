// Wires the objects of the part that keeps follows; nothing else.
import { fromBinary } from '@bufbuild/protobuf';
import type { Subscription } from '@parley/event-log';
import { authv1, followv1 } from '@parley/proto';
import { accountEventsTopic, type Platform, register as registration } from '@parley/runtime';
import type { Accounts } from '../accounts.js';
import { parseApps } from '../apps.js';
import { eachRecord } from '../each-record.js';
import type { ServicePart } from '../part.js';
import type { ProfileReader } from '../ports.js';
import { FollowRegister } from './changing/follow-register.js';
import { type FollowConfig, limitsOf } from './config.js';
import { ForgetFollows } from './consumers/forget-follows.js';
import { createFollowHandlers } from './rpc/follow-handlers.js';
import { FollowStore } from './stores/follow-store.js';
import { ChangeFollows } from './use-cases/change-follows.js';
import { ReadFollows } from './use-cases/read-follows.js';

const DELETED_ACCOUNTS_GROUP = 'follow-deleted-accounts';

/** What the part asks of the rest of the service. */
export interface FollowNeeds {
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
}

export function createFollow(platform: Platform, config: FollowConfig, needs: FollowNeeds): ServicePart {
  const { tables, log, clock } = platform;
  const store = new FollowStore(tables);
  const register = new FollowRegister(store);
  const limits = limitsOf(config);
  const changes = new ChangeFollows({ store, register, accounts: needs.accounts, clock, limits });
  const reading = new ReadFollows({ store, register, ...needs });
  const settle = register.settle.bind(register);
  const forget = new ForgetFollows(store, changes, settle);
  const handler = eachRecord((record) => forget.follow(fromBinary(authv1.AccountEventSchema, record)));
  let subscription: Subscription | undefined;
  return {
    registrations: [
      registration(
        followv1.FollowService,
        createFollowHandlers({ changes, reading, isOn: parseApps(config.followApps) }),
      ),
    ],
    start: async () => {
      subscription = await log.subscribe({
        topic: accountEventsTopic,
        group: DELETED_ACCOUNTS_GROUP,
        handler,
      });
    },
    stop: async () => {
      await subscription?.stop();
    },
  };
}
