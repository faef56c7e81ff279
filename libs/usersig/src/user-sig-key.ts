// Keys that a server holds against UserSigs.
import { createPublicKey, KeyObject } from 'node:crypto';

/**
 * A SecretKey (any text) or an EC public key (PEM, or a KeyObject). A text that begins like PEM is
 * only ever a public key: it is no secret, so it must never sign in the HMAC scheme.
 */
export type UserSigKey = string | KeyObject;

const PEM_START = '-----BEGIN';
const PARSED_KEYS_MAX = 256;

/** Parsing PEM costs as much as verifying; undefined remembers a text that is no usable key. */
const parsedKeys = new Map<string, KeyObject | undefined>();

/** Whether a text claims to be a public key; then it is never a SecretKey. */
export const isPublicKeyText = (text: string): boolean => text.trimStart().startsWith(PEM_START);

/** Whether it can verify UserSigs of the ECDSA scheme. */
export const isPublicKey = (key: UserSigKey): boolean => toPublicKey(key) !== undefined;

/** The key as HMAC secret; undefined when it is none. */
export const toSecret = (key: UserSigKey): string | undefined =>
  typeof key === 'string' && key !== '' && !key.trimStart().startsWith(PEM_START) ? key : undefined;

/** The key as EC public key; undefined when it is none. */
export function toPublicKey(key: UserSigKey): KeyObject | undefined {
  if (key instanceof KeyObject) return isEcPublicKey(key) ? key : undefined;
  if (!key.trimStart().startsWith(PEM_START)) return undefined;
  if (parsedKeys.has(key)) return parsedKeys.get(key);
  const parsed = parsePem(key);
  if (parsedKeys.size >= PARSED_KEYS_MAX) parsedKeys.clear();
  parsedKeys.set(key, parsed);
  return parsed;
}

function parsePem(pem: string): KeyObject | undefined {
  try {
    const parsed = createPublicKey(pem);
    return isEcPublicKey(parsed) ? parsed : undefined;
  } catch {
    // An unreadable key is a missing key; the caller learns that from the answer.
    return undefined;
  }
}

const isEcPublicKey = (key: KeyObject): boolean => key.type === 'public' && key.asymmetricKeyType === 'ec';
