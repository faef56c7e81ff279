// The two halves of an end: saying goodbye, and forgetting what is gone.
import type { SessionRegistry } from '@parley/delivery';
import type { Clock, NodeId } from '@parley/kernel';
import { encodeByeFrame } from '@parley/wire';
import type { DeadlineWheel } from '../domain/deadline-wheel.js';
import type { GatewayEvents } from '../events.js';
import type { Rooms } from '../rooms/rooms.js';
import { type Connection, ConnectionState } from './connection.js';
import type { ConnectionTable } from './connection-table.js';
import { END_REASONS, type EndReason, type OwnEndReason } from './end-reason.js';
import type { Outbox } from './outbox.js';
import { frameEncoded } from './websocket-frame.js';

export interface ConnectionCloserOptions {
  readonly table: ConnectionTable;
  readonly outbox: Outbox;
  readonly wheel: DeadlineWheel<Connection>;
  readonly sessions: SessionRegistry;
  readonly rooms: Rooms;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  readonly nodeId: NodeId;
}

export interface Farewell {
  readonly code: number;
  /** For the client; see ByeCode. */
  readonly reason: string;
  readonly retryAfterMs?: number;
}

export class ConnectionCloser {
  /** Unregistrations under way, so that a stop can wait for them. */
  readonly #unregistering = new Set<Promise<void>>();

  constructor(private readonly parts: ConnectionCloserOptions) {}

  /** Ends a connection for a reason of our own; does nothing when it is ending already. */
  end(connection: Connection, why: OwnEndReason, reason: string, retryAfterMs = 0): void {
    this.endWith(connection, why, { code: END_REASONS[why], reason, retryAfterMs });
  }

  /** Writes what waits, a Bye, and the close frame with the Bye's code. */
  endWith(connection: Connection, why: EndReason, farewell: Farewell): void {
    if (!connection.isLive) return;
    this.#startClosing(connection, why);
    // Behind a megabyte the Bye would come too late; what waits is lost anyway and synced after a reconnect.
    if (why === 'slow_reader') this.parts.outbox.discard(connection);
    const bye = encodeByeFrame({ retryAfterMs: 0, ...farewell });
    this.parts.outbox.finish(connection, frameEncoded(bye));
    connection.socket.endWith(farewell.code);
  }

  /** The client said that it leaves: nothing needs to be said back. */
  endSilently(connection: Connection): void {
    if (!connection.isLive) return;
    this.#startClosing(connection, 'client_left');
    connection.socket.endWith(1000);
  }

  /** The socket is gone, for whatever reason. Called once for each connection. */
  closed(connection: Connection): void {
    const { table, outbox, wheel, events, clock } = this.parts;
    if (connection.state === ConnectionState.CLOSED) return;
    this.#startClosing(connection, connection.endReason ?? 'client_left');
    connection.state = ConnectionState.CLOSED;
    wheel.cancel(connection);
    outbox.discard(connection);
    outbox.backlogged.delete(connection);
    table.remove(connection);
    if (connection.hasLoggedIn) this.unregister(connection);
    events.connectionEnded(connection, connection.endReason ?? 'client_left', clock.now());
  }

  /** Forgets the session; a failure leaves it to Deliver, whose answer names unknown connections. */
  unregister(connection: Connection): void {
    const { sessions, events, nodeId } = this.parts;
    const { appId, userId, platform, id: connectionId } = connection;
    const done = sessions.unregister(appId, userId, { connectionId, nodeId, platform }).catch((cause) => {
      events.registryUnavailable('unregister', cause);
    });
    this.#unregistering.add(done);
    void done.then(() => this.#unregistering.delete(done));
  }

  /** Resolves when every unregistration that runs now has ended. */
  async whenUnregistered(): Promise<void> {
    await Promise.all(this.#unregistering);
  }

  #startClosing(connection: Connection, why: EndReason): void {
    connection.state = ConnectionState.CLOSING;
    connection.endReason = why;
    this.parts.wheel.cancel(connection);
    this.parts.rooms.leaveAll(connection);
  }
}
