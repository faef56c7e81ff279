// The way to one service whose replicas live in other processes.
import {
  type BalancedTransport,
  createBalancedTransport,
  type Endpoint,
  type EndpointTransport,
} from '@parley/rpc';
import type { Logger } from '@parley/telemetry';
import { type PeerSource, resolveAddresses } from './peer-addresses.js';

/** How often names are looked up again: a new replica is used, and a gone one forgotten, within this time. */
const REFRESH_MS = 2_000;

export interface PeerTransportOptions {
  readonly service: string;
  readonly sources: readonly PeerSource[];
  /** A transport to one address. */
  readonly connect: (address: string) => EndpointTransport;
  readonly log: Logger;
}

/** Keeps a balanced transport's endpoints at what the settings and DNS say. */
export class PeerTransport {
  readonly transport: BalancedTransport = createBalancedTransport([]);
  private readonly endpoints = new Map<string, Endpoint>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PeerTransportOptions) {}

  /** Resolves when the first addresses are known. */
  async start(): Promise<void> {
    await this.refresh();
    if (!this.options.sources.some((source) => source.isName)) return;
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.transport.close();
  }

  private async refresh(): Promise<void> {
    const { service, sources, log } = this.options;
    try {
      const addresses = await resolveAddresses(sources);
      if (addresses.length === this.endpoints.size && addresses.every((one) => this.endpoints.has(one)))
        return;
      await this.use(addresses);
      log.info('replicas changed', { service, addresses });
    } catch (cause) {
      // The replicas known so far stay in use; the next refresh asks again.
      log.warn('replicas not found', { service, cause });
    }
  }

  private async use(addresses: readonly string[]): Promise<void> {
    for (const known of [...this.endpoints.keys()])
      if (!addresses.includes(known)) this.endpoints.delete(known);
    for (const address of addresses) {
      if (this.endpoints.has(address)) continue;
      this.endpoints.set(address, { id: address, transport: this.options.connect(address) });
    }
    await this.transport.setEndpoints([...this.endpoints.values()]);
  }
}
