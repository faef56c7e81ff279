// The one place where a process chooses its engines. Drivers of other machines are
// loaded only when they are chosen: standalone never sees them.
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedEventLog, type EventLog } from '@parley/event-log';
import { type Clock, systemClock } from '@parley/kernel';
import { createEmbeddedTableStore, type TableStore } from '@parley/table-store';
import type { LogRoot, Metrics } from '@parley/telemetry';
import { cassandraOptions, kafkaOptions, redisOptions } from './driver-settings.js';
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
  /** One for all embedded engines, opened for the first that asks. */
  database(): Promise<EmbeddedDatabase>;
}

/** Opens what the config asks for. @throws ChatError with one clear line when a data directory or a file of keys cannot be used. */
export async function openEngines(options: OpenEnginesOptions): Promise<Engines> {
  const { config, clock = systemClock } = options;
  const opened: { close(): Promise<void> }[] = [];
  const keep = <E extends { close(): Promise<void> }>(engine: E): E => {
    opened.push(engine);
    return engine;
  };
  const closeAll = async (): Promise<void> => {
    for (const engine of [...opened].reverse()) await engine.close();
  };
  let database: EmbeddedDatabase | undefined;
  const tools: Tools = {
    ...options,
    clock,
    database: async () => {
      database ??= keep(await openEmbeddedDatabase({ dir: config.dataDir }));
      return database;
    },
  };
  try {
    const tables = keep(await openTables(tools));
    const coordination = keep(await openCoordination(tools));
    const log = keep(await openLog(tools));
    return { tables, log, coordination, close: closeAll };
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}

async function openTables({ config, clock, logs, metrics, database }: Tools): Promise<TableStore> {
  if (config.tableStore === 'embedded')
    return createEmbeddedTableStore({ database: await database(), clock });
  const { createCassandraTableStore } = await import('@parley/table-store/cassandra');
  const logger = logs.logger('table-store');
  return createCassandraTableStore({ ...cassandraOptions(config), clock, logger, metrics });
}

async function openLog({ config, clock, logs, metrics, database }: Tools): Promise<EventLog> {
  const logger = logs.logger('event-log');
  if (config.eventLog === 'embedded') {
    return createEmbeddedEventLog({ database: await database(), clock, logger, metrics });
  }
  const { createKafkaEventLog } = await import('@parley/event-log/kafka');
  const log = createKafkaEventLog({ ...kafkaOptions(config), clock, logger, metrics });
  return prefixedLog(log, config.kafkaTopicPrefix);
}

async function openCoordination({ config, clock, logs, metrics }: Tools): Promise<Coordination> {
  if (config.coordination === 'memory') return createMemoryCoordination({ clock });
  const { createRedisCoordination } = await import('@parley/coordination/redis');
  return createRedisCoordination({ ...redisOptions(config), logger: logs.logger('coordination'), metrics });
}
