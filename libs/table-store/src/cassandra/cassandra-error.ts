// What the driver rejects with, as errors of the port.
import { ChatError, ErrorCode } from '@parley/kernel';
import cassandra from 'cassandra-driver';

const { errors, types } = cassandra;
const { responseErrorCodes } = types;

/** Answers of the cluster after which the same request may succeed. Whether a write happened is unknown for some. */
const PASSING: ReadonlySet<number> = new Set([
  responseErrorCodes.serverError,
  responseErrorCodes.unavailableException,
  responseErrorCodes.overloaded,
  responseErrorCodes.isBootstrapping,
  responseErrorCodes.truncateError,
  responseErrorCodes.writeTimeout,
  responseErrorCodes.readTimeout,
  responseErrorCodes.readFailure,
  responseErrorCodes.writeFailure,
  // CAS_WRITE_UNKNOWN of protocol 5.
  0x1700,
]);

/** No node was asked with success; or, beneath, nobody was let in. */
function isRefusedEverywhere(thrown: unknown): boolean {
  if (!(thrown instanceof errors.NoHostAvailableError)) return thrown instanceof errors.AuthenticationError;
  const reasons = Object.values((thrown.innerErrors ?? {}) as Record<string, unknown>);
  return reasons.length > 0 && reasons.every((reason) => reason instanceof errors.AuthenticationError);
}

const isPassing = (thrown: unknown): boolean =>
  thrown instanceof errors.OperationTimedOutError ||
  thrown instanceof errors.NoHostAvailableError ||
  thrown instanceof errors.BusyConnectionError ||
  (thrown instanceof errors.ResponseError && PASSING.has(thrown.code)) ||
  (thrown instanceof Error && 'isSocketError' in thrown);

export const unavailable = (info: string, cause?: unknown): ChatError =>
  new ChatError(ErrorCode.UNAVAILABLE, info, { cause });

export const storeClosed = (): ChatError => unavailable('the table store is closed');

export function toChatError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  if (isRefusedEverywhere(thrown)) {
    return new ChatError(ErrorCode.INTERNAL, 'Cassandra refuses the credentials', { cause: thrown });
  }
  if (isPassing(thrown)) return unavailable('the tables do not answer; try again', thrown);
  return new ChatError(ErrorCode.INTERNAL, 'the tables refused a request', { cause: thrown });
}

/** Whether the same request may succeed; the caller knows whether it may be repeated. */
export const isRetryable = (thrown: unknown): boolean => toChatError(thrown).code === ErrorCode.UNAVAILABLE;

/** Whether a node does not know the keyspace, table or column that was asked for. */
export const isNotMadeYet = (thrown: unknown): boolean =>
  thrown instanceof errors.ResponseError &&
  thrown.code === responseErrorCodes.invalid &&
  /does not exist|undefined column/i.test(thrown.message);

/** One word for logs. */
export const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
