// From a Hello to a Welcome, or to a Bye that says why not.
import { ChatError, type Clock, type NodeId } from '@parley/kernel';
import { authv1, type wirev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import {
  ByeCode,
  encodeResyncFrame,
  encodeWelcomeFrame,
  formatLoginRefusal,
  PROTOCOL_VERSION,
} from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { frameEncoded } from '../connections/websocket-frame.js';
import type { Admission } from '../domain/admission.js';
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
  /** Apart, so that neither a crowd that comes back keeps newcomers out, nor the other way round. */
  readonly logins: Admission;
  readonly resumes: Admission;
}

/** When to come back after a login that failed through no fault of the client, ms. */
const RETRY_AFTER_MS = 1_000;

/** A login whose place another one took while it was away hears what it would have heard then. */
const DISPLACED: Readonly<Partial<Record<authv1.ResumeOutcome, ByeCode>>> = {
  [authv1.ResumeOutcome.DISPLACED_BY_SAME_PLATFORM]: ByeCode.KICKED_BY_SAME_PLATFORM,
  [authv1.ResumeOutcome.DISPLACED_BY_OTHER_DEVICE]: ByeCode.KICKED_BY_OTHER_DEVICE,
};

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
      const login = await this.#enter(connection, hello);
      if (login === undefined) return;
      // Now that the session is registered, whoever changes the user's rooms finds this connection.
      if (connection.isLive) await this.parts.joinRooms.run(connection);
      this.#welcome(connection, login);
    } catch (thrown) {
      this.#failed(connection, thrown);
    }
  }

  /** By ticket if it is good, else by UserSig. Undefined: neither, and the connection was told. */
  async #enter(connection: Connection, hello: wirev1.Hello): Promise<authv1.LoginResponse | undefined> {
    const { auth, resumes, logins } = this.parts;
    const request = {
      sdkAppId: connection.appId,
      userId: connection.userId,
      platform: connection.platform,
      instanceId: connection.instanceId,
      connectionId: connection.id,
      nodeId: this.parts.nodeId,
    };
    const context = serviceContext(connection.appId, connection.userId);
    if (hello.resumeTicket.length > 0) {
      if (!this.#isAdmitted(connection, resumes)) return undefined;
      const { outcome, login } = await auth.resume({ ...request, ticket: hello.resumeTicket }, context);
      if (login !== undefined) return login;
      if (this.#isDisplaced(connection, outcome)) return undefined;
    }
    if (!this.#isAdmitted(connection, logins)) return undefined;
    // Auth verifies the UserSig, registers the session, and sends away whom it displaces.
    return auth.login({ ...request, userSig: hello.userSig }, context);
  }

  #isAdmitted(connection: Connection, admission: Admission): boolean {
    const retryAfterMs = admission.admit(this.parts.clock.now());
    if (retryAfterMs === 0) return true;
    this.parts.closer.end(
      connection,
      'overloaded',
      'too many come in at once; come back later',
      retryAfterMs,
    );
    return false;
  }

  #isDisplaced(connection: Connection, outcome: authv1.ResumeOutcome): boolean {
    const code = DISPLACED[outcome];
    if (code === undefined) return false;
    this.parts.closer.endWith(connection, 'disconnected', { code, reason: 'another login took the place' });
    return true;
  }

  #welcome(connection: Connection, login: authv1.LoginResponse): void {
    const { table, outbox, closer, watch, events, clock, nodeId, terms } = this.parts;
    if (!connection.isLive) {
      // The socket went away, or somebody sent it away, after auth had registered it.
      closer.unregister(connection);
      return;
    }
    connection.state = ConnectionState.OPEN;
    connection.sinceMs = Number(login.sinceMs) || clock.now();
    connection.expiresAtMs = Number(login.expiresAtMs);
    const older = table.opened(connection);
    if (older !== undefined) closer.end(older, 'replaced', 'a newer connection of the same instance came');
    const welcome = encodeWelcomeFrame({
      connectionId: connection.id,
      serverTimeMs: BigInt(clock.now()),
      nodeId,
      resumeTicket: login.resumeTicket,
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
