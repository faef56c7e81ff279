// Settings of a process among others.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';

export interface ClusterConfig {
  readonly rpcAddress: string;
  readonly advertise: string;
  readonly peers: readonly string[];
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  readonly tlsCaFile: string;
  readonly tlsServerName: string;
}

const file = (env: string, doc: string) => field({ schema: z.string(), default: '', env, doc });

export const clusterConfig = defineSection<ClusterConfig>('cluster', {
  rpcAddress: field({
    schema: z.string().regex(/^$|^\S+:\d{1,5}$/, 'is no host:port'),
    default: '',
    env: 'PARLEY_RPC_ADDRESS',
    doc: 'host:port on which this process serves other processes; empty: it serves none.',
  }),
  advertise: field({
    schema: z.string().regex(/^$|^[^\s~]+:\d{1,5}$/, 'is no host:port'),
    default: '',
    env: 'PARLEY_RPC_ADVERTISE',
    doc: 'host:port under which other processes reach this one; empty: the same as rpcAddress.',
  }),
  peers: field({
    schema: z.array(z.string().regex(/^[a-z-]+=(dns:)?\S+:\d{1,5}$/, 'is no service=host:port')),
    default: [],
    env: 'PARLEY_PEERS',
    doc: 'Where services of other processes are: service=host:port, one entry a replica, or service=dns:name:port for every address of a name.',
  }),
  tlsCertFile: file(
    'PARLEY_RPC_TLS_CERT_FILE',
    'PEM certificate of this process among the others; empty: plain text.',
  ),
  tlsKeyFile: file('PARLEY_RPC_TLS_KEY_FILE', 'PEM key of that certificate.'),
  tlsCaFile: file('PARLEY_RPC_TLS_CA_FILE', 'PEM authority that every process of the platform is signed by.'),
  tlsServerName: file(
    'PARLEY_RPC_TLS_SERVER_NAME',
    'Name in the certificates of the others when it is not their address.',
  ),
});
