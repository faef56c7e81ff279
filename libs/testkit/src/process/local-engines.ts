// The engines of `make engines-up`, as settings of the program. deploy/engines/lib/settings.sh has the same defaults.

const port = (env: string, usual: number): number => Number(process.env[env] ?? usual);

/** Everything that one run stores is under its name, so that runs do not meet. */
export function localEngineSettings(run: string): Record<string, string> {
  return {
    PARLEY_TABLE_STORE: 'cassandra',
    PARLEY_CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port('PARLEY_ENGINES_CASSANDRA_PORT', 19_042)}`,
    PARLEY_CASSANDRA_KEYSPACE: run,
    PARLEY_EVENT_LOG: 'kafka',
    PARLEY_KAFKA_BROKERS: `127.0.0.1:${port('PARLEY_ENGINES_KAFKA_PORT', 19_092)}`,
    PARLEY_KAFKA_TOPIC_PREFIX: `${run}.`,
    PARLEY_COORDINATION: 'redis',
    PARLEY_REDIS_URL: `redis://127.0.0.1:${port('PARLEY_ENGINES_REDIS_PORT', 16_379)}`,
    PARLEY_REDIS_PREFIX: `${run}:`,
  };
}
