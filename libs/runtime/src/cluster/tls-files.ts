// Certificates of the processes among one another, from files.
import { readFileSync } from 'node:fs';
import type { ClientTls, ServerTls } from '@parley/rpc/grpc';
import type { ClusterConfig } from './cluster-config.js';

export interface ClusterTls {
  readonly client: ClientTls;
  readonly server: ServerTls;
}

/** Undefined when no certificate is configured. With one, both sides prove themselves. @throws Error when a file is missing or unreadable. */
export function readClusterTls(config: ClusterConfig): ClusterTls | undefined {
  const { tlsCertFile, tlsKeyFile, tlsCaFile, tlsServerName } = config;
  if (tlsCertFile === '' && tlsKeyFile === '' && tlsCaFile === '') return undefined;
  if (tlsCertFile === '' || tlsKeyFile === '' || tlsCaFile === '') {
    throw new Error(
      'set PARLEY_RPC_TLS_CERT_FILE, PARLEY_RPC_TLS_KEY_FILE and PARLEY_RPC_TLS_CA_FILE together',
    );
  }
  const [certificate, key, ca] = [tlsCertFile, tlsKeyFile, tlsCaFile].map((path) => readFileSync(path)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const serverName = tlsServerName === '' ? {} : { serverName: tlsServerName };
  return { client: { ca, certificate, key, ...serverName }, server: { certificate, key, clientCa: ca } };
}
