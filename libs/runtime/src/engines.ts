// The one place where a process chooses its engines. Drivers of other machines are
// loaded only when they are chosen: standalone never sees them.
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedEventLog, type EventLog } from '@parley/event-log';
import { type Clock, systemClock } from '@parley/kernel';
import { createEmbeddedTableStore, type TableStore } from '@parley/table-store';
import type { LogRoot, Metrics } from '@parley/telemetry';
import type { EngineConfig } from './engine-config.js';
import { prefixedLog } from './prefixed-log.js';

export interface Engines {
  readonly tables: TableStore;
  readonly log: EventLog;
  readonly coordination: Coordination;
  /** Closes in the order in which they depend on each other. */
  close(): Promise<void>;
}

export interface OpenEnginesOptions {
  readonly config: EngineConfig;
  readonly logs: Pick<LogRoot, 'logger'>;
  readonly metrics: Metrics;
  readonly clock?: Clock;
}

interface Tools extends OpenEnginesOptions {
  readonly clock: Clock;
  readonly database: EmbeddedDatabase;
}

/** Opens what the config asks for. @throws ChatError with one clear line when a data directory cannot be used. */
export async function openEngines(options: OpenEnginesOptions): Promise<Engines> {
  const { config, clock = systemClock } = options;
  const database = await openEmbeddedDatabase({ dir: config.dataDir });
  const tools = { ...options, clock, database };
  const tables = createEmbeddedTableStore({ database, clock });
  const opened: { close(): Promise<void> }[] = [database, tables];
  const closeAll = async (): Promise<void> => {
    for (const engine of [...opened].reverse()) await engine.close();
  };
  try {
    const coordination = await openCoordination(tools);
    opened.push(coordination);
    const log = await openLog(tools);
    opened.push(log);
    return { tables, log, coordination, close: closeAll };
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}

async function openLog({ config, clock, logs, metrics, database }: Tools): Promise<EventLog> {
  const logger = logs.logger('event-log');
  if (config.eventLog === 'embedded') return createEmbeddedEventLog({ database, clock, logger, metrics });
  const { createKafkaEventLog } = await import('@parley/event-log/kafka');
  const { kafkaBrokers: brokers, kafkaReplicationFactor: replicationFactor, kafkaTopicPrefix } = config;
  const replication = replicationFactor > 0 ? { replicationFactor } : {};
  const log = createKafkaEventLog({ brokers, clock, logger, metrics, ...replication });
  return prefixedLog(log, kafkaTopicPrefix);
}

async function openCoordination({ config, clock, logs, metrics }: Tools): Promise<Coordination> {
  if (config.coordination === 'memory') return createMemoryCoordination({ clock });
  const { createRedisCoordination } = await import('@parley/coordination/redis');
  const { redisUrls: urls, redisIsCluster: isCluster, redisPrefix: keyPrefix } = config;
  return createRedisCoordination({
    urls,
    isCluster,
    keyPrefix,
    logger: logs.logger('coordination'),
    metrics,
  });
}
