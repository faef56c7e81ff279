// What a process has with the others of its cluster: the door that it serves them
// through, and the ways to them.

import type { EndpointTransport, Router } from '@parley/rpc';
import { createBatchTransport, createGrpcServer, type GrpcServer } from '@parley/rpc/grpc';
import type { Logger } from '@parley/telemetry';
import type { Peers } from '../platform.js';
import type { AnyManifest } from '../target-graph.js';
import type { ClusterConfig } from './cluster-config.js';
import { parsePeers } from './peer-addresses.js';
import { PeerTransport } from './peer-transport.js';
import { type ClusterTls, readClusterTls } from './tls-files.js';

export interface ClusterLinkOptions {
  readonly config: ClusterConfig;
  /** Every service of the program: who owns which proto service. */
  readonly manifests: readonly AnyManifest[];
  readonly log: Logger;
}

/** Connect first, serve when the services have started, stop serving before they stop, close last. */
export class ClusterLink {
  private readonly tls: ClusterTls | undefined;
  private readonly transports = new Map<string, PeerTransport>();
  private readonly ownerOf: ReadonlyMap<string, string>;
  private server: GrpcServer | undefined;

  /** @throws Error when a certificate cannot be read. */
  constructor(private readonly options: ClusterLinkOptions) {
    const { config, manifests, log } = options;
    this.tls = readClusterTls(config);
    this.ownerOf = new Map(
      manifests.flatMap(({ name, owns }) => owns.map(({ typeName }) => [typeName, name] as const)),
    );
    for (const [service, sources] of parsePeers(config.peers)) {
      this.transports.set(service, new PeerTransport({ service, sources, connect: this.connect, log }));
    }
  }

  /** Names of the services that run elsewhere. */
  get peerNames(): readonly string[] {
    return [...this.transports.keys()];
  }

  get peers(): Peers {
    return {
      connect: this.connect,
      remoteOf: (protoService) => this.transports.get(this.ownerOf.get(protoService) ?? '')?.transport,
    };
  }

  async connectAll(): Promise<void> {
    await Promise.all([...this.transports.values()].map((transport) => transport.start()));
  }

  /** Serves what the router knows by now, if the settings name an address. @throws Error when it cannot be bound. */
  async serve(router: Router): Promise<void> {
    const { config, log } = this.options;
    if (config.rpcAddress === '') return;
    this.server = createGrpcServer({ router, ...(this.tls ? { tls: this.tls.server } : {}) });
    const port = await this.server.listen(config.rpcAddress);
    log.info('serving other processes', {
      address: config.rpcAddress,
      port,
      isEncrypted: this.tls !== undefined,
    });
  }

  async stopServing(): Promise<void> {
    await this.server?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.transports.values()].map((transport) => transport.close()));
  }

  private readonly connect = (address: string): EndpointTransport =>
    createBatchTransport({ address, ...(this.tls ? { tls: this.tls.client } : {}) });
}

/** Where others reach a process with these settings; empty when they do not. */
export const advertisedAddress = (config: ClusterConfig): string => config.advertise || config.rpcAddress;
