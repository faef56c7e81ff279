// Scheme 2: HMAC-SHA256 over a text of lines, keyed by the app's SecretKey.
// Source: client-features, section 3.1 (public library tls-sig-api-v2).
import { createHmac } from 'node:crypto';
import { type CreateUserSigOptions, checkCreation } from './creation.js';
import { decodeBase64, encodeBase64, isSdkAppId, readBase64, readIdentifier, readInteger } from './fields.js';
import { pack } from './packing.js';
import type { ParsedHmacUserSig } from './parsed-user-sig.js';

const VERSION = '2.0';
const SIGNATURE_BYTES = 32;

interface SignedFields {
  readonly userId: string;
  readonly sdkAppId: number;
  readonly issuedAtS: number;
  readonly expireSeconds: number;
  readonly userbufBase64: string | undefined;
}

/**
 * A UserSig of scheme 2.
 * @throws RangeError when an option is out of its range or the result exceeds the length that servers read.
 */
export function createUserSig(options: CreateUserSigOptions): string {
  const { issuedAtS } = checkCreation(options);
  const userbufBase64 = options.userbuf === undefined ? undefined : encodeBase64(options.userbuf);
  const text = signedText({ ...options, issuedAtS, userbufBase64 });
  return pack({
    'TLS.ver': VERSION,
    'TLS.identifier': options.userId,
    'TLS.sdkappid': options.sdkAppId,
    'TLS.time': issuedAtS,
    'TLS.expire': options.expireSeconds,
    ...(userbufBase64 === undefined ? undefined : { 'TLS.userbuf': userbufBase64 }),
    'TLS.sig': encodeBase64(hmacOf(text, options.key)),
  });
}

/** The signature bytes; the key is used as text, not as the hex that it looks like. */
export const hmacOf = (text: string, key: string): Uint8Array =>
  createHmac('sha256', key).update(text, 'utf8').digest();

export const isHmacDocument = (document: Readonly<Record<string, unknown>>): boolean =>
  document['TLS.ver'] === VERSION;

/** Undefined: a field is missing or not of its form. */
export function readHmacDocument(document: Readonly<Record<string, unknown>>): ParsedHmacUserSig | undefined {
  const userId = readIdentifier(document);
  const sdkAppId = readInteger(document, 'TLS.sdkappid');
  const issuedAtS = readInteger(document, 'TLS.time');
  const expireSeconds = readInteger(document, 'TLS.expire');
  const signature = readBase64(document, 'TLS.sig');
  const hasUserbuf = Object.hasOwn(document, 'TLS.userbuf');
  const userbufBase64 = hasUserbuf ? readBase64(document, 'TLS.userbuf') : undefined;
  if (userId === undefined || sdkAppId === undefined || !isSdkAppId(sdkAppId)) return undefined;
  if (issuedAtS === undefined || issuedAtS < 0 || expireSeconds === undefined) return undefined;
  if (signature === undefined || (hasUserbuf && userbufBase64 === undefined)) return undefined;
  const signatureBytes = decodeBase64(signature);
  if (signatureBytes.length !== SIGNATURE_BYTES) return undefined;
  return {
    kind: 'hmac',
    userId,
    sdkAppId,
    issuedAtS,
    expiresAtS: issuedAtS + expireSeconds,
    ...(userbufBase64 === undefined ? undefined : { userbuf: decodeBase64(userbufBase64) }),
    signedText: signedText({ userId, sdkAppId, issuedAtS, expireSeconds, userbufBase64 }),
    signature: signatureBytes,
  };
}

function signedText(fields: SignedFields): string {
  const text =
    `TLS.identifier:${fields.userId}\nTLS.sdkappid:${fields.sdkAppId}\n` +
    `TLS.time:${fields.issuedAtS}\nTLS.expire:${fields.expireSeconds}\n`;
  return fields.userbufBase64 === undefined ? text : `${text}TLS.userbuf:${fields.userbufBase64}\n`;
}
