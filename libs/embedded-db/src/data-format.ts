// The version of what lies on disk, in `format.json`.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError, ErrorCode } from '@parley/kernel';

/**
 * Raised when an older version of the program could not read the directory any more.
 * 1: the event log's records in the database. 2: in files of their own, under `log/`.
 */
export const FORMAT_VERSION = 2;
/** Older ones are refused. */
const OLDEST_READABLE = 2;

function readVersion(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'format' in parsed) {
      if (typeof parsed.format === 'number' && Number.isInteger(parsed.format)) return parsed.format;
    }
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
  throw unreadable(path, undefined);
}

const unreadable = (path: string, cause: unknown): ChatError =>
  new ChatError(
    ErrorCode.INTERNAL,
    `${path} is damaged: restore it from a backup; its content is {"format":${FORMAT_VERSION}}`,
    { cause },
  );

/** @throws ChatError INTERNAL when the directory was written by a newer version, or by one too old. Writes nothing. */
export function checkFormat(dir: string): void {
  const version = readVersion(join(dir, 'format.json'));
  if (version === undefined) return;
  if (version < OLDEST_READABLE) {
    throw new ChatError(
      ErrorCode.INTERNAL,
      `the data directory ${dir} has format ${version}, and this version reads from ${OLDEST_READABLE} on: ` +
        'choose an empty directory, or install the version that wrote it',
    );
  }
  if (version <= FORMAT_VERSION) return;
  throw new ChatError(
    ErrorCode.INTERNAL,
    `the data directory ${dir} has format ${version}, and this version reads up to ${FORMAT_VERSION}: ` +
      'install the version that wrote it or a newer one',
  );
}

/** Writes `format.json` if there is none; complete or absent, whenever the process dies. */
export function stampFormat(dir: string): void {
  const path = join(dir, 'format.json');
  if (existsSync(path)) return;
  const draft = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(draft, `{"format":${FORMAT_VERSION}}\n`);
    fsyncSync(draft);
  } finally {
    closeSync(draft);
  }
  renameSync(`${path}.new`, path);
  syncDirectory(dir);
}

function syncDirectory(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
