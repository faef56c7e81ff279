// How the command ends, for scripts.

export const ExitCode = {
  OK: 0,
  /** The work failed. */
  FAILURE: 1,
  /** The command line was wrong. */
  USAGE: 2,
  /** A setting is wrong. */
  CONFIG: 3,
  /** The machine does not allow it: a port, a directory, the disk. */
  ENVIRONMENT: 4,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A failure that the person at the terminal can do something about: one line, with the remedy. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandError';
  }
}
