// A key from a file that the command line names.
import { CommandError, ExitCode } from '../exit-code.js';
import { readSecretFile } from '../node/secret-files.js';

/** @throws CommandError naming the option when the file cannot be read or is empty. */
export function keyFrom(path: string, option: string): string {
  try {
    const key = readSecretFile(path);
    if (key !== '') return key;
    throw new Error('it is empty');
  } catch (cause) {
    throw new CommandError(
      `${path} cannot be read (${(cause as Error).message}); check ${option}`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  }
}
