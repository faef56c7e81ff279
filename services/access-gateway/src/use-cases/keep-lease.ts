// Keeps this node's sessions and rooms alive in the registries, and brings them back when they were lost.
import type { SessionRegistry } from '@parley/delivery';
import type { NodeId } from '@parley/kernel';
import { encodeResyncFrame } from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import { type ConnectionTable, sessionOf } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { frameEncoded } from '../connections/websocket-frame.js';
import type { GatewayEvents } from '../events.js';
import type { RoomRegistrar } from '../rooms/room-registrar.js';

export interface KeepLeaseOptions {
  readonly sessions: SessionRegistry;
  readonly registrar: RoomRegistrar;
  readonly table: ConnectionTable;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
  readonly nodeId: NodeId;
  readonly renewMs: number;
  readonly ttlMs: number;
}

/** Registrations under way at once after a lease was lost. */
const REGISTER_AT_ONCE = 256;

export class KeepLease {
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | undefined;
  /** The registry lost our sessions, and not all of them are back. */
  #mustRegister = false;

  constructor(private readonly parts: KeepLeaseOptions) {}

  /** Takes the lease and keeps it. An unreachable registry does not fail the start: the next renewal tries again. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.renew(), this.parts.renewMs);
    await this.renew();
  }

  /** Gives the lease back: the node's sessions are gone for everybody. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
    try {
      await this.parts.sessions.dropLease(this.parts.nodeId);
    } catch (cause) {
      this.parts.events.registryUnavailable('drop', cause); // it expires by itself
    }
  }

  /** One renewal; runs at most once at a time. */
  renew(): Promise<void> {
    this.#running ??= this.#renew().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #renew(): Promise<void> {
    const { sessions, registrar, nodeId, ttlMs, events } = this.parts;
    try {
      const wasHeld = await sessions.renewLease(nodeId, ttlMs);
      if (!wasHeld) {
        this.#mustRegister = true;
        // First: a client that hears a Resync asks what it missed, and must miss nothing afterwards.
        await registrar.registerAgain();
      }
    } catch (cause) {
      events.registryUnavailable('lease', cause);
      return;
    }
    if (this.#mustRegister) await this.#registerAll();
  }

  /** Every session again, then a Resync to its client: pushes were not sent here while the registry had no sessions. */
  async #registerAll(): Promise<void> {
    const open = [...this.parts.table.all()].filter((one) => one.state === ConnectionState.OPEN);
    this.#mustRegister = false;
    for (let first = 0; first < open.length; first += REGISTER_AT_ONCE) {
      const batch = open.slice(first, first + REGISTER_AT_ONCE);
      await Promise.all(batch.map((connection) => this.#register(connection)));
    }
    if (open.length > 0) this.parts.events.leaseRestored(open.length);
  }

  async #register(connection: Connection): Promise<void> {
    const { sessions, nodeId, outbox, closer, events } = this.parts;
    const { appId, userId } = connection;
    try {
      await sessions.registerAgain(appId, userId, sessionOf(connection, nodeId));
    } catch (cause) {
      this.#mustRegister = true;
      events.registryUnavailable('register', cause);
      return;
    }
    // It may have ended while it was being registered, after its own unregistration.
    if (!connection.isLive) closer.unregister(connection);
    else if (!outbox.enqueue(connection, frameEncoded(encodeResyncFrame()))) {
      closer.end(connection, 'slow_reader', 'pushes are read too slowly');
    }
  }
}
