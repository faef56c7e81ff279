// Which resume tickets are good, and the keys' periods. Their bytes: tickets/seal-ticket.ts.
import type { authv1 } from '@parley/proto';

/** A ticket lives at most this long, seconds; ours. */
export const TICKET_LIFETIME_S_MAX = 86_400;
/** A ticket's bytes; Welcome.resume_ticket. */
export const TICKET_BYTES_MAX = 1_024;

/** A key signs for one period, and is good for the tickets that it signed until the end of the next. */
export const KEY_PERIOD_MS = TICKET_LIFETIME_S_MAX * 1_000;

export const periodOf = (nowMs: number): number => Math.floor(nowMs / KEY_PERIOD_MS);

/** Whether a key of the period may have signed what is good now. One period ahead: clocks differ. */
export const isPeriodGood = (period: number, nowMs: number): boolean =>
  period >= periodOf(nowMs) - 1 && period <= periodOf(nowMs) + 1;

/** Who presents a ticket. */
export interface Presenter {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly platform: number;
  readonly instanceId: string;
}

/** Whether the ticket is of this login, and has not run out. */
export const isTicketOf = (ticket: authv1.ResumeTicket, who: Presenter, nowMs: number): boolean =>
  ticket.appId === who.sdkAppId &&
  ticket.userId === who.userId &&
  ticket.platform === who.platform &&
  ticket.instanceId === who.instanceId &&
  Number(ticket.expiresAtMs) > nowMs;
