// A logger that remembers, so that a green test with an unexpected ERROR line is red.
import type { LogFields, Logger } from '@parley/telemetry';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevel;
  readonly subsystem: string;
  readonly event: string;
  readonly fields: LogFields;
}

export class CapturedLog {
  readonly lines: LogLine[] = [];

  logger(subsystem: string): Logger {
    const at =
      (level: LogLevel) =>
      (event: string, fields: LogFields = {}) => {
        this.lines.push({ level, subsystem, event, fields });
      };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  at(level: LogLevel): LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }

  /** Takes the error lines out, for a test that expects them. */
  takeErrors(): LogLine[] {
    const errors = this.at('error');
    for (const line of errors) this.lines.splice(this.lines.indexOf(line), 1);
    return errors;
  }

  /** @throws Error when an ERROR line was logged and not taken. */
  assertNoErrors(): void {
    const [first] = this.at('error');
    if (first)
      throw new Error(`unexpected ERROR line: ${first.event}`, { cause: first.fields.cause ?? first.fields });
  }
}
