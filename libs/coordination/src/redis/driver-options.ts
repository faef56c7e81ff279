// How the driver is set up, the same for every connection: it queues nothing and repeats nothing by itself.
import type { RedisOptions } from 'ioredis';
import {
  CONNECT_TIMEOUT_MS,
  DEADLINE_MS,
  type RedisCoordinationOptions,
  reconnectPauseMs,
} from './redis-options.js';

/** A connection on which nothing came for so long although something was due is dead, ms. */
const silenceMaxMs = (deadlineMs: number): number => Math.max(CONNECT_TIMEOUT_MS, 2 * deadlineMs);

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 6379;
/** How long a connection may take to end in order before it is cut, ms. */
const DISCONNECT_TIMEOUT_MS = 500;

export function addressOf(url: string): ServerAddress {
  const { hostname, port } = new URL(url);
  return { host: hostname || '127.0.0.1', port: port === '' ? DEFAULT_PORT : Number(port) };
}

/** For one connection to the server of `url`, or to another `address` of the same cluster. */
export function driverOptions(options: RedisCoordinationOptions, address?: ServerAddress) {
  const url = options.urls[0] as string;
  const { username, password, pathname, protocol } = new URL(url);
  const database = Number(pathname.slice(1));
  return {
    ...(address ?? addressOf(url)),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(database > 0 && { db: database }),
    ...(protocol === 'rediss:' && { tls: options.tls ?? {} }),
    protocol: 2,
    lazyConnect: true,
    disableClientInfo: true,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    // Whatever was sent when a connection ends fails at once.
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    socketTimeout: silenceMaxMs(options.deadlineMs ?? DEADLINE_MS),
    retryStrategy: (attempt: number) => reconnectPauseMs(attempt),
  } satisfies RedisOptions;
}
