// Secrets that the first start makes, as files of the data directory that only the owner reads.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

export const bootstrapKeyPath = (dataDir: string): string => join(dataDir, 'bootstrap-app-key');
export const operatorTokenPath = (dataDir: string): string => join(dataDir, 'operator-token');

/**
 * The secret in the file, which is made with a random one if it is absent: 64 lower-case hex digits. Whole or not at
 * all, whenever the process dies. @throws the file system's error.
 */
export function ensureSecretFile(path: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  try {
    writeDurably(draft, `${randomBytes(SECRET_BYTES).toString('hex')}\n`);
    // A link refuses an existing name, so that an older secret always stays.
    linkSync(draft, path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
  return readSecretFile(path);
}

/** Puts another secret into the file, whole or not at all. @throws the file system's error. */
export function replaceSecretFile(path: string, secret: string): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeDurably(draft, `${secret}\n`);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @throws the file system's error when it cannot be read. */
export const readSecretFile = (path: string): string => readFileSync(path, 'utf8').trim();

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', OWNER_ONLY);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
