// The one place where a process chooses its engines.
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { createEmbeddedEventLog, type EventLog } from '@parley/event-log';
import { type Clock, systemClock } from '@parley/kernel';
import { createEmbeddedTableStore, type TableStore } from '@parley/table-store';
import type { LogRoot, Metrics } from '@parley/telemetry';
import type { EngineConfig } from './engine-config.js';

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

/** Opens what the config asks for. @throws ChatError with one clear line when a data directory cannot be used. */
export async function openEngines(options: OpenEnginesOptions): Promise<Engines> {
  const { config, metrics, logs, clock = systemClock } = options;
  const database = await openEmbeddedDatabase({ dir: config.dataDir });
  try {
    const tables = createEmbeddedTableStore({ database, clock });
    const log = createEmbeddedEventLog({ database, clock, logger: logs.logger('event-log'), metrics });
    const coordination = createMemoryCoordination({ clock });
    return {
      tables,
      log,
      coordination,
      close: async () => {
        await log.close();
        await coordination.close();
        await tables.close();
        await database.close();
      },
    };
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}
