// What a failure of the driver means.
import { ChatError, ErrorCode } from '@parley/kernel';

/** The innermost cause: kafkajs wraps what it gave up on. */
export function rootCause(thrown: unknown): unknown {
  let cause = thrown;
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth++) {
    cause = cause.cause;
  }
  return cause;
}

/** Kafka's own name of a refusal, such as MESSAGE_TOO_LARGE; undefined when no broker refused. */
export function refusalOf(thrown: unknown): string | undefined {
  const cause = rootCause(thrown);
  const type = cause instanceof Error ? (cause as { type?: unknown }).type : undefined;
  return typeof type === 'string' ? type : undefined;
}

export const reasonOf = (thrown: unknown): string => {
  const cause = rootCause(thrown);
  return cause instanceof Error ? cause.message : String(cause);
};

/** The broker has lost, or never had, what it knew of this producer: another one must go on. */
const PRODUCER_REFUSALS: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_ID_MAPPING',
  'PRODUCER_FENCED',
]);

export const isProducerLost = (thrown: unknown): boolean => PRODUCER_REFUSALS.has(refusalOf(thrown) ?? '');

/** The broker looked at the records and will never take them. */
const RECORD_REFUSALS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'CORRUPT_MESSAGE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

export const isRecordRefused = (thrown: unknown): boolean => RECORD_REFUSALS.has(refusalOf(thrown) ?? '');

const LOGIN_REFUSALS: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  // It takes no login at all.
  'ILLEGAL_SASL_STATE',
]);

/** A broker looked at the login and will never take it. */
export const isLoginRefused = (thrown: unknown): boolean => {
  const cause = rootCause(thrown);
  const isRefused = cause instanceof Error && cause.name === 'KafkaJSSASLAuthenticationError';
  return isRefused || LOGIN_REFUSALS.has(refusalOf(thrown) ?? '');
};

/** Any failure as the port's callers expect it. */
export function unavailable(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  return new ChatError(ErrorCode.UNAVAILABLE, 'the event log is unavailable: try again', { cause: thrown });
}
