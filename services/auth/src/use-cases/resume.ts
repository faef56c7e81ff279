// A client comes back with its ticket: the login goes on over another connection.
//
// The session is registered first, and only then is it asked whether the login still stands: a kick, a deletion or another
// login that runs meanwhile either sees the session or is seen here.
import type { Session, SessionRegistry } from '@parley/delivery';
import type { AppId, Clock, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { isLive } from '../domain/account.js';
import { type App, isLiveKey } from '../domain/app.js';
import { type Displacement, decideLogin, decideResume } from '../domain/decide-login.js';
import { isTicketOf } from '../domain/resume-ticket.js';
import type { AuthEvents } from '../events.js';
import type { AccountStore } from '../stores/account-store.js';
import type { AppStore } from '../stores/app-store.js';
import { EndedBy, type EndedLoginStore } from '../stores/ended-login-store.js';
import { isSameState, type LoginGenerations, type LoginState } from '../stores/login-generations.js';
import type { ResumeKeyStore } from '../stores/resume-key-store.js';
import { openTicket, readPeriod } from '../tickets/seal-ticket.js';
import type { DisplaceLogins } from './displace-logins.js';
import type { IssueTicket } from './issue-ticket.js';
import { checkLoginRequest, sessionOfRequest } from './login-request.js';

const { ResumeOutcome } = authv1;

export interface ResumeDeps {
  readonly apps: AppStore;
  readonly accounts: AccountStore;
  readonly resumeKeys: ResumeKeyStore;
  readonly endedLogins: EndedLoginStore;
  readonly generations: LoginGenerations;
  readonly displaceLogins: DisplaceLogins;
  readonly issueTicket: IssueTicket;
  readonly sessions: SessionRegistry;
  readonly clock: Clock;
  readonly events: AuthEvents;
}

/** A ticket that is of this client, of this app's living key, and has not run out. */
interface Claim {
  readonly app: App;
  readonly userId: UserId;
  readonly ticket: authv1.ResumeTicket;
  readonly session: Session;
}

/** The answer where the login does not go on. */
type Refusal = authv1.ResumeOutcome;

export interface Resumed {
  readonly outcome: authv1.ResumeOutcome;
  readonly login?: { expiresAtMs: bigint; isAdmin: boolean; resumeTicket: Uint8Array; sinceMs: bigint };
}

export class Resume {
  constructor(private readonly deps: ResumeDeps) {}

  /** @throws ChatError 70402 for a malformed request. A ticket is never a mistake: see ResumeOutcome. */
  async run(request: authv1.ResumeRequest): Promise<Resumed> {
    checkLoginRequest(request);
    const claim = await this.readClaim(request);
    if (claim === undefined) return this.refused(ResumeOutcome.LOGIN_NEEDED);
    const { appId } = claim.app;
    let isTaken = false;
    try {
      const result = await this.takePlace(claim);
      isTaken = typeof result !== 'number';
      if (typeof result === 'number') return this.refused(result);
      const { ticket, session, userId } = claim;
      const { sigExpiresAtMs, sigIssuedAtS, sigKeyId } = ticket;
      const sig = {
        issuedAtS: Number(sigIssuedAtS),
        expiresAtMs: Number(sigExpiresAtMs),
        keyId: sigKeyId,
      };
      const resumeTicket = await this.deps.issueTicket.run({ appId, userId, session, sig, state: result });
      this.deps.events.resumed();
      const isAdmin = claim.app.admins.includes(userId);
      const login = { expiresAtMs: sigExpiresAtMs, isAdmin, resumeTicket, sinceMs: BigInt(session.sinceMs) };
      return { outcome: ResumeOutcome.RESUMED, login };
    } finally {
      if (!isTaken) await this.giveUpPlace(appId, claim.userId, claim.session);
    }
  }

  private async readClaim(request: authv1.ResumeRequest): Promise<Claim | undefined> {
    const { apps, resumeKeys, clock } = this.deps;
    const period = readPeriod(request.ticket);
    const key = period === undefined ? undefined : await resumeKeys.find(period);
    const ticket = key && openTicket(key, request.ticket);
    const nowMs = clock.now();
    if (ticket === undefined || !isTicketOf(ticket, request, nowMs)) return undefined;
    const app = await apps.get(ticket.appId as AppId);
    if (app === undefined || !isLiveKey(app, ticket.sigKeyId, nowMs)) return undefined;
    // One more than the connection before had, so that this one is the newer of both.
    const session = sessionOfRequest(request, Number(ticket.sinceMs) + 1);
    return { app, userId: ticket.userId as UserId, ticket, session };
  }

  /** The state that the next ticket names, or why the login does not go on. */
  private async takePlace({ app, userId, ticket, session }: Claim): Promise<LoginState | Refusal> {
    const { sessions, generations, displaceLogins } = this.deps;
    const { appId, settings } = app;
    await sessions.register(appId, userId, session);
    const [state, others] = await Promise.all([
      generations.read(appId, userId),
      sessions.sessionsOf(appId, userId),
    ]);
    const known = { life: ticket.coordinationLife, generation: ticket.generation };
    if (!isSameState(known, state)) {
      const refusal = await this.lookUp(appId, userId, ticket);
      if (refusal !== undefined) return refusal;
    }
    // By its own time: the millisecond is for the connections of its own instance only.
    const why = decideResume({ ...session, sinceMs: Number(ticket.sinceMs) }, others, settings);
    if (why !== undefined) return OUTCOME[why];
    const displaced = decideLogin(session, others, settings);
    if (displaced.length > 0) {
      await displaceLogins.mark(appId, userId, displaced);
      await displaceLogins.sendAway(appId, userId, displaced);
    }
    return state;
  }

  /** Coordination does not vouch for the login: what is durable decides. */
  private async lookUp(
    appId: AppId,
    userId: UserId,
    ticket: authv1.ResumeTicket,
  ): Promise<Refusal | undefined> {
    const { accounts, endedLogins, events } = this.deps;
    events.resumeLookedUp();
    const login = { instanceId: ticket.instanceId, sinceMs: Number(ticket.sinceMs) };
    const [account, endedBy] = await Promise.all([
      accounts.get(appId, userId),
      endedLogins.endOf(appId, userId, login),
    ]);
    if (!isLive(account) || account.isBlocked || Number(ticket.sigIssuedAtS) < account.sigValidFromS) {
      return ResumeOutcome.LOGIN_NEEDED;
    }
    if (endedBy === EndedBy.SAME_PLATFORM) return ResumeOutcome.DISPLACED_BY_SAME_PLATFORM;
    if (endedBy === EndedBy.OTHER_DEVICE) return ResumeOutcome.DISPLACED_BY_OTHER_DEVICE;
    return endedBy === undefined ? undefined : ResumeOutcome.LOGIN_NEEDED;
  }

  private refused(outcome: Refusal): Resumed {
    this.deps.events.resumeRefused();
    return { outcome };
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

const OUTCOME: Readonly<Record<Displacement, Refusal>> = {
  replaced: ResumeOutcome.LOGIN_NEEDED,
  'other-device': ResumeOutcome.DISPLACED_BY_OTHER_DEVICE,
  'same-platform': ResumeOutcome.DISPLACED_BY_SAME_PLATFORM,
};
