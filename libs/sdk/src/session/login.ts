// Who is logged in on this SDK object: at most one session, and what the app is told
// of its beginning and its end.
import { PROTOCOL_VERSION } from '@parley/wire';
import type { ByeEnd, ConnectionState } from '../connection/connection.js';
import { toRefusal, toSessionEnd } from '../connection/session-end.js';
import { EVENT } from '../constants/event.js';
import { LOGIN_GIVE_UP_MS } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import { VERSION } from '../constants/version.js';
import type { EventHub } from '../events/event-hub.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { LoginData, LoginOptions, NetState } from '../model/chat-sdk.js';
import { Session } from './session.js';
import type { ChatSettings } from './settings.js';

export interface LoginDeps {
  readonly settings: ChatSettings;
  readonly hub: EventHub;
  readonly logger: Logger;
  readonly onServerTime: (serverTimeMs: number) => void;
}

interface PendingLogin {
  readonly promise: Promise<LoginData>;
  readonly resolve: (data: LoginData) => void;
  readonly reject: (failure: ChatFailure) => void;
}

export class Login {
  private current: Session | undefined;
  private pending: PendingLogin | undefined;
  private netState: NetState = TYPES.NET_STATE_DISCONNECTED;

  constructor(private readonly deps: LoginDeps) {}

  /** The session whose login the server accepted. */
  get session(): Session | undefined {
    return this.pending === undefined ? this.current : undefined;
  }

  /** @throws ChatFailure 2024 when nobody is logged in. */
  requireSession(): Session {
    if (this.session !== undefined) return this.session;
    throw new ChatFailure(FailureCode.NOT_LOGGED_IN, 'log in first');
  }

  async login(options: LoginOptions): Promise<LoginData> {
    checkLogin(options);
    if (this.current !== undefined && this.current.userID !== options.userID) {
      throw new ChatFailure(FailureCode.ANOTHER_LOGIN, `${this.current.userID} is logged in: log out first`);
    }
    if (this.pending !== undefined) return this.pending.promise;
    if (this.current !== undefined) return this.loginData(true);
    return this.begin(options);
  }

  /** Ends the session, if there is one. */
  async logout(): Promise<void> {
    const session = this.current;
    if (session === undefined) return;
    this.settlePending(
      new ChatFailure(FailureCode.LOGOUT_DURING_LOGIN, 'logout was called before the login ended'),
    );
    this.current = undefined;
    this.deps.hub.emit(EVENT.SDK_NOT_READY, {});
    await session.logout();
    this.tellNetState(TYPES.NET_STATE_DISCONNECTED);
  }

  /** The network came back. */
  hurry(): void {
    this.current?.parts.connection.hurry();
  }

  private begin(options: LoginOptions): Promise<LoginData> {
    const session = this.createSession(options);
    const pending = createPending();
    this.current = session;
    this.pending = pending;
    session.parts.timer.after(LOGIN_GIVE_UP_MS, () => {
      if (this.pending === pending) this.giveUp(session);
    });
    session.start();
    return pending.promise;
  }

  private createSession({ userID, userSig }: LoginOptions): Session {
    const { settings, hub, logger, onServerTime } = this.deps;
    const session: Session = new Session({
      ...{ userID, settings, hub, logger },
      hello: {
        protocolVersion: PROTOCOL_VERSION,
        sdkAppId: settings.sdkAppId,
        userId: userID,
        userSig,
        platform: settings.platform,
        sdkVersion: VERSION,
        instanceId: settings.instanceID,
      },
      events: {
        onWelcome: () => this.onWelcome(),
        onReady: () => hub.emit(EVENT.SDK_READY, {}),
        onState: (state) => this.onState(state),
        onServerTime,
        onGivenUp: (bye) => this.onGivenUp(session, bye),
      },
    });
    return session;
  }

  private onWelcome(): void {
    const pending = this.pending;
    this.pending = undefined;
    this.deps.logger.info('logged in');
    pending?.resolve(this.loginData(false));
  }

  private loginData(repeatLogin: boolean): LoginData {
    const errorInfo = repeatLogin ? 'this user is logged in already' : '';
    const { instanceID } = this.deps.settings;
    return { actionStatus: 'OK', errorCode: 0, errorInfo, instanceID, repeatLogin };
  }

  private giveUp(session: Session): void {
    this.current = undefined;
    session.end();
    this.tellNetState(TYPES.NET_STATE_DISCONNECTED);
    this.settlePending(
      new ChatFailure(FailureCode.NETWORK, `no connection to ${this.deps.settings.gatewayUrl}`),
    );
  }

  private onGivenUp(session: Session, bye: ByeEnd): void {
    if (this.current !== session) return;
    this.current = undefined;
    this.tellNetState(TYPES.NET_STATE_DISCONNECTED);
    if (this.pending !== undefined) {
      const { code, info } = toRefusal(bye);
      this.settlePending(new ChatFailure(code, info));
      return;
    }
    const { hub, logger } = this.deps;
    const end = toSessionEnd(bye);
    logger.warn('the login ended', { byeCode: bye.code });
    hub.emit(EVENT.SDK_NOT_READY, {});
    if (end.kind === 'kicked') hub.emit(EVENT.KICKED_OUT, { type: end.type });
    else hub.emit(EVENT.ERROR, { code: end.code, message: end.info });
  }

  private settlePending(failure: ChatFailure): void {
    const pending = this.pending;
    this.pending = undefined;
    pending?.reject(failure);
  }

  private onState(state: ConnectionState): void {
    if (state === 'ready') this.tellNetState(TYPES.NET_STATE_CONNECTED);
    else if (state === 'waiting' || state === 'closed') this.tellNetState(TYPES.NET_STATE_DISCONNECTED);
    else this.tellNetState(TYPES.NET_STATE_CONNECTING);
  }

  private tellNetState(state: NetState): void {
    if (this.netState === state) return;
    this.netState = state;
    this.deps.hub.emit(EVENT.NET_STATE_CHANGE, { state });
  }
}

function checkLogin(options: LoginOptions): void {
  if (typeof options?.userID !== 'string' || options.userID === '') {
    throw new ChatFailure(FailureCode.USER_ID_MISSING, 'userID is missing');
  }
  if (typeof options.userSig !== 'string' || options.userSig === '') {
    throw new ChatFailure(FailureCode.USER_SIG_MISSING, 'userSig is missing');
  }
}

function createPending(): PendingLogin {
  let resolve: PendingLogin['resolve'] = () => undefined;
  let reject: PendingLogin['reject'] = () => undefined;
  const promise = new Promise<LoginData>((onData, onFailure) => {
    resolve = onData;
    reject = onFailure;
  });
  return { promise, resolve, reject };
}
