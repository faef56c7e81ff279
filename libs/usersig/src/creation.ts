// What both schemes check before they sign: these are mistakes of our own side, so they throw.
import { isIdentifier, isSdkAppId } from './fields.js';

export interface CreateUserSigOptions {
  readonly sdkAppId: number;
  readonly userId: string;
  /** HMAC: the SecretKey as text. ECDSA: the private key in PEM. */
  readonly key: string;
  /** How long it is valid, seconds. A negative one makes an expired ticket. */
  readonly expireSeconds: number;
  /** Seconds since the UNIX epoch; default now. */
  readonly nowSeconds?: number;
  /** Opaque bytes that are signed with it; see {@link encodeRoomTicket}. */
  readonly userbuf?: Uint8Array;
}

/** @throws RangeError */
export function checkCreation(options: CreateUserSigOptions): { readonly issuedAtS: number } {
  const issuedAtS = options.nowSeconds ?? Math.floor(Date.now() / 1000);
  if (!isIdentifier(options.userId))
    throw new RangeError('userId is empty, too long or has control characters');
  if (!isSdkAppId(options.sdkAppId)) throw new RangeError('sdkAppId is a positive 32-bit integer');
  if (!Number.isSafeInteger(issuedAtS) || issuedAtS < 0) throw new RangeError('nowSeconds is a whole number');
  if (!Number.isSafeInteger(options.expireSeconds)) throw new RangeError('expireSeconds is a whole number');
  if (options.userbuf?.length === 0) throw new RangeError('userbuf is empty; leave it out');
  if (options.key === '') throw new RangeError('key is empty');
  return { issuedAtS };
}
