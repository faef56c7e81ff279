// Who may come in, and where what they say goes.
import type { Clock } from '@parley/kernel';
import type { ClientSocket } from '../connections/client-socket.js';
import { Connection } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { GatewayEvents, UpgradeRefusal } from '../events.js';
import type { ReceiveFrame } from '../use-cases/receive-frame.js';
import type { DeadlineWatch } from '../use-cases/watch-deadlines.js';
import type { DoorKeeper, HandshakeRefusal } from './websocket-door.js';

/** Whether new clients are let in. */
export interface DoorState {
  isOpen: boolean;
}

export interface GatewayDoorKeeperOptions {
  readonly state: DoorState;
  readonly table: ConnectionTable;
  readonly receive: ReceiveFrame;
  readonly closer: ConnectionCloser;
  readonly watch: DeadlineWatch;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  readonly connectionsMax: number;
  readonly preLoginMax: number;
}

const RETRY_AFTER_S = 2;

export class GatewayDoorKeeper implements DoorKeeper {
  constructor(private readonly parts: GatewayDoorKeeperOptions) {}

  get isHealthy(): boolean {
    return this.parts.state.isOpen;
  }

  refuse(): HandshakeRefusal | undefined {
    const reason = this.#reasonToRefuse();
    if (reason === undefined) return undefined;
    this.parts.events.upgradeRefused(reason);
    return { status: 503, retryAfterS: RETRY_AFTER_S };
  }

  opened(socket: ClientSocket): Connection {
    const { table, watch, events, clock } = this.parts;
    const connection = new Connection(table.nextId(), socket, clock.now());
    table.add(connection);
    watch.start(connection);
    events.connectionOpened();
    return connection;
  }

  frame(connection: Connection, data: Uint8Array, isBinary: boolean): void {
    this.parts.receive.accept(connection, data, isBinary);
  }

  control(connection: Connection): void {
    this.parts.receive.control(connection);
  }

  violation(connection: Connection, what: string): void {
    this.parts.receive.violation(connection, what);
  }

  written(bytes: number): void {
    this.parts.events.socketWritten(bytes);
  }

  closed(connection: Connection): void {
    this.parts.closer.closed(connection);
  }

  #reasonToRefuse(): UpgradeRefusal | undefined {
    const { state, table, connectionsMax, preLoginMax } = this.parts;
    if (!state.isOpen) return 'draining';
    if (table.size >= connectionsMax) return 'connections_max';
    return table.preLoginCount >= preLoginMax ? 'pre_login_max' : undefined;
  }
}
