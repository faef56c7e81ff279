// Whether Redis is there for somebody with these options. Changes nothing.
import { ChatError, ErrorCode } from '@parley/kernel';
import { ClusterLink } from './cluster-link.js';
import { checkOptions, type RedisCoordinationOptions } from './redis-options.js';
import { RequestQueue } from './request-queue.js';
import { SingleLink } from './single-link.js';

export interface RedisFacts {
  /** Undefined where the user may not ask. */
  readonly version?: string;
  /** Settings of the server that this engine cannot live with, each with its remedy. */
  readonly problems: readonly string[];
}

const MAJOR_MIN = 7;
/** The link goes on trying; a server that has not answered the first attempts by then is not there. */
const ATTEMPTS_MS = 2_500;

/**
 * Connects, logs in, asks, disconnects; within `deadlineMs`.
 * @throws ChatError UNAVAILABLE when nobody answers, with what the connection met as cause; INTERNAL when the login is refused.
 */
export async function probeRedis(options: RedisCoordinationOptions, deadlineMs: number): Promise<RedisFacts> {
  checkOptions(options);
  const link = options.isCluster ? new ClusterLink(options) : new SingleLink(options);
  const queue = new RequestQueue(link, Math.min(deadlineMs, ATTEMPTS_MS));
  try {
    return factsIn(String(await queue.ask({ name: 'info', args: [], tag: undefined })));
  } catch (thrown) {
    const error = ChatError.from(thrown);
    if (isUnderstandable(error.cause, /^NOPERM/)) return { problems: [] };
    if (!isUnderstandable(error.cause, REFUSED)) throw error;
    throw new ChatError(ErrorCode.INTERNAL, 'Redis refuses the login', { cause: error.cause });
  } finally {
    queue.close();
  }
}

/** Words of the server about a login that is wrong or missing. */
const REFUSED = /WRONGPASS|NOAUTH|invalid password/;

const isUnderstandable = (cause: unknown, words: RegExp): boolean =>
  cause instanceof Error && words.test(cause.message);

function factsIn(info: string): RedisFacts {
  const fieldOf = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const version = fieldOf('redis_version');
  const policy = fieldOf('maxmemory_policy');
  const problems: string[] = [];
  if (Number.parseInt(version, 10) < MAJOR_MIN)
    problems.push(`version ${version}: use ${MAJOR_MIN}.0 or newer`);
  if (policy !== '' && policy !== 'noeviction') {
    problems.push(`maxmemory-policy is ${policy}, which forgets sessions: set it to noeviction`);
  }
  return { ...(version !== '' && { version }), problems };
}
