// What the profile service is to the platform. Every part adds its contracts, tables and topics here.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { authv1, followv1, presencev1, profilev1, relationv1 } from '@parley/proto';
import { accountEventsTopic, type Platform, type Service, type ServiceManifest } from '@parley/runtime';
import { type ProfileConfig, profileConfig } from './config.js';
import { FOLLOW_TABLES } from './follow/tables.js';
import { followChangesTopic } from './follow/topics.js';
import type { ServicePart } from './part.js';
import { PRESENCE_TABLES } from './presence/tables.js';
import { presenceChangesTopic } from './presence/topics.js';
import { PROFILE_PARTS, ProfileModule } from './profile.module.js';
import { ProfileServer } from './profile-server.js';
import { PROFILES_TABLES } from './profiles/tables.js';
import { profileChangesTopic } from './profiles/topics.js';
import { RELATIONS_TABLES } from './relations/tables.js';
import { relationChangesTopic, relationIntentsTopic } from './relations/topics.js';

async function build(platform: Platform, config: ProfileConfig): Promise<Service> {
  const module = ProfileModule.with(platform, config);
  const nest = await NestFactory.createApplicationContext(module, { logger: false });
  return new ProfileServer(nest.get<ServicePart[]>(PROFILE_PARTS), () => nest.close());
}

export const manifest: ServiceManifest<ProfileConfig> = {
  name: 'profile',
  config: profileConfig,
  owns: [
    profilev1.ProfileService,
    followv1.FollowService,
    relationv1.RelationService,
    presencev1.PresenceService,
  ],
  calls: [authv1.AuthService],
  tables: [...PROFILES_TABLES, ...FOLLOW_TABLES, ...RELATIONS_TABLES, ...PRESENCE_TABLES],
  topics: [
    accountEventsTopic,
    profileChangesTopic,
    followChangesTopic,
    relationChangesTopic,
    relationIntentsTopic,
    presenceChangesTopic,
  ],
  build,
};
