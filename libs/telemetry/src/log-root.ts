// All loggers of a process: one sink, one level that may change while it runs.
import { type Logger as PinoLogger, pino } from 'pino';
import { toLoggable } from './log-fields.js';
import type { LogFields, Logger } from './logger.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const isLogLevel = (value: unknown): value is LogLevel => LOG_LEVELS.some((level) => level === value);

/** Takes whole lines of JSON, each with its line break. */
export interface LogSink {
  write(line: string): void;
}

export interface LogRootOptions {
  readonly level: LogLevel;
  /** On every line, e.g. the node id. */
  readonly fields?: LogFields;
  /** Default: standard output, written synchronously, so that a dying process loses nothing. */
  readonly sink?: LogSink;
}

/**
 * One JSON object a line: level, time (ISO 8601, UTC), the common fields, subsystem,
 * the event's fields, event. Values that cannot be printed, or must not be, are replaced;
 * logging never throws.
 */
export interface LogRoot {
  readonly level: LogLevel;
  /** Takes effect at once, for every logger that was handed out. */
  setLevel(level: LogLevel): void;
  logger(subsystem: string): Logger;
}

const STDOUT = 1;

export function createLogRoot(options: LogRootOptions): LogRoot {
  const root = pino(
    {
      level: options.level,
      base: options.fields ? toLoggable(options.fields) : {},
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.sink ?? pino.destination({ fd: STDOUT, sync: true }),
  );
  return {
    get level() {
      return root.level as LogLevel;
    },
    setLevel: (level) => {
      root.level = level;
    },
    logger: (subsystem) => createLogger(root, subsystem),
  };
}

type WritableLevel = Exclude<LogLevel, 'silent'>;

function createLogger(root: PinoLogger<never, boolean>, subsystem: string): Logger {
  const writer = (level: WritableLevel) => (event: string, fields?: LogFields) => {
    // Asked first, so that a line nobody wants costs nothing.
    if (!root.isLevelEnabled(level)) return;
    root[level]({ subsystem, ...(fields ? toLoggable(fields) : undefined) }, event);
  };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
