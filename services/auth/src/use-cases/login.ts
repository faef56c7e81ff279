// A client logs in: check the signature, make sure of the account, take the
// session's place, end the logins that the policy does not allow beside it.
import type { Delivery, Session, SessionRegistry } from '@parley/delivery';
import {
  type AppId,
  ChatError,
  type Clock,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  type UserId,
} from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { ByeCode } from '@parley/wire';
import { type Account, isLive } from '../domain/account.js';
import { type Displaced, type Displacement, decideLogin } from '../domain/decide-login.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { CheckSignature, Proof } from './check-signature.js';
import type { ImportAccounts } from './import-accounts.js';

const ID_CHARS_MAX = 64;

const BYE_CODE: Readonly<Record<Displacement, ByeCode>> = {
  replaced: ByeCode.LOGGED_OUT,
  'other-device': ByeCode.KICKED_BY_OTHER_DEVICE,
  'same-platform': ByeCode.KICKED_BY_SAME_PLATFORM,
};

export interface LoginDeps {
  readonly checkSignature: CheckSignature;
  readonly importAccounts: ImportAccounts;
  readonly accounts: AccountStore;
  readonly sessions: SessionRegistry;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export class Login {
  constructor(private readonly deps: LoginDeps) {}

  /**
   * @throws ChatError as CheckSignature; 70402 for a malformed request, 70107 when the app wants accounts to be
   * imported first, 70399 when the account was deleted and its UserID is locked.
   */
  async run(request: authv1.LoginRequest): Promise<{ expiresAtMs: bigint; isAdmin: boolean }> {
    checkRequest(request);
    const proof = await this.deps.checkSignature.verify(request);
    const account = await this.readAccount(proof);
    if (!isLive(account)) await this.createAccount(proof);
    await this.takePlace(proof, request);
    this.deps.events.loggedIn();
    return { expiresAtMs: BigInt(proof.expiresAtMs), isAdmin: proof.isAdmin };
  }

  /** Ends the login of a connection; unknown connections are none of our business. */
  async end(appId: AppId, userId: UserId, connectionId: ConnectionId): Promise<void> {
    await this.deps.sessions.unregister(appId, userId, connectionId);
  }

  /** The account as it stands. @throws ChatError 70052 when it refuses this UserSig by now. */
  private async readAccount(proof: Proof): Promise<Account | undefined> {
    const account = await this.deps.accounts.get(proof.app.appId, proof.userId);
    await this.deps.checkSignature.checkStillValid(proof, account?.sigValidFromS ?? 0);
    return account;
  }

  private async createAccount({ app, userId }: Proof): Promise<void> {
    if (app.settings.requiresImport) {
      throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account is not imported; import it first');
    }
    await this.deps.importAccounts.importOne(app.appId, { userId });
  }

  private async takePlace(proof: Proof, request: authv1.LoginRequest): Promise<void> {
    const { appId } = proof.app;
    const session: Session = {
      connectionId: request.connectionId as ConnectionId,
      nodeId: request.nodeId as NodeId,
      platform: request.platform,
      instanceId: request.instanceId,
      sinceMs: this.deps.clock.now(),
    };
    try {
      // Registered before the others are read: of two logins at once each sees the other.
      await this.deps.sessions.register(appId, proof.userId, session);
      // Read again after it: a kick either sees this session or is seen here.
      const account = await this.readAccount(proof);
      if (!isLive(account)) throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account was just deleted');
      const others = await this.deps.sessions.sessionsOf(appId, proof.userId);
      const displaced = decideLogin(session, others, proof.app.settings);
      await Promise.all(displaced.map((one) => this.displace(appId, proof.userId, one)));
    } catch (thrown) {
      await this.giveUpPlace(appId, proof.userId, session.connectionId);
      throw thrown;
    }
  }

  private async displace(appId: AppId, userId: UserId, { session, why }: Displaced<Session>): Promise<void> {
    const { connectionId } = session;
    await this.deps.sessions.unregister(appId, userId, connectionId);
    try {
      await this.deps.delivery.disconnect([session], BYE_CODE[why], 'another login took the place');
    } catch (cause) {
      // Its node is away or dead: that must not keep anybody from logging in elsewhere.
      this.deps.events.displacementFailed(appId, userId, connectionId, cause);
    }
  }

  private async giveUpPlace(appId: AppId, userId: UserId, connectionId: ConnectionId): Promise<void> {
    try {
      await this.end(appId, userId, connectionId);
    } catch (cause) {
      // The refusal itself is what the caller has to learn.
      this.deps.events.cleanUpFailed(appId, userId, connectionId, cause);
    }
  }
}

function checkRequest(request: authv1.LoginRequest): void {
  const { platform, connectionId, nodeId, instanceId } = request;
  const bad = (info: string) => new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, info);
  if (Platform[platform] === undefined || platform === Platform.UNSPECIFIED) {
    throw bad('the platform is unknown');
  }
  if (connectionId === '' || nodeId === '') throw bad('connection and node are missing');
  for (const id of [connectionId, nodeId, instanceId]) {
    if (id.length > ID_CHARS_MAX) throw bad(`an id has at most ${ID_CHARS_MAX} characters`);
  }
}
