// What an SDK instance says on the console. Ids and codes only: never message
// content, never a UserSig.

/** Levels of setLogLevel: everything, release, warnings, errors, nothing. */
export const LogLevel = { VERBOSE: 0, RELEASE: 1, WARNING: 2, ERROR: 3, NONE: 4 } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export class Logger {
  level: LogLevel = LogLevel.WARNING;

  debug(event: string, fields: LogFields = {}): void {
    if (this.level <= LogLevel.VERBOSE) console.debug(`parley: ${event}`, fields);
  }

  info(event: string, fields: LogFields = {}): void {
    if (this.level <= LogLevel.RELEASE) console.info(`parley: ${event}`, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    if (this.level <= LogLevel.WARNING) console.warn(`parley: ${event}`, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    if (this.level <= LogLevel.ERROR) console.error(`parley: ${event}`, fields);
  }
}
