// Why a start failed, as one line with the remedy.
import type { Config } from '@parley/config';
import { ChatError } from '@parley/kernel';
import { engineConfig, TargetError } from '@parley/runtime';
import { CommandError, ExitCode } from '../exit-code.js';
import { doorsOf } from './doors.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

/** What it cannot explain it leaves as it is. */
export function explainStartFailure(thrown: unknown, config: Config): unknown {
  if (thrown instanceof CommandError) return thrown;
  if (thrown instanceof TargetError) return new CommandError(`--target: ${thrown.message}`, ExitCode.USAGE);
  const system = systemErrorIn(thrown);
  const message = system && explain(system, config);
  if (message) return new CommandError(message, ExitCode.ENVIRONMENT, { cause: thrown });
  if (thrown instanceof ChatError) {
    return new CommandError(withReason(thrown), ExitCode.ENVIRONMENT, { cause: thrown });
  }
  return thrown;
}

/** What an engine itself said is not for its callers, but for whoever starts it. */
function withReason({ info, cause }: ChatError): string {
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : [];
  return reason === '' ? info : `${info} (${reason})`;
}

/** The operating system's own error, however often it was wrapped; an engine that explained itself is left alone. */
function systemErrorIn(thrown: unknown): SystemError | undefined {
  for (let error = thrown; error instanceof Error && !(error instanceof ChatError); error = error.cause) {
    if ('syscall' in error) return error as SystemError;
  }
  return undefined;
}

function explain({ code, address, port, path }: SystemError, config: Config): string | undefined {
  const { dataDir } = config.of(engineConfig);
  const door = doorsOf(config).find((candidate) => candidate.port === port && candidate.port !== 0);
  const portEnv = door?.portEnv ?? 'another port';
  switch (code) {
    case 'EADDRINUSE':
      return `the ${door?.name ?? ''} port ${address}:${port} is in use; stop what listens there, or set ${portEnv}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${address ?? door?.host ?? 'the address'} is no address of this machine; set ${door?.hostEnv ?? 'PARLEY_BIND'}`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return path
        ? `no permission for ${path}; change its owner, or set PARLEY_DATA_DIR`
        : `no permission to listen on port ${port}; set ${portEnv} to one above 1023`;
    case 'ENOSPC':
      return `the disk of ${dataDir} is full; free space and start again, nothing was lost`;
    default:
      return undefined;
  }
}
