// From a Hello to a Welcome, or to a Bye that says why not.
import { ChatError, type Clock, type NodeId } from '@parley/kernel';
import type { authv1, wirev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { encodeResyncFrame, encodeWelcomeFrame, formatLoginRefusal, PROTOCOL_VERSION } from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { frameEncoded } from '../connections/websocket-frame.js';
import { checkHello } from '../domain/hello.js';
import { decideLoginFailure } from '../domain/login-failure.js';
import type { GatewayEvents } from '../events.js';
import type { JoinRooms } from './join-rooms.js';
import type { DeadlineWatch } from './watch-deadlines.js';

/** What a Welcome tells every client. */
export interface WelcomeTerms {
  readonly pingIntervalMs: number;
  readonly frameBytesMax: number;
  readonly callsInFlightMax: number;
}

export interface LogInOptions {
  readonly auth: Client<typeof authv1.AuthService>;
  readonly joinRooms: JoinRooms;
  readonly table: ConnectionTable;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly watch: DeadlineWatch;
  readonly events: GatewayEvents;
  readonly clock: Clock;
  readonly nodeId: NodeId;
  readonly terms: WelcomeTerms;
}

/** When to come back after a login that failed through no fault of the client, ms. */
const RETRY_AFTER_MS = 1_000;

export class LogIn {
  constructor(private readonly parts: LogInOptions) {}

  /** Takes the connection's Hello. Never rejects: what goes wrong becomes a Bye. */
  async run(connection: Connection, hello: wirev1.Hello): Promise<void> {
    const { closer } = this.parts;
    const verdict = checkHello(hello, PROTOCOL_VERSION);
    if (verdict.kind === 'protocol-error') {
      closer.end(connection, 'protocol_error', verdict.reason);
      return;
    }
    if (verdict.kind === 'refused') {
      this.#refuse(connection, verdict.error);
      return;
    }
    connection.state = ConnectionState.LOGGING_IN;
    connection.appId = verdict.appId;
    connection.userId = verdict.userId;
    connection.platform = hello.platform;
    connection.instanceId = hello.instanceId;
    try {
      const login = await this.#callAuth(connection, hello);
      // Now that the session is registered, whoever changes the user's rooms finds this connection.
      if (connection.isLive) await this.parts.joinRooms.run(connection);
      this.#welcome(connection, Number(login.expiresAtMs));
    } catch (thrown) {
      this.#failed(connection, thrown);
    }
  }

  /** Auth verifies the UserSig, registers the session, and sends away whom it displaces. */
  #callAuth(connection: Connection, hello: wirev1.Hello): Promise<authv1.LoginResponse> {
    const request = {
      sdkAppId: connection.appId,
      userId: connection.userId,
      userSig: hello.userSig,
      platform: connection.platform,
      instanceId: connection.instanceId,
      connectionId: connection.id,
      nodeId: this.parts.nodeId,
    };
    return this.parts.auth.login(request, serviceContext(connection.appId, connection.userId));
  }

  #welcome(connection: Connection, expiresAtMs: number): void {
    const { table, outbox, closer, watch, events, clock, nodeId, terms } = this.parts;
    if (!connection.isLive) {
      // The socket went away, or somebody sent it away, after auth had registered it.
      closer.unregister(connection);
      return;
    }
    connection.state = ConnectionState.OPEN;
    connection.sinceMs = clock.now();
    connection.expiresAtMs = expiresAtMs;
    const older = table.opened(connection);
    if (older !== undefined) closer.end(older, 'replaced', 'a newer connection of the same instance came');
    const welcome = encodeWelcomeFrame({
      connectionId: connection.id,
      serverTimeMs: BigInt(connection.sinceMs),
      nodeId,
      ...terms,
    });
    outbox.enqueue(connection, frameEncoded(welcome));
    if (connection.missedPush) outbox.enqueue(connection, frameEncoded(encodeResyncFrame()));
    watch.start(connection);
    events.loggedIn();
  }

  #failed(connection: Connection, thrown: unknown): void {
    const { closer, events } = this.parts;
    const error = ChatError.from(thrown);
    const failure = decideLoginFailure(error);
    if (failure === 'refused') {
      this.#refuse(connection, error);
      return;
    }
    events.loginFailed(connection, error.code, error.info);
    // Nobody knows whether auth registered the session before it failed.
    closer.unregister(connection);
    const retryAfterMs = error.retryAfterMs > 0 ? error.retryAfterMs : RETRY_AFTER_MS;
    const why = failure === 'overloaded' ? 'overloaded' : 'login_failed';
    closer.end(connection, why, `the login could not be decided (${error.code}); try again`, retryAfterMs);
  }

  #refuse(connection: Connection, error: ChatError): void {
    this.parts.closer.end(connection, 'login_refused', formatLoginRefusal(error.code, error.info));
  }
}
