// The bootstrap app as the terminal commands need it.
import { authConfig } from '@parley/auth';
import type { Config } from '@parley/config';
import { engineConfig } from '@parley/runtime';
import { CommandError, ExitCode } from '../exit-code.js';
import { bootstrapKeyPath, readSecretFile } from './secret-files.js';

export interface AuthSettings {
  readonly appId: number;
  readonly admin: string;
  readonly isKeyConfigured: boolean;
}

export function authSettings(config: Config): AuthSettings {
  const { bootstrapAppId, bootstrapAdmin, bootstrapAppKey } = config.of(authConfig);
  return { appId: bootstrapAppId, admin: bootstrapAdmin, isKeyConfigured: bootstrapAppKey !== '' };
}

/** The bootstrap app's key: from the settings, else from the data directory. @throws CommandError when there is none yet. */
export function bootstrapKey(config: Config): string {
  const { bootstrapAppKey } = config.of(authConfig);
  if (bootstrapAppKey !== '') return bootstrapAppKey;
  const path = bootstrapKeyPath(config.of(engineConfig).dataDir);
  try {
    return readSecretFile(path);
  } catch (cause) {
    throw new CommandError(
      `no key at ${path}; start the server once, or set PARLEY_DATA_DIR or --key-file to where the key is`,
      ExitCode.ENVIRONMENT,
      { cause },
    );
  }
}
