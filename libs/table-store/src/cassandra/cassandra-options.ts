import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '@parley/kernel';
import type { Logger, Metrics } from '@parley/telemetry';

export interface CassandraTableStoreOptions {
  /** `host` or `host:port`, at least one; the others are learned from it. All nodes have one port, 9042 by default. */
  readonly contactPoints: readonly string[];
  /** Only nodes of this data center are asked; quorums are its own. Default `datacenter1`. */
  readonly localDataCenter?: string;
  /** Holds all tables; small letters, digits and underscores, at most 48. Made by `migrate` when it is missing. */
  readonly keyspace: string;
  /**
   * Replicas in each data center, for a keyspace that is made here. Default: three in the local one, or as
   * many as it has nodes.
   */
  readonly replication?: Readonly<Record<string, number>>;
  readonly credentials?: { readonly username: string; readonly password: string };
  /**
   * TLS to the nodes: `true` trusts the system's authorities, `ca` names others, `cert` and `key` are this process's own.
   * A node's certificate has to name its address, for nodes are learned by address, or `servername` if that is set: one
   * name that all of them have. Without `rejectUnauthorized: false` nobody else is trusted.
   */
  readonly tls?: boolean | ConnectionOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** One attempt of one request is given up after this time, ms; default 2,000. */
  readonly requestTimeoutMs?: number;
  /**
   * All attempts of one request together, ms; default 5,000; the last may begin just before. Then it is UNAVAILABLE.
   * Counts from the call, whatever a request waits for; a call of many requests has it for each.
   */
  readonly deadlineMs?: number;
  /** Another node is asked when one has not answered for so long, ms; default 500. Repeatable requests only. */
  readonly secondTryMs?: number;
  /** How long `migrate` waits for the cluster, ms; default 30,000. */
  readonly startDeadlineMs?: number;
}

export const REQUEST_TIMEOUT_MS = 2_000;
export const DEADLINE_MS = 5_000;
export const SECOND_TRY_MS = 500;
export const START_DEADLINE_MS = 30_000;
export const LOCAL_DATA_CENTER = 'datacenter1';
const DEFAULT_PORT = 9_042;
/** Changes of the schema are slow: every node takes part. */
export const SCHEMA_TIMEOUT_MS = 30_000;
/** Requests on their way, of the whole store; one connection carries 2,048. */
export const REQUESTS_MAX = 1_024;
/** Requests that wait for one of those. */
export const WAITING_MAX = 20_000;
/** Requests on their way for one getMany or writeAll. */
export const REQUESTS_PER_CALL_MAX = 128;
/** Writes of one table's partition that wait for one another; only tables that are isConditional. */
export const PARTITION_WAITING_MAX = 1_000;
/** A table's time to live at most, seconds: 20 years, which is Cassandra's bound. */
export const TTL_SECONDS_MAX = 20 * 365 * 24 * 60 * 60;

/** The port of `host`, `host:port`, an IPv6 address or `[address]:port`. */
export function portOf(contactPoint: string): number {
  const port = /^(?:\[.*\]|[^:]+):(\d{1,5})$/.exec(contactPoint)?.[1];
  return port === undefined ? DEFAULT_PORT : Number(port);
}

/** @throws Error on options that cannot work. */
export function checkOptions({ contactPoints, keyspace }: CassandraTableStoreOptions): void {
  if (contactPoints.length === 0) throw new Error('cassandra: no contact point');
  if (new Set(contactPoints.map(portOf)).size > 1)
    throw new Error('cassandra: contact points of several ports');
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace)) throw new Error(`cassandra: bad keyspace "${keyspace}"`);
}
