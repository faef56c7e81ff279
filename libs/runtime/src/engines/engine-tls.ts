// How a process proves itself to an engine, and knows it, from files.
import { readFileSync } from 'node:fs';
import { ChatError, ErrorCode } from '@parley/kernel';

export interface EngineTlsFiles {
  /** The setting's name up to `_TLS`, for messages. */
  readonly env: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Name in the engine's certificate; absent or empty: its address. */
  readonly serverName?: string;
}

export interface EngineTls {
  /** Said to every driver: that of Cassandra would take any certificate. */
  readonly rejectUnauthorized: true;
  readonly servername?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Without files it trusts the system's authorities. @throws ChatError with one clear line for a file that cannot be read. */
export function readEngineTls({
  env,
  caFile,
  certFile,
  keyFile,
  serverName = '',
}: EngineTlsFiles): EngineTls {
  if ((certFile === '') !== (keyFile === '')) {
    throw new ChatError(
      ErrorCode.INTERNAL,
      `set ${env}_TLS_CERT_FILE and ${env}_TLS_KEY_FILE together, or neither`,
    );
  }
  const read = (suffix: string, path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new ChatError(ErrorCode.INTERNAL, `${env}_TLS_${suffix}: cannot be read (${why})`, { cause });
    }
  };
  return {
    rejectUnauthorized: true,
    ...(serverName !== '' && { servername: serverName }),
    ...(caFile !== '' && { ca: read('CA_FILE', caFile) }),
    ...(certFile !== '' && { cert: read('CERT_FILE', certFile), key: read('KEY_FILE', keyFile) }),
  };
}
