// What the auth service is to the platform.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { AppId, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import {
  accountEventsTopic,
  type Platform,
  register,
  type Service,
  type ServiceManifest,
} from '@parley/runtime';
import { AUTH_PARTS, AuthModule, type AuthParts } from './auth.module.js';
import { type AuthConfig, authConfig } from './config.js';
import { AUTH_CHANGED_CHANNEL } from './events.js';
import { createAppHandlers, createAuthHandlers } from './rpc/auth-handlers.js';
import { accounts, appKeys, apps, endedLogins, openDeletions, resumeKeys } from './tables.js';

/** How long a deletion may stay unfinished when its process died and nobody comes across it. */
const FINISHING_EVERY_MS = 15_000;

async function build(platform: Platform, config: AuthConfig): Promise<Service> {
  const nest = await NestFactory.createApplicationContext(AuthModule.with(platform, config), {
    logger: false,
  });
  const {
    use,
    accounts: accountStore,
    apps: appStore,
    finishOpenDeletions,
  } = nest.get<AuthParts>(AUTH_PARTS);
  const forget = (notice: string): void => {
    const { appId, userId } = parseNotice(notice);
    if (userId === undefined) appStore.forget(appId);
    else accountStore.forget(appId, userId);
  };
  let isStarted = false;
  let finishing: NodeJS.Timeout | undefined;
  let notices: { close(): Promise<void> } | undefined;
  return {
    registrations: [
      register(authv1.AuthService, createAuthHandlers(use)),
      register(authv1.AppService, createAppHandlers(use)),
    ],
    start: async () => {
      notices = await platform.coordination.subscribe(AUTH_CHANGED_CHANNEL, forget);
      const bootstrapApp = {
        appId: config.bootstrapAppId,
        name: 'bootstrap',
        admins: [config.bootstrapAdmin],
        settings: undefined,
        secret: config.bootstrapAppKey,
      };
      await use.manageApps.ensure(bootstrapApp, config.isBootstrapKeyInitial);
      isStarted = true;
      void finishOpenDeletions.run();
      finishing = setInterval(() => void finishOpenDeletions.run(), FINISHING_EVERY_MS);
    },
    ready: () => (isStarted ? { isReady: true } : { isReady: false, reason: 'auth has not started' }),
    drain: async () => undefined,
    stop: async () => {
      isStarted = false;
      clearInterval(finishing);
      await finishOpenDeletions.stopped();
      await notices?.close();
      await nest.close();
    },
  };
}

/** See AUTH_CHANGED_CHANNEL. A UserID may hold spaces, an app id cannot. */
function parseNotice(notice: string): { appId: AppId; userId?: UserId } {
  const space = notice.indexOf(' ');
  if (space < 0) return { appId: Number(notice) as AppId };
  return { appId: Number(notice.slice(0, space)) as AppId, userId: notice.slice(space + 1) as UserId };
}

export const manifest: ServiceManifest<AuthConfig> = {
  name: 'auth',
  config: authConfig,
  owns: [authv1.AuthService, authv1.AppService],
  calls: [],
  tables: [apps, appKeys, accounts, openDeletions, resumeKeys, endedLogins],
  topics: [accountEventsTopic],
  build,
};
