// A client logs in: check the signature, make sure of the account, take the
// session's place, end the logins that the policy does not allow beside it.
import type { Delivery, Session, SessionRegistry } from '@parley/delivery';
import { type AppId, ChatError, type Clock, type ConnectionId, ErrorCode, type NodeId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { decideLogin } from '../domain/decide-login.js';
import type { AuthEvents } from '../events.js';
import type { CheckSignature, Identity } from './check-signature.js';
import type { ImportAccounts } from './import-accounts.js';

const INSTANCE_ID_CHARS_MAX = 64;

export interface LoginDeps {
  readonly checkSignature: CheckSignature;
  readonly importAccounts: ImportAccounts;
  readonly sessions: SessionRegistry;
  readonly delivery: Delivery;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export class Login {
  constructor(private readonly deps: LoginDeps) {}

  async run(request: authv1.LoginRequest): Promise<{ expiresAtMs: bigint; isAdmin: boolean }> {
    if (Platform[request.platform] === undefined || request.platform === Platform.UNSPECIFIED) {
      throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, 'the platform is unknown');
    }
    if (request.instanceId.length > INSTANCE_ID_CHARS_MAX) {
      throw new ChatError(
        ErrorCode.ACCOUNT_BAD_PARAMETER,
        `an instance id has at most ${INSTANCE_ID_CHARS_MAX} characters`,
      );
    }
    const identity = await this.deps.checkSignature.run(request);
    await this.ensureAccount(identity);
    await this.takePlace(identity, request);
    this.deps.events.loggedIn();
    return { expiresAtMs: BigInt(identity.expiresAtMs), isAdmin: identity.isAdmin };
  }

  private async ensureAccount({ app, userId, account }: Identity): Promise<void> {
    if (account) return;
    if (app.settings.requiresImport) {
      throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account is not imported; import it first');
    }
    await this.deps.importAccounts.importOne(app.appId, { userId });
  }

  private async takePlace({ app, userId }: Identity, request: authv1.LoginRequest): Promise<void> {
    const session: Session = {
      connectionId: request.connectionId as ConnectionId,
      nodeId: request.nodeId as NodeId,
      platform: request.platform,
      instanceId: request.instanceId,
      sinceMs: this.deps.clock.now(),
    };
    // Registered before the others are read: of two logins at once each sees the other.
    await this.deps.sessions.register(app.appId, userId, session);
    const others = await this.deps.sessions.sessionsOf(app.appId, userId);
    const displaced = decideLogin(session, others, app.settings);
    await Promise.all(
      displaced.map(async ({ session: old, code }) => {
        await this.deps.delivery.disconnect([old], code, 'another login took the place');
        await this.deps.sessions.unregister(app.appId, userId, old.connectionId);
      }),
    );
  }

  /** Ends the login of a connection; unknown connections are none of our business. */
  async end(appId: AppId, userId: Identity['userId'], connectionId: ConnectionId): Promise<void> {
    await this.deps.sessions.unregister(appId, userId, connectionId);
  }
}
