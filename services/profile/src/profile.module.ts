// Wires the parts of the profile service to each other; nothing else. Each part wires itself in its folder.

import { type DynamicModule, Module } from '@nestjs/common';
import type { UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { Accounts } from '@parley/rpc';
import type { Platform } from '@parley/runtime';
import type { ProfileConfig } from './config.js';
import { createFollow } from './follow/create-follow.js';
import type { ServicePart } from './part.js';
import { createPresence } from './presence/create-presence.js';
import { createProfiles } from './profiles/create-profiles.js';
import { SendFactNotices } from './profiles/send-fact-notices.js';
import { createRelations } from './relations/create-relations.js';

/** As whom the service calls others. */
const SERVICE_NAME = 'profile' as UserId;

/** Token of the service's parts, in the order in which they start. */
export const PROFILE_PARTS = Symbol('ProfileParts');

function createParts(platform: Platform, config: ProfileConfig): ServicePart[] {
  const accounts = new Accounts(platform.client(authv1.AuthService), SERVICE_NAME);
  const profiles = createProfiles(platform, config, accounts);
  const follow = createFollow(platform, config, { accounts, profiles: profiles.reader });
  const notices = new SendFactNotices(platform.coordination);
  const relations = createRelations(platform, config, { accounts, profiles: profiles.reader, notices });
  const presence = createPresence(platform, config, { accounts, audience: relations.audience });
  return [profiles.complete(relations), relations, follow, presence];
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class ProfileModule {
  static with(platform: Platform, config: ProfileConfig): DynamicModule {
    return {
      module: ProfileModule,
      providers: [{ provide: PROFILE_PARTS, useFactory: () => createParts(platform, config) }],
    };
  }
}
