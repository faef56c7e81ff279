// What Redis and its driver reject with, as errors of the port.
import { ChatError, ErrorCode } from '@parley/kernel';
import { engineFull, wrongKind } from '../request-checks.js';

/** First words of replies after which the same request may succeed: the server is starting, moving, failing over or busy. */
const PASSING = new Set([
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'READONLY',
  'BUSY',
  'NOREPLICAS',
  'MISCONF',
  'MOVED',
  'ASK',
  'UNKILLABLE',
]);

const kindOf = (error: Error): string => error.message.split(' ', 1)[0] ?? '';

const isReply = (thrown: unknown): thrown is Error => thrown instanceof Error && thrown.name === 'ReplyError';

/** The server does not know the script (any more): nothing happened. */
export const isUnknownScript = (thrown: unknown): boolean => isReply(thrown) && kindOf(thrown) === 'NOSCRIPT';

/** The server behind the connection has become a replica. */
export const isDemoted = (thrown: unknown): boolean => isReply(thrown) && kindOf(thrown) === 'READONLY';

export const unavailable = (info: string, cause?: unknown): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, info, { cause });

export function toChatError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  if (!isReply(thrown)) {
    return unavailable('the connection to coordination broke; whether it happened is unknown', thrown);
  }
  const kind = kindOf(thrown);
  if (kind === 'WRONGTYPE') return wrongKind();
  if (kind === 'OOM') return engineFull();
  if (PASSING.has(kind)) return unavailable('coordination cannot answer now', thrown);
  return new ChatError(ErrorCode.INTERNAL, 'coordination refused a request', { cause: thrown });
}
