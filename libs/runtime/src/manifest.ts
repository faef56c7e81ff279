// What a service tells the platform about itself, and what it gets to live with.
import type { DescService } from '@bufbuild/protobuf';
import type { ConfigSection } from '@parley/config';
import type { Coordination } from '@parley/coordination';
import type { Delivery, RoomRegistry, SessionRegistry } from '@parley/delivery';
import type { EventLog, Topic } from '@parley/event-log';
import type { Clock, NodeId } from '@parley/kernel';
import type { Client, Transport } from '@parley/rpc';
import type { Table, TableStore } from '@parley/table-store';
import type { Logger, Metrics } from '@parley/telemetry';
import type { ServiceRegistration } from './service-registration.js';

/** The ports and tools of one process; the same objects for every service in it. */
export interface Platform {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly tables: TableStore;
  readonly log: EventLog;
  readonly coordination: Coordination;
  readonly sessions: SessionRegistry;
  readonly rooms: RoomRegistry;
  readonly delivery: Delivery;
  readonly metrics: Metrics;
  logger(subsystem: string): Logger;
  /** A typed client of any service, wherever it runs; retries idempotent methods. */
  client<S extends DescService>(service: S): Client<S>;
  /** Carries already encoded requests (gateways). */
  readonly transport: Transport;
}

export interface ReadyState {
  readonly isReady: boolean;
  /** Why not, for humans. */
  readonly reason?: string;
}

/**
 * A built service. Lifecycle:
 *
 *   built ──start()──▶ running ──drain()──▶ draining ──stop()──▶ stopped
 *
 * Nothing runs before start(). drain() stops taking new work and hands clients
 * over; stop() ends what is left. Both are idempotent and bounded.
 */
export interface Service {
  /** RPC implementations, served from before start() returns until stop(). */
  readonly registrations: readonly ServiceRegistration[];
  start(): Promise<void>;
  ready(): ReadyState;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceManifest<C = unknown> {
  readonly name: string;
  /** Settings of this service, from its config section. */
  readonly config: ConfigSection<C>;
  /** Proto services it implements. */
  readonly owns: readonly DescService[];
  /** Proto services it calls; their owners start before it and stop after it. */
  readonly calls: readonly DescService[];
  /**
   * Proto services it calls that may call it too: neither waits for the other at start, so
   * until both run, such calls fail with UNAVAILABLE and are tried again. Absent: none.
   */
  readonly callsBack?: readonly DescService[];
  readonly tables: readonly Table[];
  readonly topics: readonly Topic[];
  build(platform: Platform, config: C): Promise<Service>;
}
