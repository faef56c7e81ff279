// The logger's shape. Fields, not prose; never message content, signatures or keys.

export type LogFields = Readonly<Record<string, unknown>>;

/** One per subsystem. `event` is a past-tense or noun phrase; ids go under the same keys everywhere. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
