// The server's side: is this text a ticket of this user for this app, now?
import { timingSafeEqual, verify } from 'node:crypto';
import { isEcdsaDocument, readEcdsaDocument } from './ecdsa-scheme.js';
import { hmacOf, isHmacDocument, readHmacDocument } from './hmac-scheme.js';
import { CLOCK_SKEW_S_DEFAULT, KEYS_TRIED_MAX } from './limits.js';
import { unpack } from './packing.js';
import {
  type InvalidUserSig,
  invalid,
  type ParsedEcdsaUserSig,
  type ParsedHmacUserSig,
  type ParsedUserSig,
  UserSigFailureCode,
} from './parsed-user-sig.js';
import { toPublicKey, toSecret, type UserSigKey } from './user-sig-key.js';

export interface VerifyUserSigOptions {
  readonly text: string;
  readonly sdkAppId: number;
  readonly userId: string;
  /** Every key that is live now, the likeliest first; at most 8 are tried. */
  readonly keys: readonly UserSigKey[];
  readonly nowSeconds: number;
  /** How far in the future TLS.time may lie, seconds; default 300. */
  readonly clockSkewSeconds?: number;
}

export interface ValidUserSig {
  readonly kind: 'valid';
  readonly issuedAtS: number;
  readonly expiresAtS: number;
  readonly userbuf?: Uint8Array;
  /** The place among `keys` of the one that made it. */
  readonly keyAt: number;
}

/**
 * Reads a UserSig of either scheme without verifying it. Never throws; work and
 * memory are bounded whatever the text is.
 */
export function parseUserSig(text: string): ParsedUserSig | InvalidUserSig<70002 | 70003> {
  // Callers hand on what came over a wire: the type is a promise, not a fact.
  if (typeof text !== 'string') return invalid(UserSigFailureCode.MALFORMED, 'the UserSig is not a text');
  if (text === '') return invalid(UserSigFailureCode.EMPTY, 'the UserSig is empty');
  const unpacked = unpack(text);
  if (unpacked.kind === 'malformed') {
    return invalid(UserSigFailureCode.MALFORMED, `the UserSig cannot be parsed: ${unpacked.info}`);
  }
  const { document } = unpacked;
  const parsed = isHmacDocument(document)
    ? readHmacDocument(document)
    : isEcdsaDocument(document)
      ? readEcdsaDocument(document)
      : undefined;
  if (parsed !== undefined) return parsed;
  return invalid(
    UserSigFailureCode.MALFORMED,
    'the UserSig cannot be parsed: a field is missing or malformed',
  );
}

/**
 * Decides in the documented order: form, user, app, key, signature, time. Never throws.
 * Signatures are compared in constant time.
 */
export function verifyUserSig(options: VerifyUserSigOptions): ValidUserSig | InvalidUserSig {
  const parsed = parseUserSig(options.text);
  if (parsed.kind === 'invalid') return parsed;
  if (parsed.userId !== options.userId) {
    return invalid(UserSigFailureCode.OTHER_USER, 'the UserSig was made for another UserID');
  }
  if (parsed.sdkAppId !== options.sdkAppId) {
    return invalid(UserSigFailureCode.OTHER_APP, 'the UserSig was made for another SDKAppID');
  }
  const found = parsed.kind === 'hmac' ? checkHmac(parsed, options.keys) : checkEcdsa(parsed, options.keys);
  return typeof found === 'number' ? checkTime(parsed, found, options) : found;
}

/** The place of the key that signed it. */
function checkHmac(parsed: ParsedHmacUserSig, keys: readonly UserSigKey[]): InvalidUserSig | number {
  let hasKey = false;
  for (const [at, key] of keys.slice(0, KEYS_TRIED_MAX).entries()) {
    const secret = toSecret(key);
    if (secret === undefined) continue;
    hasKey = true;
    if (timingSafeEqual(hmacOf(parsed.signedText, secret), parsed.signature)) return at;
  }
  return hasKey ? wrongKey() : invalid(UserSigFailureCode.KEY_MISSING, 'the app has no SecretKey');
}

function checkEcdsa(parsed: ParsedEcdsaUserSig, keys: readonly UserSigKey[]): InvalidUserSig | number {
  const text = Buffer.from(parsed.signedText, 'utf8');
  let hasKey = false;
  for (const [at, key] of keys.slice(0, KEYS_TRIED_MAX).entries()) {
    const publicKey = toPublicKey(key);
    if (publicKey === undefined) continue;
    hasKey = true;
    if (verify('sha256', text, publicKey, parsed.signature)) return at;
  }
  return hasKey ? wrongKey() : invalid(UserSigFailureCode.KEY_MISSING, 'the app has no public key');
}

const wrongKey = (): InvalidUserSig =>
  invalid(UserSigFailureCode.WRONG_KEY, 'the UserSig does not verify with a key of the app');

function checkTime(
  parsed: ParsedUserSig,
  keyAt: number,
  options: VerifyUserSigOptions,
): ValidUserSig | InvalidUserSig {
  const { issuedAtS, expiresAtS, userbuf } = parsed;
  if (issuedAtS > options.nowSeconds + (options.clockSkewSeconds ?? CLOCK_SKEW_S_DEFAULT)) {
    return invalid(
      UserSigFailureCode.MALFORMED,
      'the UserSig was made in the future: set the clock of the server that makes it',
    );
  }
  if (expiresAtS <= options.nowSeconds) {
    return invalid(UserSigFailureCode.EXPIRED, 'the UserSig expired; make a new one');
  }
  return {
    kind: 'valid',
    issuedAtS,
    expiresAtS,
    keyAt,
    ...(userbuf === undefined ? undefined : { userbuf }),
  };
}
