// Why a start failed, as one line with the remedy.
import type { Config } from '@parley/config';
import { ChatError } from '@parley/kernel';
import { engineConfig } from '@parley/runtime';
import { CommandError, ExitCode } from '../exit-code.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

/** What it cannot explain it leaves as it is. */
export function explainStartFailure(thrown: unknown, config: Config): unknown {
  if (thrown instanceof CommandError) return thrown;
  if (thrown instanceof ChatError)
    return new CommandError(thrown.info, ExitCode.ENVIRONMENT, { cause: thrown });
  if (!(thrown instanceof Error)) return thrown;
  const { code, address, port, path } = thrown as SystemError;
  const { dataDir } = config.of(engineConfig);
  if (code === 'EADDRINUSE') {
    return environment(
      `${address}:${port} is in use; stop what listens there, or set another PARLEY_…_PORT`,
      thrown,
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return environment(
      `no permission for ${path ?? `port ${port}`}; change its owner, or choose another with PARLEY_DATA_DIR or PARLEY_…_PORT`,
      thrown,
    );
  }
  if (code === 'ENOSPC')
    return environment(`the disk of ${dataDir} is full; free space, nothing was lost`, thrown);
  if (code === 'EADDRNOTAVAIL')
    return environment(`${address} is no address of this machine; set PARLEY_BIND`, thrown);
  return thrown;
}

function environment(message: string, cause: unknown): CommandError {
  return new CommandError(message, ExitCode.ENVIRONMENT, { cause });
}
