// The use-cases with what each needs.

import type { Provider } from '@nestjs/common';
import { authv1, messagev1 } from '@parley/proto';
import { Accounts } from '@parley/rpc';
import type { Platform } from '@parley/runtime';
import { SERVICE_NAME } from './changing/carry-out.js';
import { GroupRegister } from './changing/group-register.js';
import { LiveLeaders } from './changing/live-leaders.js';
import type { GroupConfig } from './config.js';
import { CustomFields } from './domain/custom-fields.js';
import { GroupTypes } from './domain/group-types.js';
import { GroupEvents } from './events.js';
import type { GroupUseCases } from './rpc/group-handlers.js';
import type { PermissionUseCases } from './rpc/permission-handlers.js';
import { parseCustomDeclarations } from './settings/custom-declarations.js';
import { AppGroupStore } from './stores/app-group-store.js';
import { ApplicationStore } from './stores/application-store.js';
import { MarkStore } from './stores/mark-store.js';
import { MemberStore } from './stores/member-store.js';
import { PermissionStore } from './stores/permission-store.js';
import type { TimedUserStore } from './stores/timed-user-store.js';
import { VisitTips } from './telling/visit-tips.js';
import { BAN_STORE, GROUP_USE_CASES, MUTE_STORE } from './tokens.js';
import { AddMembers } from './use-cases/add-members.js';
import { BanMembers } from './use-cases/ban-members.js';
import { ChangeAttributes } from './use-cases/change-attributes.js';
import { ChangeCounters } from './use-cases/change-counters.js';
import { ChangeLiveAdmins } from './use-cases/change-live-admins.js';
import { DestroyPermissionGroups, ModifyPermissionGroup } from './use-cases/change-permission-groups.js';
import { DestroyTopics, ModifyTopic } from './use-cases/change-topics.js';
import { CheckVisitors } from './use-cases/check-visitors.js';
import { CountOnline } from './use-cases/count-online.js';
import { CreateGroup } from './use-cases/create-group.js';
import { CreatePermissionGroup } from './use-cases/create-permission-group.js';
import { CreateTopic } from './use-cases/create-topic.js';
import { DestroyGroup } from './use-cases/destroy-group.js';
import { GetGroups } from './use-cases/get-groups.js';
import { GetMembers } from './use-cases/get-members.js';
import { GetPermissionGroups } from './use-cases/get-permission-groups.js';
import { GetSendFacts } from './use-cases/get-send-facts.js';
import { GetTopics } from './use-cases/get-topics.js';
import { GetAttributes, GetCounters } from './use-cases/get-values.js';
import { GroupQuota } from './use-cases/group-quota.js';
import { HandleApplication } from './use-cases/handle-application.js';
import { JoinGroup } from './use-cases/join-group.js';
import { ListAppGroups } from './use-cases/list-app-groups.js';
import { ListApplications } from './use-cases/list-applications.js';
import { ListJoinedGroups } from './use-cases/list-joined-groups.js';
import { ListLiveAdmins } from './use-cases/list-live-admins.js';
import { ListMembers } from './use-cases/list-members.js';
import { ListRooms } from './use-cases/list-rooms.js';
import { ListBanned, ListMuted } from './use-cases/list-timed-users.js';
import { ListVisitors } from './use-cases/list-visitors.js';
import { MarkVisitors } from './use-cases/mark-visitors.js';
import { ModifyGroup } from './use-cases/modify-group.js';
import { ModifyMember } from './use-cases/modify-member.js';
import { MuteMembers } from './use-cases/mute-members.js';
import { ChangePermissionMembers, ListPermissionMembers } from './use-cases/permission-members.js';
import { ListPins, PinMessage, UnpinMessage } from './use-cases/pin-messages.js';
import { QuitGroup } from './use-cases/quit-group.js';
import { RemoveMembers } from './use-cases/remove-members.js';
import { ChangeTopicPermissions, GetTopicPermissions } from './use-cases/topic-permissions.js';
import { TransferGroup } from './use-cases/transfer-group.js';

interface Parts {
  readonly platform: Platform;
  readonly config: GroupConfig;
  readonly register: GroupRegister;
  readonly types: GroupTypes;
  readonly events: GroupEvents;
  readonly members: MemberStore;
  readonly appGroups: AppGroupStore;
  readonly applications: ApplicationStore;
  readonly mutes: TimedUserStore;
  readonly bans: TimedUserStore;
  readonly marks: MarkStore;
  readonly permissions: PermissionStore;
  readonly custom: CustomFields;
  readonly accounts: Accounts;
  readonly leaders: LiveLeaders;
  readonly quota: GroupQuota;
}

