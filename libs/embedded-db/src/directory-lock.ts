// One process per data directory.
//
// The lock is SQLite's write lock on the empty file `lock`: an advisory lock of the operating system that
// Node can take without native dependencies. The kernel releases it when the process ends, however it ends,
// so nothing can be stale after kill -9, and no pid is ever compared. The pid in `lock-owner` is for the
// message only.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ChatError, ErrorCode } from '@parley/kernel';

const SQLITE_BUSY = 5;

const isBusy = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY;

export interface DirectoryLock {
  release(): void;
}

function ownerOf(dir: string): string {
  try {
    return `process ${readFileSync(join(dir, 'lock-owner'), 'utf8').trim()}`;
  } catch {
    // The owner holds the lock but has not written its pid yet; the lock alone decides.
    return 'another process';
  }
}

/** @throws ChatError UNAVAILABLE when another process, or this one, holds the directory. */
export function lockDirectory(dir: string): DirectoryLock {
  const lock = new DatabaseSync(join(dir, 'lock'));
  try {
    lock.exec('BEGIN IMMEDIATE');
  } catch (thrown) {
    lock.close();
    if (!isBusy(thrown)) throw thrown;
    throw new ChatError(
      ErrorCode.UNAVAILABLE,
      `the data directory ${dir} is in use by ${ownerOf(dir)}: stop it, or choose another directory`,
      { cause: thrown },
    );
  }
  writeFileSync(join(dir, 'lock-owner'), `${process.pid}\n`, { mode: 0o600 });
  return { release: () => lock.close() };
}
