// Ends connections whose time has come: no Hello, no ping, or a UserSig that ran out.
import type { Clock } from '@parley/kernel';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { DeadlineWheel } from '../domain/deadline-wheel.js';

export interface DeadlineWatchOptions {
  readonly wheel: DeadlineWheel<Connection>;
  readonly closer: ConnectionCloser;
  readonly clock: Clock;
  readonly loginDeadlineMs: number;
  readonly idleLimitMs: number;
}

export class DeadlineWatch {
  constructor(private readonly parts: DeadlineWatchOptions) {}

  /** Begins to watch, or looks again after the connection's state changed. */
  start(connection: Connection): void {
    this.parts.wheel.schedule(connection, this.#deadlineOf(connection));
  }

  /** Looks at everything that is due by now. */
  tick(): void {
    this.parts.wheel.advance(this.parts.clock.now(), (connection) => this.#due(connection));
  }

  #due(connection: Connection): void {
    if (!connection.isLive) return;
    const { closer, clock, loginDeadlineMs, idleLimitMs } = this.parts;
    const now = clock.now();
    if (now < this.#deadlineOf(connection)) {
      this.start(connection);
      return;
    }
    if (connection.state === ConnectionState.GREETING) {
      closer.end(connection, 'login_deadline', `no Hello within ${loginDeadlineMs} ms`);
    } else if (connection.state === ConnectionState.OPEN && now >= connection.expiresAtMs) {
      closer.end(connection, 'sig_expired', 'the UserSig expired');
    } else {
      closer.end(connection, 'ping_timeout', `nothing heard for ${idleLimitMs} ms`);
    }
  }

  #deadlineOf(connection: Connection): number {
    const { loginDeadlineMs, idleLimitMs } = this.parts;
    if (connection.state === ConnectionState.GREETING) return connection.openedAtMs + loginDeadlineMs;
    const idleAtMs = connection.heardAtMs + idleLimitMs;
    return connection.state === ConnectionState.OPEN ? Math.min(idleAtMs, connection.expiresAtMs) : idleAtMs;
  }
}
