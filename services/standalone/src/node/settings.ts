// Every setting of the program, gathered from its parts.
import { accessGatewayManifest } from '@parley/access-gateway';
import { manifest as authManifest } from '@parley/auth';
import { type AnySection, type Config, ConfigError, readConfig } from '@parley/config';
import { manifest as groupManifest } from '@parley/group';
import { manifest as messageManifest } from '@parley/message';
import { manifest as profileManifest } from '@parley/profile';
import { restApiManifest } from '@parley/rest-api';
import { type AnyManifest, clusterConfig, engineConfig } from '@parley/runtime';
import { CommandError, ExitCode } from '../exit-code.js';
import { findPortConflicts } from './doors.js';
import { consoleConfig, processConfig } from './process-config.js';

/** Every service there is. A new one is one line here. */
export const manifests: readonly AnyManifest[] = [
  authManifest,
  messageManifest,
  groupManifest,
  profileManifest,
  accessGatewayManifest,
  restApiManifest,
];

export const sections: readonly AnySection[] = [
  processConfig,
  engineConfig,
  clusterConfig,
  ...manifests.map((manifest) => manifest.config),
  consoleConfig,
];

/** Reads the settings. @throws CommandError that lists every problem, a line each. */
export function loadConfig(file?: string): Config {
  const path = file ?? process.env.PARLEY_CONFIG;
  try {
    const config = readConfig(sections, { env: process.env, ...(path ? { file: path } : {}) });
    const conflicts = findPortConflicts(config);
    if (conflicts.length > 0) throw new ConfigError(conflicts);
    return config;
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw new CommandError(thrown.message, ExitCode.CONFIG);
    throw thrown;
  }
}
