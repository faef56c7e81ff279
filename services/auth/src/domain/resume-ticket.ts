// A resume ticket as bytes: `<format> <period of the key> <signature> <content>`.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { authv1 } from '@parley/proto';

/** A ticket lives at most this long, seconds; ours. */
export const TICKET_LIFETIME_S_MAX = 86_400;
/** A ticket's bytes; Welcome.resume_ticket. */
export const TICKET_BYTES_MAX = 1_024;

const FORMAT = 1;
const PERIOD_AT = 1;
const SIGNATURE_AT = 5;
const SIGNATURE_BYTES = 32;
const CONTENT_AT = SIGNATURE_AT + SIGNATURE_BYTES;

/** One key a period; see KEY_PERIOD_MS. */
export interface ResumeKey {
  readonly period: number;
  readonly secret: Uint8Array;
}

/** A key signs for one period, and is good for the tickets that it signed until the end of the next. */
export const KEY_PERIOD_MS = TICKET_LIFETIME_S_MAX * 1_000;

export const periodOf = (nowMs: number): number => Math.floor(nowMs / KEY_PERIOD_MS);

/** Whether a key of the period may have signed what is good now. One period ahead: clocks differ. */
export const isPeriodGood = (period: number, nowMs: number): boolean =>
  period >= periodOf(nowMs) - 1 && period <= periodOf(nowMs) + 1;

export function sealTicket(
  key: ResumeKey,
  ticket: MessageInitShape<typeof authv1.ResumeTicketSchema>,
): Uint8Array {
  const content = toBinary(authv1.ResumeTicketSchema, create(authv1.ResumeTicketSchema, ticket));
  const bytes = new Uint8Array(CONTENT_AT + content.length);
  bytes[0] = FORMAT;
  new DataView(bytes.buffer).setUint32(PERIOD_AT, key.period);
  bytes.set(content, CONTENT_AT);
  bytes.set(signatureOf(key, content), SIGNATURE_AT);
  return bytes;
}

/** The period whose key is said to have signed it; undefined: not a ticket. */
export function readPeriod(bytes: Uint8Array): number | undefined {
  if (bytes.length <= CONTENT_AT || bytes.length > TICKET_BYTES_MAX || bytes[0] !== FORMAT) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(PERIOD_AT);
}

/** What the ticket says, if this key signed it; compared in constant time. Never throws. */
export function openTicket(key: ResumeKey, bytes: Uint8Array): authv1.ResumeTicket | undefined {
  if (readPeriod(bytes) !== key.period) return undefined;
  const content = bytes.subarray(CONTENT_AT);
  const signature = bytes.subarray(SIGNATURE_AT, CONTENT_AT);
  if (!timingSafeEqual(signatureOf(key, content), signature)) return undefined;
  return fromBinary(authv1.ResumeTicketSchema, content);
}

function signatureOf({ period, secret }: ResumeKey, content: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(`${FORMAT} ${period} `).update(content).digest();
}

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
