// Wires the parts of the profile service to each other; nothing else. Each part wires itself in its folder.
import { type DynamicModule, Module } from '@nestjs/common';
import { authv1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import { Accounts } from './accounts.js';
import type { ProfileConfig } from './config.js';
import { createFollow } from './follow/create-follow.js';
import type { ServicePart } from './part.js';
import { createProfiles, type Relations } from './profiles/create-profiles.js';

/** Token of the service's parts, in the order in which they start. */
export const PROFILE_PARTS = Symbol('ProfileParts');

/** Until the service keeps relationships: nobody is anybody's friend, and nobody is blocked. */
const STRANGERS: Relations = {
  audience: { audienceOf: async () => ({ userIds: [] }) },
  relations: {
    factsOf: async () => ({ isBlocked: false, senderHasReceiver: false, receiverHasSender: false }),
  },
};

function createParts(platform: Platform, config: ProfileConfig): ServicePart[] {
  const accounts = new Accounts(platform.client(authv1.AuthService));
  const profiles = createProfiles(platform, config, accounts);
  const follow = createFollow(platform, config, { accounts, profiles: profiles.reader });
  return [profiles.complete(STRANGERS), follow];
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
