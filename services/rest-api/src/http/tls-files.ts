// The certificate and key of the public port.
import { readFile } from 'node:fs/promises';

export interface TlsFiles {
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
}

export interface TlsOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** Undefined when neither file is set. @throws Error with the remedy when only one is, or one cannot be read. */
export async function readTlsFiles({ tlsCertFile, tlsKeyFile }: TlsFiles): Promise<TlsOptions | undefined> {
  if (tlsCertFile === '' && tlsKeyFile === '') return undefined;
  if (tlsCertFile === '' || tlsKeyFile === '') {
    throw new Error('TLS needs both files: set PARLEY_REST_TLS_CERT_FILE and PARLEY_REST_TLS_KEY_FILE');
  }
  const [cert, key] = await Promise.all([readPem(tlsCertFile), readPem(tlsKeyFile)]);
  return { cert, key, minVersion: 'TLSv1.2' };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`TLS needs both files: ${path} cannot be read; check the path and its permissions`, {
      cause,
    });
  }
}
