// Failures of the disk and of the engine, told in words.
import { statfsSync } from 'node:fs';
import { ChatError, ErrorCode } from '@parley/kernel';
import { DISK_FULL_BELOW_BYTES } from './limits.js';

const EIO = 5;
const EFBIG = 27;
const ENOSPC = 28;
const EDQUOT = 122;
// lmdb's own codes for a file that is not what it should be: MDB_PAGE_NOTFOUND, MDB_CORRUPTED,
// MDB_VERSION_MISMATCH, MDB_INVALID.
const DAMAGED: readonly unknown[] = [-30797, -30796, -30794, -30793];
/** MDB_PANIC: a commit failed half-way; the next open goes back to the last good one. */
const PANIC = -30795;

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

function isFull(dir: string, code: unknown): boolean {
  if (code === ENOSPC || code === EDQUOT || code === 'ENOSPC' || code === 'EDQUOT') return true;
  // The engine reports a write that was cut short as an input/output error.
  if (code !== EIO) return false;
  const disk = statfsSync(dir);
  return disk.bavail * disk.bsize < DISK_FULL_BELOW_BYTES;
}

function explain(dir: string, code: unknown): string {
  if (isFull(dir, code)) {
    return `the disk of the data directory ${dir} is full: nothing was written; free some space`;
  }
  if (code === EFBIG) {
    return `a file in the data directory ${dir} may not grow further: nothing was written; raise the file size limit`;
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `the data directory ${dir} is not writable: check its owner and mode`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return `the data directory ${dir} cannot be made: a part of its path is a file; choose another directory`;
  }
  // How Node tells that a directory cannot be made on a disk that is mounted for reading.
  if (code === 'ENOENT') {
    return `the data directory ${dir} cannot be made: check that the disk is writable, or choose another directory`;
  }
  if (code === PANIC) {
    return `the disk of the data directory ${dir} failed during a commit: check it, then restart`;
  }
  return `the data directory ${dir} cannot be used: check the disk and the system log`;
}

/** A failed read, write or open as ChatError; the engine's own error is the cause. */
export function toStorageError(dir: string, thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  const code = codeOf(thrown);
  if (DAMAGED.includes(code)) {
    const info = `the database in ${dir} is damaged: restore the directory from a backup`;
    return new ChatError(ErrorCode.INTERNAL, info, { cause: thrown });
  }
  return new ChatError(ErrorCode.UNAVAILABLE, explain(dir, code), { cause: thrown });
}

export const databaseClosed = (): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, 'the embedded database is closed');
