// Settings of the process itself.
import { defineSection, field } from '@parley/config';
import { LOG_LEVELS, type LogLevel } from '@parley/telemetry';
import { z } from 'zod';

export interface ProcessConfig {
  readonly adminBind: string;
  readonly adminPort: number;
  readonly logLevel: LogLevel;
  readonly stopTimeoutMs: number;
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
  stopTimeoutMs: field({
    schema: z.number().int().min(1_000).max(600_000),
    default: 20_000,
    env: 'PARLEY_STOP_TIMEOUT_MS',
    doc: 'Time for draining and stopping all services; what is not done by then is given up.',
    unit: 'ms',
  }),
});

export interface ConsoleConfig {
  readonly port: number;
}

export const consoleConfig = defineSection<ConsoleConfig>('console', {
  port: field({
    schema: z.number().int().min(0).max(65_535),
    default: 8082,
    env: 'PARLEY_CONSOLE_PORT',
    doc: 'Port kept for the web console, which is not in this build yet; nothing listens there.',
  }),
});
