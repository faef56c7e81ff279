// A resume ticket as bytes: `<format> <period of the key> <signature> <content>`.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { authv1 } from '@parley/proto';
import { TICKET_BYTES_MAX } from '../domain/resume-ticket.js';
import type { ResumeKey } from './resume-key.js';

const FORMAT = 1;
const PERIOD_AT = 1;
const SIGNATURE_AT = 5;
const SIGNATURE_BYTES = 32;
const CONTENT_AT = SIGNATURE_AT + SIGNATURE_BYTES;

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
