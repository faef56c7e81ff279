// A client logs in: check the signature, make sure of the account, take the
// session's place, end the logins that the policy does not allow beside it.
import type { Session, SessionRegistry } from '@parley/delivery';
import { type AppId, ChatError, type Clock, ErrorCode, type UserId } from '@parley/kernel';
import type { authv1 } from '@parley/proto';
import { type Account, isLive } from '../domain/account.js';
import { decideLogin } from '../domain/decide-login.js';
import type { AuthEvents } from '../events.js';
import { type AccountStore, gateOfAccount } from '../stores/account-store.js';
import type { LoginGenerations, LoginState } from '../stores/login-generations.js';
import type { CheckSignature, Proof } from './check-signature.js';
import type { DisplaceLogins } from './displace-logins.js';
import type { ImportAccounts } from './import-accounts.js';
import type { IssueTicket } from './issue-ticket.js';
import { checkLoginRequest, sessionOfRequest } from './login-request.js';

export interface LoginDeps {
  readonly checkSignature: CheckSignature;
  readonly importAccounts: ImportAccounts;
  readonly accounts: AccountStore;
  readonly generations: LoginGenerations;
  readonly displaceLogins: DisplaceLogins;
  readonly issueTicket: IssueTicket;
  readonly sessions: SessionRegistry;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

export interface LoggedIn {
  readonly expiresAtMs: bigint;
  readonly isAdmin: boolean;
  readonly resumeTicket: Uint8Array;
  readonly sinceMs: bigint;
}

export class Login {
  constructor(private readonly deps: LoginDeps) {}

  /**
   * @throws ChatError as CheckSignature; 70402 for a malformed request, 70107 when the app wants accounts to be
   * imported first, 70399 when the account was deleted and its UserID is locked.
   */
  async run(request: authv1.LoginRequest): Promise<LoggedIn> {
    checkLoginRequest(request);
    const proof = await this.deps.checkSignature.verify(request);
    const account = await this.readAccount(proof);
    if (!isLive(account)) await this.createAccount(proof);
    const { expiresAtMs, isAdmin } = proof;
    const session = sessionOfRequest(request, this.deps.clock.now());
    const resumeTicket = await this.takePlace(proof, session);
    this.deps.events.loggedIn();
    return { expiresAtMs: BigInt(expiresAtMs), isAdmin, resumeTicket, sinceMs: BigInt(session.sinceMs) };
  }

  /** The account as it stands. @throws ChatError 70051 or 70052 when it refuses this UserSig by now. */
  private async readAccount(proof: Proof): Promise<Account | undefined> {
    const account = await this.deps.accounts.get(proof.app.appId, proof.userId);
    await this.deps.checkSignature.checkGate(proof, gateOfAccount(account));
    return account;
  }

  private async createAccount({ app, userId }: Proof): Promise<void> {
    if (app.settings.requiresImport) {
      throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account is not imported; import it first');
    }
    await this.deps.importAccounts.importOne(app.appId, { userId });
  }

  /** Answers the ticket with which the login comes back. */
  private async takePlace(proof: Proof, session: Session): Promise<Uint8Array> {
    const { sessions, displaceLogins, issueTicket } = this.deps;
    const { app, userId } = proof;
    const { appId } = app;
    try {
      // Registered before the others are read: of two logins at once each sees the other.
      await sessions.register(appId, userId, session);
      const displaced = decideLogin(session, await sessions.sessionsOf(appId, userId), app.settings);
      await displaceLogins.mark(appId, userId, displaced);
      const state = await this.checkAgain(proof);
      await displaceLogins.sendAway(appId, userId, displaced);
      return await issueTicket.run({ appId, userId, session, sig: proof, state });
    } catch (thrown) {
      await this.giveUpPlace(appId, userId, session);
      throw thrown;
    }
  }

  /** The account is read again after the session was registered: a kick either sees the session or is seen here. */
  private async checkAgain(proof: Proof): Promise<LoginState> {
    const state = await this.deps.generations.read(proof.app.appId, proof.userId);
    const account = await this.readAccount(proof);
    if (!isLive(account)) throw new ChatError(ErrorCode.ACCOUNT_NOT_FOUND, 'the account was just deleted');
    return state;
  }

  private async giveUpPlace(appId: AppId, userId: UserId, session: Session): Promise<void> {
    try {
      await this.deps.sessions.unregister(appId, userId, session);
    } catch (cause) {
      // The refusal itself is what the caller has to learn.
      this.deps.events.cleanUpFailed(appId, userId, session.connectionId, cause);
    }
  }
}
