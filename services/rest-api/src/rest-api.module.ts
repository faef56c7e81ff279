// Wires the objects of the REST door; nothing else.
import { randomInt } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Coordination } from '@parley/coordination';
import { authv1, followv1, groupv1, messagev1, profilev1, relationv1 } from '@parley/proto';
import type { Platform } from '@parley/runtime';
import type { CommandTools } from './commands/command.js';
import { COMMANDS } from './commands/command-table.js';
import type { RestApiConfig } from './config.js';
import { AdminIdentity } from './door/admin-identity.js';
import { CommandRates, parseFactors } from './door/command-rates.js';
import { Door } from './door/door.js';
import { RequestEvents } from './events.js';
import { CommandsController } from './http/commands.controller.js';
import { EnvelopeFilter } from './http/envelope-filter.js';
import { Visitors } from './http/visitors.js';

const UINT32_VALUES = 2 ** 32;

/** What this service needs of the platform. */
export type RestApiPlatform = Pick<Platform, 'clock' | 'metrics' | 'logger' | 'client'> & {
  readonly coordination: Pick<Coordination, 'countInWindow' | 'subscribe'>;
};

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module is a class
export class RestApiModule {
  static with(platform: RestApiPlatform, config: RestApiConfig): DynamicModule {
    const { clock, coordination, metrics } = platform;
    const auth = platform.client(authv1.AuthService);
    const rates = new CommandRates({
      coordination,
      metrics,
      factors: parseFactors(config.rateFactor, config.rateFactorByApp),
    });
    const tools: CommandTools = {
      auth,
      messages: platform.client(messagev1.MessageService),
      groups: platform.client(groupv1.GroupService),
      permissions: platform.client(groupv1.PermissionGroupService),
      profiles: platform.client(profilev1.ProfileService),
      relations: platform.client(relationv1.RelationService),
      follows: platform.client(followv1.FollowService),
      clock,
      randomMsgSeq: () => randomInt(1, UINT32_VALUES),
      countBatchReceivers: (appId, receivers) => rates.countBatchReceivers(appId, receivers),
    };
    const { requestsInFlightMax, backendTimeoutMs } = config;
    return {
      module: RestApiModule,
      controllers: [CommandsController],
      providers: [
        { provide: AdminIdentity, useFactory: () => new AdminIdentity({ auth, clock }) },
        {
          provide: RequestEvents,
          useFactory: () =>
            new RequestEvents({ log: platform.logger('rest-api'), clock, metrics, commands: COMMANDS }),
        },
        {
          provide: Door,
          inject: [AdminIdentity],
          useFactory: (identity: AdminIdentity) =>
            new Door({
              commands: COMMANDS,
              identity,
              rates,
              tools,
              clock,
              requestsInFlightMax,
              backendTimeoutMs,
            }),
        },
        {
          provide: Visitors,
          inject: [Door, RequestEvents],
          useFactory: (door: Door, events: RequestEvents) => new Visitors({ door, events, clock }),
        },
        {
          provide: APP_FILTER,
          inject: [Visitors],
          useFactory: (visitors: Visitors) => new EnvelopeFilter(visitors),
        },
      ],
    };
  }
}
