// Secrets that the first start makes, as files of the data directory that only the owner reads.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

export const bootstrapKeyPath = (dataDir: string): string => join(dataDir, 'bootstrap-app-key');
export const operatorTokenPath = (dataDir: string): string => join(dataDir, 'operator-token');

/** The secret in the file, which is made with a random one if it is absent. 64 lower-case hex digits. */
export function ensureSecretFile(path: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // `wx` refuses an existing file, so two starts cannot both make one.
    writeFileSync(path, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return readSecretFile(path);
}

/** @throws the file system's error when it cannot be read. */
export const readSecretFile = (path: string): string => readFileSync(path, 'utf8').trim();
