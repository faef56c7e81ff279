// The ticket with which a login comes back.
import type { Session } from '@parley/delivery';
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { LoginState } from '../stores/login-generations.js';
import type { ResumeKeyStore } from '../stores/resume-key-store.js';
import { sealTicket } from '../tickets/seal-ticket.js';

export interface IssueTicketDeps {
  readonly resumeKeys: ResumeKeyStore;
  readonly clock: Clock;
  /** A ticket's life at most, ms; 0: no tickets. */
  readonly ticketLifetimeMs: number;
}

/** What the UserSig said with which the login began. */
export interface SigFacts {
  readonly issuedAtS: number;
  readonly expiresAtMs: number;
  readonly keyId: string;
}

export interface TicketInput {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly session: Session;
  readonly sig: SigFacts;
  /** Read before the account was. */
  readonly state: LoginState;
}

export class IssueTicket {
  constructor(private readonly deps: IssueTicketDeps) {}

  /** Never outlives the UserSig. Empty where tickets are switched off. */
  async run({ appId, userId, session, sig, state }: TicketInput): Promise<Uint8Array> {
    const { resumeKeys, clock, ticketLifetimeMs } = this.deps;
    if (ticketLifetimeMs === 0) return new Uint8Array();
    return sealTicket(await resumeKeys.current(), {
      appId,
      userId,
      platform: session.platform,
      instanceId: session.instanceId,
      sinceMs: BigInt(session.sinceMs),
      sigIssuedAtS: BigInt(sig.issuedAtS),
      sigExpiresAtMs: BigInt(sig.expiresAtMs),
      expiresAtMs: BigInt(Math.min(sig.expiresAtMs, clock.now() + ticketLifetimeMs)),
      sigKeyId: sig.keyId,
      coordinationLife: state.life,
      generation: state.generation,
    });
  }
}
