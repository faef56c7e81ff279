// Wires the objects of the part that keeps relations; nothing else.

import { fromBinary } from '@bufbuild/protobuf';
import { eachRecord, type Subscription } from '@parley/event-log';
import type { AppId, UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import { accountEventsTopic, type Platform, register as registration } from '@parley/runtime';
import { onDeleted } from '../deleted-accounts.js';
import type { ServicePart } from '../part.js';
import { AUDIENCE_PAGE_MAX, type Audience, type ProfileReader, type RelationReader } from '../ports.js';
import { CarryOut, type FactNotices } from './changing/carry-out.js';
import { HeadRegister } from './changing/head-register.js';
import { RisingVersions } from './changing/list-versions.js';
import { PairRegister } from './changing/pair-register.js';
import type { RelationsConfig } from './config.js';
import { ForgetRelations } from './consumers/forget-relations.js';
import { SettleLeft } from './consumers/settle-left.js';
import { TellDevices } from './consumers/tell-devices.js';
import { parseFriendFields } from './custom-fields.js';
import { SETTLE_AFTER_MS } from './domain/limits.js';
import { createRelationHandlers } from './rpc/relation-handlers.js';
import { HeadStore } from './stores/head-store.js';
import { ListStore } from './stores/list-store.js';
import { PairStore } from './stores/pair-store.js';
import {
  RELATION_DELETED_ACCOUNTS_GROUP,
  RELATION_DEVICES_GROUP,
  RELATION_SETTLING_GROUP,
  relationChangesTopic,
  relationIntentsTopic,
} from './topics.js';
import { AddFriends } from './use-cases/add-friends.js';
import { Applications } from './use-cases/applications.js';
import { Blocklist } from './use-cases/blocklist.js';
import { ChangeFriends } from './use-cases/change-friends.js';
import { FriendGroups } from './use-cases/friend-groups.js';
import { ReadRelations } from './use-cases/read-relations.js';

export interface RelationsDeps {
  readonly accounts: Accounts;
  readonly profiles: ProfileReader;
  readonly notices: FactNotices;
}

/** The part, and what it tells the others. */
export interface RelationsPart extends ServicePart {
  readonly audience: Audience;
  readonly relations: RelationReader;
}

export function createRelations(
  platform: Platform,
  config: RelationsConfig,
  { accounts, profiles, notices }: RelationsDeps,
): RelationsPart {
  const { tables, log, clock, delivery } = platform;
  const lists = new ListStore(tables);
  const headStore = new HeadStore(tables);
  const heads = new HeadRegister(headStore, log, clock);
  const versions = new RisingVersions(headStore);
  const carryOut = new CarryOut({ lists, versions, log, notices });
  const register = new PairRegister({ pairs: new PairStore(tables), carryOut, log, clock });
  const customFieldsOf = parseFriendFields(config.friendCustomFields);
  const base = { register, heads, lists, accounts, profiles, clock, customFieldsOf };
  const handlers = createRelationHandlers({
    add: new AddFriends(base),
    change: new ChangeFriends(base),
    read: new ReadRelations(base),
    applications: new Applications(base),
    blocklist: new Blocklist(base),
    groups: new FriendGroups(base),
  });
  const settle = new SettleLeft(base);
  const tell = new TellDevices({ lists, heads: headStore, delivery });
  const forget = new ForgetRelations(base);
  const lifecycle = following(platform, [
    {
      topic: relationIntentsTopic,
      group: RELATION_SETTLING_GROUP,
      delayMs: SETTLE_AFTER_MS,
      handler: eachRecord((record) => settle.follow(fromBinary(relationv1.PairNoticeSchema, record))),
    },
    {
      topic: relationChangesTopic,
      group: RELATION_DEVICES_GROUP,
      handler: eachRecord((record) => tell.follow(fromBinary(relationv1.RelationChangeSchema, record))),
    },
    {
      topic: accountEventsTopic,
      group: RELATION_DELETED_ACCOUNTS_GROUP,
      handler: eachRecord(onDeleted(forget.forget)),
    },
  ]);
  return {
    registrations: [registration(relationv1.RelationService, handlers)],
    ...lifecycle,
    audience: { audienceOf: (appId, userId, cursor) => audienceOf(lists, { appId, userId, cursor }) },
    relations: { factsOf: (appId, from, to) => factsOf(register, { appId, from, to }) },
  };
}

type Wanted = Parameters<Platform['log']['subscribe']>[0];

function following({ log }: Platform, wanted: readonly Wanted[]) {
  const subscriptions: Subscription[] = [];
  return {
    start: async (): Promise<void> => {
      for (const each of wanted) subscriptions.push(await log.subscribe(each));
    },
    stop: async (): Promise<void> => {
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.stop()));
    },
  };
}

interface Watched {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly cursor: string | undefined;
}

async function audienceOf(lists: ListStore, { appId, userId, cursor }: Watched) {
  const { rows, cursor: next } = await lists.page(appId, userId, relationv1.RelationKind.KNOWN_BY, {
    limit: AUDIENCE_PAGE_MAX,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const userIds = rows.map(({ peer }) => peer);
  return next === undefined ? { userIds } : { userIds, cursor: next };
}

async function factsOf(
  register: PairRegister,
  { appId, from, to }: { readonly appId: AppId; readonly from: UserId; readonly to: UserId },
) {
  const [between] = from === to ? [] : await register.sidesOf(appId, from, [to]);
  return {
    isBlocked: between?.theirs.blocked !== undefined,
    senderHasReceiver: between?.mine.friend !== undefined,
    receiverHasSender: between?.theirs.friend !== undefined,
  };
}
