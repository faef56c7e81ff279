// The engines of `make engines-up`, as settings of the program.
import { engineAddress } from '@parley/test-engines';

/** Everything that one run stores is under its name (letters and digits), so that runs do not meet. */
export function localEngineSettings(run: string): Record<string, string> {
  return {
    PARLEY_TABLE_STORE: 'cassandra',
    PARLEY_CASSANDRA_CONTACT_POINTS: engineAddress('cassandra'),
    PARLEY_CASSANDRA_KEYSPACE: run,
    PARLEY_EVENT_LOG: 'kafka',
    PARLEY_KAFKA_BROKERS: engineAddress('kafka'),
    PARLEY_KAFKA_TOPIC_PREFIX: `${run}-`,
    PARLEY_COORDINATION: 'redis',
    PARLEY_REDIS_URL: `redis://${engineAddress('redis')}`,
    PARLEY_REDIS_PREFIX: `${run}:`,
  };
}
