// What a log line may hold: bounded, serialisable, and without secrets whoever passes them in.
import type { LogFields } from './logger.js';

/** Longest text in a log line, characters; the rest is cut. */
export const LOG_TEXT_CHARS_MAX = 4_000;
/** Errors below errors that are still shown. */
const CAUSES_MAX = 5;
/** Fields with these names never reach a line: a second net below the rule that nobody passes them. */
const SECRET_NAMES: ReadonlySet<string> = new Set(
  ['userSig', 'sig', 'token', 'secret', 'password', 'key', 'appKey', 'authorization', 'body', 'request'].map(
    (name) => name.toLowerCase(),
  ),
);

/** A copy of the fields that is safe to print. Never throws. */
export function toLoggable(fields: LogFields): Record<string, unknown> {
  const loggable: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    loggable[name] = SECRET_NAMES.has(name.toLowerCase()) ? '[hidden]' : toLoggableValue(value);
  }
  return loggable;
}

function toLoggableValue(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return toErrorFields(value, CAUSES_MAX);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  return value;
}

function toErrorFields(error: Error, causesLeft: number): Record<string, unknown> {
  const code = Reflect.get(error, 'code');
  return {
    type: error.name,
    message: cut(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : undefined),
    stack: cut(error.stack ?? ''),
    ...(error.cause === undefined || causesLeft === 0
      ? undefined
      : { cause: toCause(error.cause, causesLeft) }),
  };
}

const toCause = (cause: unknown, causesLeft: number): unknown =>
  cause instanceof Error ? toErrorFields(cause, causesLeft - 1) : toLoggableValue(cause);

const cut = (text: string): string =>
  text.length <= LOG_TEXT_CHARS_MAX ? text : `${text.slice(0, LOG_TEXT_CHARS_MAX)}…`;
