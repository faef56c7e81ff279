// What may become a key of an app: a SecretKey, which is any text, or an EC public key as PEM.
import { ChatError, ErrorCode } from '@parley/kernel';
import { isPublicKey, isPublicKeyText } from '@parley/usersig';

const SECRET_CHARS_MAX = 256;
const PUBLIC_KEY_CHARS_MAX = 2_048;

const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY/;

const bad = (info: string): ChatError => new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, info);

/** @throws ChatError 70402 saying what is wrong. */
export function checkSecret(secret: string): void {
  if (!isPublicKeyText(secret)) {
    if (secret.length > SECRET_CHARS_MAX) throw bad(`a secret has at most ${SECRET_CHARS_MAX} characters`);
    return;
  }
  // A private key would verify as well, but it is nothing that a server should hold.
  if (PRIVATE.test(secret)) throw bad('this is a private key; give its public key');
  if (secret.length > PUBLIC_KEY_CHARS_MAX || !isPublicKey(secret)) {
    throw bad('the public key is no PEM of an EC public key');
  }
}
