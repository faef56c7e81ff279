// Puts a process's platform together from its engines: what every service lives with.
import type { DescService } from '@bufbuild/protobuf';
import { createDelivery, createRoomRegistry, createSessionRegistry } from '@parley/delivery';
import { type Clock, type NodeId, systemClock } from '@parley/kernel';
import {
  type Client,
  createClient,
  createInProcessTransport,
  createRouter,
  type EndpointTransport,
  type Router,
  type Transport,
  withRetry,
} from '@parley/rpc';
import type { LogRoot, Metrics } from '@parley/telemetry';
import { GatewayNodes } from './cluster/gateway-nodes.js';
import { ServiceTransport } from './cluster/service-transport.js';
import type { Engines } from './engines/open-engines.js';
import type { Platform } from './manifest.js';

/** The ways to other processes. */
export interface Peers {
  /** To the owner of a proto service, by its full name. */
  readonly remoteOf: (protoService: string) => Transport | undefined;
  /** To the process at an address (`host:port`). */
  readonly connect: (address: string) => EndpointTransport;
}

export interface CreatePlatformOptions {
  readonly nodeId: NodeId;
  readonly engines: Engines;
  readonly logs: Pick<LogRoot, 'logger'>;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Absent: this process holds every service that it calls. */
  readonly peers?: Peers;
}

export interface PlatformHandle {
  readonly platform: Platform;
  /** Where services register what they implement. */
  readonly router: Router;
  /** Ends calls in flight; the engines stay open. */
  close(): Promise<void>;
}

const ALONE: Peers = {
  remoteOf: () => undefined,
  connect: (address) => {
    throw new Error(`this process knows no other, and so not ${address}`);
  },
};

export function createPlatform(options: CreatePlatformOptions): PlatformHandle {
  const { nodeId, engines, logs, metrics, clock = systemClock, peers = ALONE } = options;
  const router = createRouter({ logger: logs.logger('rpc') });
  const local = createInProcessTransport({ router, clock });
  const transport = withRetry(new ServiceTransport({ router, local, remoteOf: peers.remoteOf }), { clock });
  const sessions = createSessionRegistry({ coordination: engines.coordination, clock });
  const rooms = createRoomRegistry({ coordination: engines.coordination, clock });
  const nodes = new GatewayNodes({ ownNodeId: nodeId, local, connect: peers.connect });
  const delivery = createDelivery({
    sessions,
    rooms,
    nodeClient: (node) => nodes.clientOf(node),
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
      rooms,
      delivery,
      metrics,
      logger: (subsystem) => logs.logger(subsystem),
      client: clientsOver(transport),
      transport,
    },
    close: async () => {
      await nodes.close();
      await local.close();
    },
  };
}

/** One client a service, made when it is first asked for. */
function clientsOver(transport: Transport): Platform['client'] {
  const clients = new Map<DescService, Client<DescService>>();
  return <S extends DescService>(service: S): Client<S> => {
    const known = clients.get(service) ?? createClient<DescService>(service, transport);
    clients.set(service, known);
    return known as Client<S>;
  };
}
