import type { ConnectionOptions } from 'node:tls';
import type { Logger, Metrics } from '@parley/telemetry';
import type { ListenerErrorHandler } from '../channels.js';

export interface RedisCoordinationOptions {
  /**
   * `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. One server, or, with
   * `isCluster`, at least one node of a Redis Cluster; the others are learned from it. Redis 7.0 or newer.
   */
  readonly urls: readonly string[];
  readonly isCluster?: boolean;
  /** Before every key and channel; default none. Without braces, which are Redis Cluster's. */
  readonly keyPrefix?: string;
  /** Certificates and authorities for `rediss://`; default: the system's authorities. */
  readonly tls?: ConnectionOptions;
  /** What is not answered by then is UNAVAILABLE, ms; default 1,000. Longer absence is answered at once. */
  readonly deadlineMs?: number;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Told what a listener threw; default: a warning in the log. */
  readonly onListenerError?: ListenerErrorHandler;
}

export const DEADLINE_MS = 1_000;
/** Requests that wait for the connection or for their answer. */
export const OPEN_REQUESTS_MAX = 20_000;
/** A first connection may take this long, whatever the deadline of a request, ms. */
export const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MAX_MS = 2_000;

/** How long to wait before the n-th attempt to connect again; half of it is chance, so that clients do not come together. */
export function reconnectPauseMs(attempt: number, random: () => number = Math.random): number {
  const pauseMs = Math.min(RECONNECT_MAX_MS, RECONNECT_FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return pauseMs / 2 + random() * (pauseMs / 2);
}

/** @throws Error on options that cannot work. */
export function checkOptions(options: RedisCoordinationOptions): void {
  const { urls, isCluster, keyPrefix = '', deadlineMs = DEADLINE_MS } = options;
  if (urls.length === 0 || (!isCluster && urls.length > 1)) {
    throw new Error('redis: one URL, or several of a cluster');
  }
  for (const url of urls) {
    if (!/^rediss?:\/\//.test(url)) throw new Error('redis: a URL begins with redis:// or rediss://');
  }
  if (/[{}]/.test(keyPrefix)) throw new Error('redis: a key prefix has no braces');
  if (!(deadlineMs > 0)) throw new Error('redis: a deadline is above 0 ms');
}
