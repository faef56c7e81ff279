// Scheme 1: ECDSA over SHA-256, for apps that still hold a key pair.
// Source: client-features, section 3.3 (public library tls-sig-api).
import { sign } from 'node:crypto';
import { type CreateUserSigOptions, checkCreation } from './creation.js';
import {
  decodeBase64,
  encodeBase64,
  isSdkAppId,
  readBase64,
  readDecimal,
  readDigits,
  readIdentifier,
} from './fields.js';
import { pack } from './packing.js';
import type { ParsedEcdsaUserSig } from './parsed-user-sig.js';

const VERSION = '201610110000';
/** What every public library writes into the two fields that mean nothing any more. */
const LEGACY_ZERO = '0';
/** A DER signature of a 521-bit curve has 141. */
const SIGNATURE_BYTES_MAX = 160;

interface SignedFields {
  readonly appIdAt3rd: string;
  readonly accountType: string;
  readonly userId: string;
  readonly sdkAppId: number;
  readonly issuedAtS: number;
  readonly expireSeconds: number;
  readonly userbufBase64: string | undefined;
}

/**
 * A UserSig of scheme 1; `key` is an EC private key in PEM.
 * @throws RangeError when an option is out of its range; Error of node:crypto when the key is no private key.
 */
export function createEcdsaUserSig(options: CreateUserSigOptions): string {
  const { issuedAtS } = checkCreation(options);
  const userbufBase64 = options.userbuf === undefined ? undefined : encodeBase64(options.userbuf);
  const text = signedText({
    ...options,
    appIdAt3rd: LEGACY_ZERO,
    accountType: LEGACY_ZERO,
    issuedAtS,
    userbufBase64,
  });
  return pack({
    'TLS.account_type': LEGACY_ZERO,
    'TLS.identifier': options.userId,
    'TLS.appid_at_3rd': LEGACY_ZERO,
    'TLS.sdk_appid': String(options.sdkAppId),
    'TLS.expire_after': String(options.expireSeconds),
    'TLS.version': VERSION,
    'TLS.time': String(issuedAtS),
    ...(userbufBase64 === undefined ? undefined : { 'TLS.userbuf': userbufBase64 }),
    'TLS.sig': encodeBase64(sign('sha256', Buffer.from(text, 'utf8'), options.key)),
  });
}

export const isEcdsaDocument = (document: Readonly<Record<string, unknown>>): boolean =>
  document['TLS.version'] === VERSION && document['TLS.ver'] === undefined;

/** Undefined: a field is missing or not of its form. */
export function readEcdsaDocument(
  document: Readonly<Record<string, unknown>>,
): ParsedEcdsaUserSig | undefined {
  const userId = readIdentifier(document);
  const appIdAt3rd = readDigits(document, 'TLS.appid_at_3rd');
  const accountType = readDigits(document, 'TLS.account_type');
  const sdkAppId = readDecimal(document, 'TLS.sdk_appid');
  const issuedAtS = readDecimal(document, 'TLS.time');
  const expireSeconds = readDecimal(document, 'TLS.expire_after');
  const signature = readBase64(document, 'TLS.sig');
  const hasUserbuf = Object.hasOwn(document, 'TLS.userbuf');
  const userbufBase64 = hasUserbuf ? readBase64(document, 'TLS.userbuf') : undefined;
  if (userId === undefined || appIdAt3rd === undefined || accountType === undefined) return undefined;
  if (sdkAppId === undefined || !isSdkAppId(sdkAppId)) return undefined;
  if (issuedAtS === undefined || issuedAtS < 0 || expireSeconds === undefined) return undefined;
  if (signature === undefined || (hasUserbuf && userbufBase64 === undefined)) return undefined;
  const signatureBytes = decodeBase64(signature);
  if (signatureBytes.length > SIGNATURE_BYTES_MAX) return undefined;
  const fields = { appIdAt3rd, accountType, userId, sdkAppId, issuedAtS, expireSeconds, userbufBase64 };
  return {
    kind: 'ecdsa',
    userId,
    sdkAppId,
    issuedAtS,
    expiresAtS: issuedAtS + expireSeconds,
    ...(userbufBase64 === undefined ? undefined : { userbuf: decodeBase64(userbufBase64) }),
    signedText: signedText(fields),
    signature: signatureBytes,
  };
}

function signedText(fields: SignedFields): string {
  const text =
    `TLS.appid_at_3rd:${fields.appIdAt3rd}\nTLS.account_type:${fields.accountType}\n` +
    `TLS.identifier:${fields.userId}\nTLS.sdk_appid:${fields.sdkAppId}\n` +
    `TLS.time:${fields.issuedAtS}\nTLS.expire_after:${fields.expireSeconds}\n`;
  return fields.userbufBase64 === undefined ? text : `${text}TLS.userbuf:${fields.userbufBase64}\n`;
}
