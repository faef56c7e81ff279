// TLS from PEM buffers: the only place that knows how gRPC wants them.
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';

/** How a client proves the server, and itself when it has a certificate. All PEM. */
export interface ClientTls {
  /** Authorities that may have signed the server's certificate; absent: those of the system. */
  readonly ca?: Buffer;
  /** For mutual TLS; both or none. */
  readonly certificate?: Buffer;
  readonly key?: Buffer;
  /** Name to find in the server's certificate when it differs from the address. */
  readonly serverName?: string;
}

/** How a server proves itself, and its clients when it has an authority for them. All PEM. */
export interface ServerTls {
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Present: only clients with a certificate of this authority may connect (mutual TLS). */
  readonly clientCa?: Buffer;
}

/** @throws Error when only one of key and certificate is given or a PEM cannot be read. */
export function clientCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  return ChannelCredentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.certificate ?? null);
}

/** @throws Error when a PEM cannot be read. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: tls.key, cert_chain: tls.certificate };
  return ServerCredentials.createSsl(tls.clientCa ?? null, [pair], tls.clientCa !== undefined);
}
