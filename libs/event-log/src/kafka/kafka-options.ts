import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '@parley/kernel';
import type { Logger, Metrics } from '@parley/telemetry';

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaEventLogOptions {
  /** `host:port`, at least one; the others are learned from it. */
  readonly brokers: readonly string[];
  /** Shown in the broker's logs and quotas; default `parley`. */
  readonly clientId?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** TLS to the brokers: `true` trusts the system's authorities. */
  readonly tls?: boolean | ConnectionOptions;
  readonly sasl?: KafkaSasl;
  /** Copies of each partition in topics that this log makes; default: the broker's. */
  readonly replicationFactor?: number;
  /** Copies that must have a record before it is acknowledged, in topics that this log makes; default: the broker's. */
  readonly minInSyncReplicas?: number;
  /** An append that is not acknowledged by then is UNAVAILABLE; default 5,000. */
  readonly appendDeadlineMs?: number;
  /** A member that is not heard of for so long loses its partitions; default 10,000. */
  readonly sessionTimeoutMs?: number;
  /** How long `ensureTopics` and `subscribe` wait for the brokers; default 30,000. */
  readonly startDeadlineMs?: number;
}

export const APPEND_DEADLINE_MS = 5_000;
export const SESSION_TIMEOUT_MS = 10_000;
export const START_DEADLINE_MS = 30_000;
