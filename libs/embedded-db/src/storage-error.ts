// Failures of the disk and of the engine, told in words.
import { statfsSync } from 'node:fs';
import { ChatError, ErrorCode } from '@parley/kernel';
import { DISK_FULL_BELOW_BYTES } from './limits.js';

const EIO = 5;
const EFBIG = 27;
const ENOSPC = 28;
const EDQUOT = 122;

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

function isFull(dir: string, code: unknown): boolean {
  if (code === ENOSPC || code === EDQUOT || code === 'ENOSPC' || code === 'EDQUOT') return true;
  // The engine reports a write that was cut short as an input/output error.
  if (code !== EIO) return false;
  const disk = statfsSync(dir);
  return disk.bavail * disk.bsize < DISK_FULL_BELOW_BYTES;
}

function explain(dir: string, thrown: unknown): string {
  const code = codeOf(thrown);
  if (isFull(dir, code)) {
    return `the disk of the data directory ${dir} is full: nothing was written; free some space`;
  }
  if (code === EFBIG) {
    return `a file in the data directory ${dir} may not grow further: nothing was written; raise the file size limit`;
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `the data directory ${dir} is not writable: check its owner and mode`;
  }
  return `the data directory ${dir} cannot be written: check the disk and the system log`;
}

/** A failed write or open as ChatError UNAVAILABLE; the engine's own error is the cause. */
export function toStorageError(dir: string, thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  return new ChatError(ErrorCode.UNAVAILABLE, explain(dir, thrown), { cause: thrown });
}

export const databaseClosed = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the embedded database is closed');
