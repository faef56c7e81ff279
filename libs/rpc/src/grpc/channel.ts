// Settings that every gRPC channel and server of the platform shares.
import { type ChannelOptions, Client, logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { RPC_MESSAGE_BYTES_MAX } from '../limits.js';
import { type ClientTls, clientCredentials } from './credentials.js';

// Everything it would print also comes as an error, and the console is not ours to write to.
setLogVerbosity(logVerbosity.NONE);

/** A stream message holds a batch: one call of the largest size and small change beside it. */
export const GRPC_MESSAGE_BYTES_MAX = 2 * RPC_MESSAGE_BYTES_MAX;

/** A dead peer is noticed after the sum of the two. */
export const KEEPALIVE_INTERVAL_MS = 10_000;
export const KEEPALIVE_TIMEOUT_MS = 5_000;

/**
 * Longest pause before a peer is dialled again. Short: until then a replica that came back is not used, and
 * should the others die meanwhile there is nobody. Processes of a cluster are few, so nobody is flooded.
 */
export const RECONNECT_PAUSE_MS_MAX = 1_000;

export const sharedChannelOptions: ChannelOptions = {
  'grpc.max_receive_message_length': GRPC_MESSAGE_BYTES_MAX,
  'grpc.max_send_message_length': GRPC_MESSAGE_BYTES_MAX,
  'grpc.keepalive_time_ms': KEEPALIVE_INTERVAL_MS,
  'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
};

/** Where a server of the platform is and how to reach it. */
export interface GrpcTarget {
  /** `host:port`. */
  readonly address: string;
  readonly tls?: ClientTls;
}

/** A channel; connects with its first call. */
export function openChannel(target: GrpcTarget): Client {
  const serverName = target.tls?.serverName;
  return new Client(target.address, clientCredentials(target.tls), {
    ...sharedChannelOptions,
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': RECONNECT_PAUSE_MS_MAX,
    ...(serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName }),
  });
}

/** A view of the same memory: gRPC wants Buffers. */
export const toBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const sameBytes = (bytes: Buffer): Buffer => bytes;
