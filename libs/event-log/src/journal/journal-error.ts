// Failures of the journal's files, told in words.
import { ChatError, ErrorCode } from '@parley/kernel';

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

function explain(dir: string, code: unknown): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of the event log in ${dir} is full: nothing was written; free some space`;
    case 'EFBIG':
      return `a file in ${dir} may not grow further: nothing was written; raise the file size limit`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the event log in ${dir} is not writable: check its owner and mode`;
    case 'EMFILE':
    case 'ENFILE':
      return `the event log in ${dir} cannot open a file: raise the limit of open files`;
    default:
      return `the event log in ${dir} cannot be used: check the disk and the system log`;
  }
}

/** A failed read, write or open as ChatError; the system's own error is the cause. */
export function toJournalError(dir: string, thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  return new ChatError(ErrorCode.UNAVAILABLE, explain(dir, codeOf(thrown)), { cause: thrown });
}

const damaged = (what: string): ChatError =>
  new ChatError(
    ErrorCode.INTERNAL,
    `the event log is damaged: ${what}; restore the data directory from a backup`,
  );

/** Bytes that were durable once are not there any more. */
export const damagedAt = (path: string, position: number): ChatError =>
  damaged(`${path} at byte ${position}`);

export const missingSegment = (path: string): ChatError => damaged(`${path} is missing`);

/** Database and files do not belong together. */
export const unknownJournal = (dir: string): ChatError =>
  damaged(`the database does not know the records in ${dir}`);
