// Puts a process's platform together from its engines: what every service lives with.
import type { DescService } from '@bufbuild/protobuf';
import { createDelivery, createSessionRegistry } from '@parley/delivery';
import { type Clock, type NodeId, systemClock } from '@parley/kernel';
import { gatewayv1 } from '@parley/proto';
import {
  type Client,
  createClient,
  createInProcessTransport,
  createRouter,
  type Router,
  withRetry,
} from '@parley/rpc';
import type { LogRoot, Metrics } from '@parley/telemetry';
import type { Engines } from './engines.js';
import type { Platform } from './manifest.js';

export interface CreatePlatformOptions {
  readonly nodeId: NodeId;
  readonly engines: Engines;
  readonly logs: Pick<LogRoot, 'logger'>;
  readonly metrics: Metrics;
  readonly clock?: Clock;
}

export interface PlatformHandle {
  readonly platform: Platform;
  /** Where services register what they implement. */
  readonly router: Router;
  /** Ends calls in flight; the engines stay open. */
  close(): Promise<void>;
}

/** The platform of a process that holds every service it calls. */
export function createPlatform(options: CreatePlatformOptions): PlatformHandle {
  const { nodeId, engines, logs, metrics, clock = systemClock } = options;
  const router = createRouter({ logger: logs.logger('rpc') });
  const transport = createInProcessTransport({ router, clock });
  const retrying = withRetry(transport, { clock });
  const clients = new Map<DescService, Client<DescService>>();
  const client = <S extends DescService>(service: S): Client<S> => {
    const known = clients.get(service) ?? createClient<DescService>(service, retrying);
    clients.set(service, known);
    return known as Client<S>;
  };
  const sessions = createSessionRegistry({ coordination: engines.coordination, clock });
  const delivery = createDelivery({
    sessions,
    nodeClient: () => createClient(gatewayv1.GatewayNodeService, transport),
    clock,
    metrics,
    logger: logs.logger('delivery'),
  });
  return {
    router,
    platform: {
      nodeId,
      clock,
      tables: engines.tables,
      log: engines.log,
      coordination: engines.coordination,
      sessions,
      delivery,
      metrics,
      logger: (subsystem) => logs.logger(subsystem),
      client,
      transport: retrying,
    },
    close: () => transport.close(),
  };
}
