// Every setting of the program, gathered from its parts.
import { accessGatewayManifest } from '@parley/access-gateway';
import { manifest as authManifest } from '@parley/auth';
import { type AnySection, type Config, ConfigError, defineSection, field, readConfig } from '@parley/config';
import { manifest as messageManifest } from '@parley/message';
import { restApiManifest } from '@parley/rest-api';
import { type AnyManifest, engineConfig } from '@parley/runtime';
import { LOG_LEVELS, type LogLevel } from '@parley/telemetry';
import { z } from 'zod';
import { CommandError, ExitCode } from '../exit-code.js';

/** Every service there is. A new one is one line here. */
export const manifests: readonly AnyManifest[] = [
  authManifest,
  messageManifest,
  accessGatewayManifest,
  restApiManifest,
];

export interface ProcessConfig {
  readonly adminBind: string;
  readonly adminPort: number;
  readonly logLevel: LogLevel;
}

export const processConfig = defineSection<ProcessConfig>('process', {
  adminBind: field({
    schema: z.string().min(1),
    default: '127.0.0.1',
    env: 'PARLEY_ADMIN_BIND',
    doc: 'Address of the admin port; keep it private.',
  }),
  adminPort: field({
    schema: z.number().int().min(0).max(65_535),
    default: 9090,
    env: 'PARLEY_ADMIN_PORT',
    doc: 'Port of /live, /ready, /metrics and the operator calls; 0 lets the system choose.',
  }),
  logLevel: field({
    schema: z.enum(LOG_LEVELS),
    default: 'info',
    env: 'PARLEY_LOG_LEVEL',
    doc: 'Least important level that is logged.',
  }),
});

export const sections: readonly AnySection[] = [
  processConfig,
  engineConfig,
  ...manifests.map((manifest) => manifest.config),
];

/** Reads the settings. @throws CommandError that lists every problem, a line each. */
export function loadConfig(file?: string): Config {
  const path = file ?? process.env.PARLEY_CONFIG;
  try {
    return readConfig(sections, { env: process.env, ...(path ? { file: path } : {}) });
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw new CommandError(thrown.message, ExitCode.CONFIG);
    throw thrown;
  }
}
