// What the group service is to the platform.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { authv1, groupv1, messagev1 } from '@parley/proto';
import { accountEventsTopic, type Platform, type Service, type ServiceManifest } from '@parley/runtime';
import { type GroupConfig, groupConfig } from './config.js';
import { FollowAccounts } from './consumers/follow-accounts.js';
import { FollowEvents } from './consumers/follow-events.js';
import { FollowNotices } from './consumers/follow-notices.js';
import { FollowRooms } from './consumers/follow-rooms.js';
import { FollowTips } from './consumers/follow-tips.js';
import { GroupModule } from './group.module.js';
import { GroupServer } from './group-server.js';
import type { GroupUseCases } from './rpc/group-handlers.js';
import type { PermissionUseCases } from './rpc/permission-handlers.js';
import { GROUP_TABLES } from './tables.js';
import { GROUP_USE_CASES } from './tokens.js';
import { groupChangesTopic } from './topics.js';

async function build(platform: Platform, config: GroupConfig): Promise<Service> {
  const nest = await NestFactory.createApplicationContext(GroupModule.with(platform, config), {
    logger: false,
  });
  return new GroupServer(platform, {
    use: nest.get<GroupUseCases & PermissionUseCases>(GROUP_USE_CASES),
    rooms: nest.get(FollowRooms).follow,
    tips: nest.get(FollowTips).follow,
    notices: nest.get(FollowNotices).follow,
    events: nest.get(FollowEvents).follow,
    accounts: nest.get(FollowAccounts).handle,
    close: () => nest.close(),
  });
}

export const manifest: ServiceManifest<GroupConfig> = {
  name: 'group',
  config: groupConfig,
  owns: [groupv1.GroupService, groupv1.PermissionGroupService],
  calls: [authv1.AuthService, messagev1.MessageService],
  tables: GROUP_TABLES,
  topics: [groupChangesTopic, accountEventsTopic],
  build,
};
