// `parley usersig`: a ticket for one user.
import { isUserId } from '@parley/kernel';
import { createUserSig } from '@parley/usersig';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { authSettings, bootstrapKey } from '../node/auth-settings.js';
import { readSecretFile } from '../node/secret-files.js';
import { loadConfig } from '../node/settings.js';
import { toPositiveInteger } from './numbers.js';

export const EXPIRE_SECONDS_DEFAULT = 7 * 86_400;

interface UserSigOptions {
  readonly user: string;
  readonly app?: number;
  readonly expire: number;
  readonly keyFile?: string;
  readonly config?: string;
}

export function addUserSig(program: Command): void {
  program
    .command('usersig')
    .description('make a UserSig')
    .requiredOption('--user <id>', 'UserID')
    .option('--app <id>', 'SDKAppID (default: the bootstrap app)', toPositiveInteger)
    .option('--expire <seconds>', 'how long it is valid', toPositiveInteger, EXPIRE_SECONDS_DEFAULT)
    .option('--key-file <file>', 'file with the app’s key (default: the bootstrap app’s)')
    .option('--config <file>', 'YAML file with settings')
    .action((options: UserSigOptions) => {
      process.stdout.write(`${makeUserSig(options)}\n`);
    });
}

/** @throws CommandError when there is no key. */
export function makeUserSig(options: UserSigOptions): string {
  if (!isUserId(options.user)) {
    throw new CommandError('--user: a UserID has 1 to 32 bytes of printable ASCII', ExitCode.USAGE);
  }
  const config = loadConfig(options.config);
  const { appId } = authSettings(config);
  if (options.app !== undefined && options.app !== appId && !options.keyFile) {
    throw new CommandError(
      `app ${options.app} is not the bootstrap app; name its key with --key-file`,
      ExitCode.USAGE,
    );
  }
  const key = options.keyFile ? keyFrom(options.keyFile) : bootstrapKey(config);
  return createUserSig({
    sdkAppId: options.app ?? appId,
    userId: options.user,
    key,
    expireSeconds: options.expire,
  });
}

function keyFrom(path: string): string {
  try {
    const key = readSecretFile(path);
    if (key !== '') return key;
    throw new Error('it is empty');
  } catch (cause) {
    throw new CommandError(
      `${path} cannot be read (${(cause as Error).message}); check --key-file`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  }
}
