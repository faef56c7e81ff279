// The settings of each engine of other machines, as its driver takes them.
import type { RedisCoordinationOptions } from '@parley/coordination/redis';
import type { KafkaEventLogOptions } from '@parley/event-log/kafka';
import type { CassandraTableStoreOptions } from '@parley/table-store/cassandra';
import type { EngineConfig } from './engine-config.js';
import { readEngineTls } from './engine-tls.js';

/** Copies that a record has when it is acknowledged, where a topic has so many. */
const COPIES_ACKNOWLEDGED = 2;

/** What is not of the process that opens it. */
type Settings<O> = Omit<O, 'clock' | 'logger' | 'metrics'>;

/** @throws ChatError for files that cannot be read. */
export function cassandraOptions(config: EngineConfig): Settings<CassandraTableStoreOptions> {
  const { cassandraLocalDc, cassandraReplicationFactor: copies, cassandraUsername: username } = config;
  return {
    contactPoints: config.cassandraContactPoints,
    localDataCenter: cassandraLocalDc,
    keyspace: config.cassandraKeyspace,
    ...(copies > 0 && { replication: { [cassandraLocalDc]: copies } }),
    ...(username !== '' && { credentials: { username, password: config.cassandraPassword } }),
    ...(config.cassandraTls && {
      tls: readEngineTls({
        env: 'PARLEY_CASSANDRA',
        caFile: config.cassandraTlsCaFile,
        certFile: config.cassandraTlsCertFile,
        keyFile: config.cassandraTlsKeyFile,
        serverName: config.cassandraTlsServerName,
      }),
    }),
  };
}

/** @throws ChatError for files that cannot be read. */
export function kafkaOptions(config: EngineConfig): Settings<KafkaEventLogOptions> {
  const { kafkaReplicationFactor: replicationFactor, kafkaSaslMechanism: mechanism } = config;
  const { kafkaUsername: username, kafkaPassword: password } = config;
  return {
    brokers: config.kafkaBrokers,
    ...(replicationFactor > 0 && { replicationFactor }),
    // With one copy acknowledged, losing its broker would lose what was acknowledged.
    ...(replicationFactor >= COPIES_ACKNOWLEDGED && { minInSyncReplicas: COPIES_ACKNOWLEDGED }),
    ...(mechanism !== '' && { sasl: { mechanism, username, password } }),
    ...(config.kafkaTls && {
      tls: readEngineTls({
        env: 'PARLEY_KAFKA',
        caFile: config.kafkaTlsCaFile,
        certFile: config.kafkaTlsCertFile,
        keyFile: config.kafkaTlsKeyFile,
      }),
    }),
  };
}

/** Whether it is encrypted is in the URL. @throws ChatError for files that cannot be read. */
export function redisOptions(config: EngineConfig): Settings<RedisCoordinationOptions> {
  return {
    urls: config.redisUrls.map((url) => withLogin(url, config)),
    isCluster: config.redisIsCluster,
    keyPrefix: config.redisPrefix,
    tls: readEngineTls({
      env: 'PARLEY_REDIS',
      caFile: config.redisTlsCaFile,
      certFile: config.redisTlsCertFile,
      keyFile: config.redisTlsKeyFile,
    }),
  };
}

/** Reads what opening the chosen engines would read. @throws ChatError for the first file that cannot be read. */
export function checkEngineFiles(config: EngineConfig): void {
  if (config.tableStore === 'cassandra') cassandraOptions(config);
  if (config.eventLog === 'kafka') kafkaOptions(config);
  if (config.coordination === 'redis') redisOptions(config);
}

/** A login of its own settings stands before the URL's. */
function withLogin(text: string, { redisUsername, redisPassword }: EngineConfig): string {
  if (redisUsername === '' && redisPassword === '') return text;
  const url = new URL(text);
  url.username = encodeURIComponent(redisUsername);
  if (redisPassword !== '') url.password = encodeURIComponent(redisPassword);
  return url.href;
}
