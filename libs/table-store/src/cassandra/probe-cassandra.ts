// Whether Cassandra is there for somebody with these options. Changes nothing.
import { ChatError, ErrorCode } from '@parley/kernel';
import cassandra from 'cassandra-driver';
import { toChatError } from './cassandra-error.js';
import { type CassandraTableStoreOptions, checkOptions, LOCAL_DATA_CENTER } from './cassandra-options.js';
import { Session } from './session.js';

export interface CassandraFacts {
  /** Of the node that answered. */
  readonly version: string;
  /** Nodes of the local data center. */
  readonly nodes: number;
}

/**
 * Connects, logs in, asks, disconnects; within `deadlineMs`, but for the end of connections that are being made.
 * @throws ChatError UNAVAILABLE when nobody answers, INTERNAL when the login or the data center is refused; the cause
 * says in one line what was met.
 */
export async function probeCassandra(
  options: CassandraTableStoreOptions,
  deadlineMs: number,
): Promise<CassandraFacts> {
  checkOptions(options);
  const session = new Session({ ...options, deadlineMs });
  try {
    const [rows] = await session.askOneNode(['SELECT release_version FROM system.local']);
    const [row] = (rows ?? []) as unknown as { release_version: string }[];
    return {
      version: row?.release_version ?? '',
      nodes: session.nodesOf(options.localDataCenter ?? LOCAL_DATA_CENTER),
    };
  } catch (thrown) {
    const error = toChatError(thrown);
    const reason = reasonIn(error.cause);
    // To the driver no node of that data center is no node; waiting does not help.
    const code = reason.includes('localDataCenter') ? ErrorCode.INTERNAL : error.code;
    throw new ChatError(code, error.info, { cause: new Error(reason, { cause: error }) });
  } finally {
    await session.close();
  }
}

/** The driver lists every node with a stack; the first node's words are enough. */
function reasonIn(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer';
  if (!(cause instanceof cassandra.errors.NoHostAvailableError)) return cause.message;
  const [inner] = Object.values((cause.innerErrors ?? {}) as Record<string, unknown>);
  return inner instanceof Error ? inner.message : cause.message;
}
