// The service: opens the door, ticks, keeps the lease, drains and stops.
import { setTimeout as wait } from 'node:timers/promises';
import { gatewayNodeCodecs } from '@parley/delivery';
import type { Clock } from '@parley/kernel';
import { gatewayv1 } from '@parley/proto';
import { type ReadyState, register, type Service, type ServiceRegistration } from '@parley/runtime';
import type { ConnectionCloser } from './connections/connection-closer.js';
import type { ConnectionTable } from './connections/connection-table.js';
import type { GatewayEvents } from './events.js';
import type { RoomRegistrar } from './rooms/room-registrar.js';
import type { GatewayNodeHandlers } from './rpc/gateway-node-handlers.js';
import type { DoorState } from './sockets/door-keeper.js';
import type { WebSocketDoor } from './sockets/websocket-door.js';
import type { DrainConnections } from './use-cases/drain-connections.js';
import type { JoinRooms } from './use-cases/join-rooms.js';
import type { KeepLease } from './use-cases/keep-lease.js';
import type { BacklogWatch } from './use-cases/watch-backlog.js';
import type { DeadlineWatch } from './use-cases/watch-deadlines.js';

export interface AccessGatewayOptions {
  readonly door: WebSocketDoor;
  readonly doorState: DoorState;
  readonly handlers: GatewayNodeHandlers;
  readonly table: ConnectionTable;
  readonly closer: ConnectionCloser;
  readonly watch: DeadlineWatch;
  readonly backlog: BacklogWatch;
  readonly lease: KeepLease;
  readonly registrar: RoomRegistrar;
  readonly joinRooms: JoinRooms;
  readonly drainConnections: DrainConnections;
  readonly events: GatewayEvents;
  readonly clock: Clock;
}

/** How exact deadlines are. */
export const WATCH_TICK_MS = 250;
/** How long a stop waits for sockets to close, and for the registry. */
const STOP_GRACE_MS = 1_000;

export class AccessGateway implements Service {
  readonly registrations: readonly ServiceRegistration[];
  #ticker: ReturnType<typeof setInterval> | undefined;
  #draining: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  readonly #stopSignal = new AbortController();

  constructor(private readonly parts: AccessGatewayOptions) {
    this.registrations = [register(gatewayv1.GatewayNodeService, parts.handlers, gatewayNodeCodecs)];
  }

  /** Where clients connect; empty before start(). */
  get url(): string {
    return this.parts.door.url;
  }

  async start(): Promise<void> {
    const { door, doorState, lease, events } = this.parts;
    await lease.start();
    this.#ticker = setInterval(() => this.#tick(), WATCH_TICK_MS);
    try {
      await door.open();
    } catch (cause) {
      await this.stop();
      throw cause;
    }
    doorState.isOpen = true;
    events.listening(door.url);
  }

  ready(): ReadyState {
    if (this.parts.doorState.isOpen) return { isReady: true };
    const reason = this.#draining === undefined ? 'not started' : 'draining';
    return { isReady: false, reason };
  }

  drain(): Promise<void> {
    this.#draining ??= this.#drain();
    return this.#draining;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #tick(): void {
    this.parts.watch.tick();
    this.parts.backlog.tick();
    this.parts.registrar.tick();
    this.parts.joinRooms.tick();
  }

  async #drain(): Promise<void> {
    const { doorState, table, drainConnections, events, clock } = this.parts;
    doorState.isOpen = false;
    const startedAtMs = clock.now();
    const connections = table.size;
    await drainConnections.run(this.#stopSignal.signal);
    events.drained(connections, clock.now() - startedAtMs);
  }

  async #stop(): Promise<void> {
    const { door, doorState, table, closer, registrar, lease } = this.parts;
    doorState.isOpen = false;
    this.#stopSignal.abort();
    await this.#draining;
    for (const connection of [...table.all()]) closer.end(connection, 'going_away', 'this gateway stops');
    await within(STOP_GRACE_MS, table.whenEmpty());
    for (const connection of [...table.all()]) connection.socket.terminate();
    await within(STOP_GRACE_MS, table.whenEmpty());
    await door.close();
    clearInterval(this.#ticker);
    const unregistered = Promise.all([closer.whenUnregistered(), registrar.stop()]);
    await within(STOP_GRACE_MS, unregistered);
    await within(STOP_GRACE_MS, lease.stop());
  }
}

/** Waits for what may never come, but not longer than this. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const timer = wait(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
  await Promise.race([work, timer]);
  limit.abort();
}
