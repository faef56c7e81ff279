// The access gateway as the runtime sees it.
import { NestFactory } from '@nestjs/core';
import { gatewayv1 } from '@parley/proto';
import type { Platform, ServiceManifest } from '@parley/runtime';
import { AccessGateway } from './access-gateway.js';
import { AccessGatewayModule } from './access-gateway.module.js';
import { type GatewayConfig, gatewayConfig } from './config.js';
import { SDK_SERVICES } from './sdk-services.js';

export const accessGatewayManifest = {
  name: 'access-gateway',
  config: gatewayConfig,
  owns: [gatewayv1.GatewayNodeService],
  calls: SDK_SERVICES,
  tables: [],
  topics: [],
  async build(platform: Platform, config: GatewayConfig): Promise<AccessGateway> {
    const module = AccessGatewayModule.forPlatform(platform, config);
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    return app.get(AccessGateway);
  },
} satisfies ServiceManifest<GatewayConfig>;
