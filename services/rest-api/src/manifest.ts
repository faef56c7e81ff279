// The REST door as the runtime sees it.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { authv1, followv1, groupv1, messagev1, profilev1, relationv1 } from '@parley/proto';
import type { ServiceManifest } from '@parley/runtime';
import { type RestApiConfig, restApiConfig } from './config.js';
import { fastifyOptions } from './http/fastify-options.js';
import { readTlsFiles } from './http/tls-files.js';
import { Visitors } from './http/visitors.js';
import { RestApi } from './rest-api.js';
import { RestApiModule, type RestApiPlatform } from './rest-api.module.js';

async function build(platform: RestApiPlatform, config: RestApiConfig): Promise<RestApi> {
  const tls = await readTlsFiles(config);
  const adapter = new FastifyAdapter({ ...fastifyOptions(config.receiveTimeoutMs, tls), skipMiddie: true });
  const app = await NestFactory.create<NestFastifyApplication>(
    RestApiModule.with(platform, config),
    adapter,
    {
      logger: false,
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.get(Visitors).attach(adapter.getInstance());
  return new RestApi({ app, coordination: platform.coordination, config });
}

export const restApiManifest = {
  name: 'rest-api',
  config: restApiConfig,
  owns: [],
  calls: [
    authv1.AuthService,
    messagev1.MessageService,
    groupv1.GroupService,
    groupv1.PermissionGroupService,
    profilev1.ProfileService,
    relationv1.RelationService,
    followv1.FollowService,
  ],
  tables: [],
  topics: [],
  build,
} satisfies ServiceManifest<RestApiConfig>;