export const useCaseProviders = (platform: Platform, config: GroupConfig): Provider[] => [
  {
    provide: GROUP_USE_CASES,
    inject: [
      GroupRegister,
      GroupTypes,
      GroupEvents,
      MemberStore,
      AppGroupStore,
      ApplicationStore,
      MUTE_STORE,
      BAN_STORE,
      MarkStore,
      PermissionStore,
    ],
    useFactory: (
      register: GroupRegister,
      types: GroupTypes,
      events: GroupEvents,
      members: MemberStore,
      appGroups: AppGroupStore,
      applications: ApplicationStore,
      mutes: TimedUserStore,
      bans: TimedUserStore,
      marks: MarkStore,
      permissions: PermissionStore,
    ): GroupUseCases & PermissionUseCases => {
      const stores = { members, appGroups, applications, mutes, bans, marks, permissions };
      const custom = new CustomFields(parseCustomDeclarations(config.customFields));
      const accounts = new Accounts(platform.client(authv1.AuthService), SERVICE_NAME);
      const { coordination } = platform;
      const quota = new GroupQuota({ members, appGroups, types, coordination, limits: config });
      const leaders = new LiveLeaders({ register, accounts, events });
      const parts = {
        platform,
        config,
        register,
        types,
        events,
        ...stores,
        custom,
        accounts,
        quota,
        leaders,
      };
      return {
        ...groupUseCases(parts),
        ...memberUseCases(parts),
        ...valueUseCases(parts),
        ...topicUseCases(parts),
        ...permissionUseCases(parts),
      };
    },
  },
];

function groupUseCases(parts: Parts) {
  const { register, types, events, custom, members, platform, config, leaders } = parts;
  const { clock, delivery } = platform;
  const rules = { limits: config, custom };
  const { joinedGroupsMax } = config;
  return {
    create: new CreateGroup({ ...parts, rules, clock }),
    get: new GetGroups(register, leaders, custom),
    modify: new ModifyGroup({ register, rules, events }),
    destroy: new DestroyGroup(register, events),
    transfer: new TransferGroup(register, events),
    listOfApp: new ListAppGroups(parts.appGroups, types, clock),
    listJoined: new ListJoinedGroups({ register, members, types, custom, joinedGroupsMax, delivery }),
    listRooms: new ListRooms(members, joinedGroupsMax),
    sendFacts: new GetSendFacts(register),
  };
}

function memberUseCases(parts: Parts) {
  const { register, events, custom, members, platform, config, quota, accounts, marks, leaders } = parts;
  const { invitesNeedConsent } = config;
  const { delivery, clock } = platform;
  const visitTips = new VisitTips(platform.client(messagev1.MessageService), events, clock);
  return {
    addMembers: new AddMembers({ register, accounts, quota, custom, events, invitesNeedConsent }),
    removeMembers: new RemoveMembers(register, events),
    join: new JoinGroup({ register, quota, custom, delivery, visitTips, marks }),
    quit: new QuitGroup({ register, delivery, visitTips, marks }),
    modifyMember: new ModifyMember({ register, custom, events }),
    listMembers: new ListMembers(register, members, custom),
    getMembers: new GetMembers(register, custom),
    mute: new MuteMembers(register, events),
    listMuted: new ListMuted(register, parts.mutes),
    ban: new BanMembers(register, events),
    listBanned: new ListBanned(register, parts.bans),
    listApplications: new ListApplications(register, parts.applications),
    changeLiveAdmins: new ChangeLiveAdmins({ register, leaders, accounts, events }),
    checkVisitors: new CheckVisitors({ register, delivery, marks }),
    listVisitors: new ListVisitors({ register, delivery, marks }),
    markVisitors: new MarkVisitors({ register, delivery, marks, accounts, events }),
    listLiveAdmins: new ListLiveAdmins(register, leaders),
    handleApplication: new HandleApplication(register, quota),
    countOnline: new CountOnline({
      register,
      members,
      sessions: platform.sessions,
      rooms: platform.rooms,
      delivery,
      marks,
    }),
  };
}

function valueUseCases({ register, platform }: Parts) {
  const { coordination } = platform;
  return {
    getAttributes: new GetAttributes(register),
    changeAttributes: new ChangeAttributes(register, coordination),
    getCounters: new GetCounters(register),
    changeCounters: new ChangeCounters(register, coordination),
    pin: new PinMessage(register, platform.client(messagev1.MessageService)),
    unpin: new UnpinMessage(register),
    listPins: new ListPins(register),
  };
}

function topicUseCases({ register, config, events }: Parts) {
  return {
    createTopic: new CreateTopic(register, config, events),
    getTopics: new GetTopics(register),
    modifyTopic: new ModifyTopic(register, config, events),
    destroyTopics: new DestroyTopics(register, events),
  };
}

function permissionUseCases({ register, config, events, permissions, custom }: Parts) {
  const { permissionGroupMembersMax } = config;
  return {
    createPermissionGroup: new CreatePermissionGroup(register, events),
    modifyPermissionGroup: new ModifyPermissionGroup(register, events),
    destroyPermissionGroups: new DestroyPermissionGroups(register, events),
    getPermissionGroups: new GetPermissionGroups(register),
    changeTopicPermissions: new ChangeTopicPermissions(register, events),
    getTopicPermissions: new GetTopicPermissions(register),
    changePermissionMembers: new ChangePermissionMembers({ register, events, permissionGroupMembersMax }),
    listPermissionMembers: new ListPermissionMembers({ register, permissions, custom }),
  };
}
