// The one place that makes a kafkajs client.
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import kafkajs, {
  type ISocketFactory,
  type Kafka as KafkaClient,
  type KafkaConfig,
  type LogEntry,
  type SASLOptions,
} from 'kafkajs';
import { BrokerSockets, openSocket } from './broker-sockets.js';
import { APPEND_DEADLINE_MS, type KafkaEventLogOptions } from './kafka-options.js';
import { quietRequestQueues } from './quiet-request-queue.js';

/** An answer later than an append's deadline helps nobody; the margin tells slow from dead. */
const REQUEST_MARGIN_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** What kafkajs tries by itself of a single question; whoever calls it goes on after that. */
export const DRIVER_RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  multiplier: 2,
  factor: 0.2,
  retries: 3,
} as const;

/**
 * While brokers are away for less than two minutes, a member of a group stays the member that it was: a new
 * one would have to wait until the old one is given up.
 */
export const MEMBER_RETRY = {
  ...DRIVER_RETRY,
  maxRetryTime: 300,
  retries: 400,
  restartOnFailure: async () => false,
};

/** kafkajs keeps how long it tries to connect per client, so what shall be patient has its own. */
export interface KafkaClients {
  readonly prompt: KafkaClient;
  readonly patient: KafkaClient;
  readonly sockets: BrokerSockets;
}

/** `open` opens the connections; tests break them. */
export function createKafkaClients(
  options: KafkaEventLogOptions,
  open: ISocketFactory = openSocket,
): KafkaClients {
  quietRequestQueues();
  const { brokers, clientId = 'parley', tls, sasl, logger, clock } = options;
  const log = newDriverLog(logger, clock);
  const sockets = new BrokerSockets(open);
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: (options.appendDeadlineMs ?? APPEND_DEADLINE_MS) + REQUEST_MARGIN_MS,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => log,
    socketFactory: sockets.factory,
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
  };
  return {
    prompt: new kafkajs.Kafka({ ...config, retry: DRIVER_RETRY }),
    patient: new kafkajs.Kafka({ ...config, retry: MEMBER_RETRY }),
    sockets,
  };
}

/** Said at every start of an idempotent producer; what it warns of is this engine's business. */
const EXPECTED = /Limiting retries for the idempotent producer/;
/** The same words again, at the earliest: the driver tries several times a second while a broker is away. */
const REPEAT_MS = 10_000;
const REMEMBERED_MAX = 100;

/**
 * The driver's words as a warning, whatever it calls them: it repeats what it will try again, and whoever
 * called it logs the failure that counts.
 */
function newDriverLog(logger: Logger, clock: Clock): (entry: LogEntry) => void {
  const saidAtMs = new Map<string, number>();
  return ({ namespace, log }) => {
    const text = log.message;
    const now = clock.now();
    if (EXPECTED.test(text) || now - (saidAtMs.get(text) ?? 0) < REPEAT_MS) return;
    if (saidAtMs.size >= REMEMBERED_MAX) saidAtMs.clear();
    saidAtMs.set(text, now);
    const { broker, groupId } = log as { broker?: unknown; groupId?: unknown };
    logger.warn('driver warned', { part: namespace, text, broker, group: groupId });
  };
}
