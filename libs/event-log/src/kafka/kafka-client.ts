// The one place that makes a kafkajs client.
import type { Logger } from '@parley/telemetry';
import kafkajs, {
  type ISocketFactory,
  type Kafka as KafkaClient,
  type KafkaConfig,
  type LogEntry,
  type SASLOptions,
} from 'kafkajs';
import { APPEND_DEADLINE_MS, type KafkaEventLogOptions } from './kafka-options.js';
import { quietRequestQueues } from './quiet-request-queue.js';

/** An answer later than an append's deadline helps nobody; the margin tells slow from dead. */
const REQUEST_MARGIN_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** What kafkajs tries by itself; whoever calls it goes on after that. */
export const DRIVER_RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  multiplier: 2,
  factor: 0.2,
  retries: 3,
} as const;

/** `socketFactory` opens the connections in tests that break them. */
export function createKafkaClient(
  options: KafkaEventLogOptions,
  socketFactory?: ISocketFactory,
): KafkaClient {
  quietRequestQueues();
  const { brokers, clientId = 'parley', tls, sasl, logger } = options;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: (options.appendDeadlineMs ?? APPEND_DEADLINE_MS) + REQUEST_MARGIN_MS,
    retry: DRIVER_RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => passOn(entry, logger),
    ...(socketFactory ? { socketFactory } : {}),
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
  };
  return new kafkajs.Kafka(config);
}

/** Said at every start of an idempotent producer; what it warns of is this engine's business. */
const EXPECTED = /Limiting retries for the idempotent producer/;

/**
 * The driver's words as a warning, whatever it calls them: it repeats what it will try again, and whoever
 * called it logs the failure that counts.
 */
function passOn({ namespace, log }: LogEntry, logger: Logger): void {
  if (EXPECTED.test(log.message)) return;
  const { broker, groupId, error } = log as { broker?: unknown; groupId?: unknown; error?: unknown };
  logger.warn('driver warned', {
    part: namespace,
    text: log.message,
    broker,
    group: groupId,
    reason: String(error ?? ''),
  });
}
