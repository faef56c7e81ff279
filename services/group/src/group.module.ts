// Wires the objects of the group service; nothing else.
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { messagev1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import { CarryOut } from './changing/carry-out.js';
import { EndGroup } from './changing/end-group.js';
import { GroupRegister } from './changing/group-register.js';
import type { GroupConfig } from './config.js';
import { FollowAccounts } from './consumers/follow-accounts.js';
import { FollowEvents } from './consumers/follow-events.js';
import { FollowNotices } from './consumers/follow-notices.js';
import { FollowRooms } from './consumers/follow-rooms.js';
import { FollowTips } from './consumers/follow-tips.js';
import { GroupTypes } from './domain/group-types.js';
import { GroupEvents } from './events.js';
import { parseCustomTypes } from './settings/custom-types.js';
import { AppGroupStore } from './stores/app-group-store.js';
import { ApplicationStore } from './stores/application-store.js';
import { GroupStore } from './stores/group-store.js';
import { MarkStore } from './stores/mark-store.js';
import { MemberStore } from './stores/member-store.js';
import { PermissionStore } from './stores/permission-store.js';
import { TimedUserStore } from './stores/timed-user-store.js';
import { TopicStore } from './stores/topic-store.js';
import { ValueStore } from './stores/value-store.js';
import { groupBans, groupMutes } from './tables.js';
import { BAN_STORE, MUTE_STORE } from './tokens.js';
import { useCaseProviders } from './use-case-providers.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class GroupModule {
  static with(platform: Platform, config: GroupConfig): DynamicModule {
    return {
      module: GroupModule,
      providers: [
        ...storeProviders(platform, config),
        ...changingProviders(platform),
        ...consumerProviders(platform),
        ...useCaseProviders(platform, config),
      ],
    };
  }
}

const storeProviders = ({ tables, metrics, logger, clock }: Platform, config: GroupConfig): Provider[] => [
  { provide: GroupTypes, useFactory: () => new GroupTypes(parseCustomTypes(config.customTypes)) },
  { provide: GroupEvents, useFactory: () => new GroupEvents(logger('group'), metrics) },
  { provide: GroupStore, useFactory: () => new GroupStore(tables) },
  { provide: MemberStore, useFactory: () => new MemberStore(tables) },
  { provide: MarkStore, useFactory: () => new MarkStore(tables, clock) },
  { provide: MUTE_STORE, useFactory: () => new TimedUserStore(tables, groupMutes) },
  { provide: BAN_STORE, useFactory: () => new TimedUserStore(tables, groupBans) },
  { provide: ApplicationStore, useFactory: () => new ApplicationStore(tables) },
  { provide: ValueStore, useFactory: () => new ValueStore(tables) },
  { provide: TopicStore, useFactory: () => new TopicStore(tables) },
  { provide: PermissionStore, useFactory: () => new PermissionStore(tables) },
  { provide: AppGroupStore, useFactory: () => new AppGroupStore(tables) },
];

const changingProviders = (platform: Platform): Provider[] => [
  {
    provide: EndGroup,
    inject: [AppGroupStore, GroupTypes],
    useFactory: (appGroups: AppGroupStore, types: GroupTypes) => {
      const messages = platform.client(messagev1.MessageService);
      return new EndGroup({ tables: platform.tables, messages, appGroups, types });
    },
  },
  {
    provide: CarryOut,
    inject: [AppGroupStore, GroupTypes, EndGroup, GroupEvents],
    useFactory: (appGroups: AppGroupStore, types: GroupTypes, endGroup: EndGroup, events: GroupEvents) => {
      const { tables, log, coordination } = platform;
      const messages = platform.client(messagev1.MessageService);
      return new CarryOut({ tables, log, coordination, messages, appGroups, types, endGroup, events });
    },
  },
  {
    provide: GroupRegister,
    inject: [
      GroupStore,
      CarryOut,
      GroupTypes,
      GroupEvents,
      MemberStore,
      MUTE_STORE,
      BAN_STORE,
      ApplicationStore,
      ValueStore,
      TopicStore,
      PermissionStore,
    ],
    useFactory: (
      store: GroupStore,
      carryOut: CarryOut,
      types: GroupTypes,
      events: GroupEvents,
      members: MemberStore,
      mutes: TimedUserStore,
      bans: TimedUserStore,
      applications: ApplicationStore,
      values: ValueStore,
      topics: TopicStore,
      permissions: PermissionStore,
    ) => {
      const rows = { members, mutes, bans, applications, values, topics, permissions };
      return new GroupRegister({ store, carryOut, view: { rows, types, clock: platform.clock }, events });
    },
  },
];

const consumerProviders = (platform: Platform): Provider[] => [
  {
    provide: FollowRooms,
    inject: [GroupRegister],
    useFactory: (register: GroupRegister) => new FollowRooms(register, platform.delivery),
  },
  {
    provide: FollowTips,
    inject: [GroupTypes, GroupEvents],
    useFactory: (types: GroupTypes, events: GroupEvents) =>
      new FollowTips(platform.client(messagev1.MessageService), types, events),
  },
  {
    provide: FollowNotices,
    inject: [GroupEvents],
    useFactory: (events: GroupEvents) => new FollowNotices(platform.client(messagev1.MessageService), events),
  },
  {
    provide: FollowAccounts,
    inject: [GroupRegister, MemberStore],
    useFactory: (register: GroupRegister, members: MemberStore) => new FollowAccounts(register, members),
  },
  { provide: FollowEvents, useFactory: () => new FollowEvents(platform.delivery) },
];
