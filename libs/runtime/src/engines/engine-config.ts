// Settings of the engines.
import { defineSection, type Field, field } from '@parley/config';
import { z } from 'zod';
import {
  addressesField,
  engineField,
  flagField,
  replicasField,
  secretField,
  textField,
} from './engine-field.js';

export interface EngineConfig {
  readonly dataDir: string;
  readonly tableStore: 'embedded' | 'cassandra';
  readonly cassandraContactPoints: readonly string[];
  readonly cassandraLocalDc: string;
  readonly cassandraKeyspace: string;
  readonly cassandraReplicationFactor: number;
  readonly cassandraUsername: string;
  readonly cassandraPassword: string;
  readonly cassandraTls: boolean;
  readonly cassandraTlsCaFile: string;
  readonly cassandraTlsCertFile: string;
  readonly cassandraTlsKeyFile: string;
  readonly cassandraTlsServerName: string;
  readonly eventLog: 'embedded' | 'kafka';
  readonly kafkaBrokers: readonly string[];
  readonly kafkaTopicPrefix: string;
  readonly kafkaReplicationFactor: number;
  readonly kafkaSaslMechanism: '' | 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly kafkaUsername: string;
  readonly kafkaPassword: string;
  readonly kafkaTls: boolean;
  readonly kafkaTlsCaFile: string;
  readonly kafkaTlsCertFile: string;
  readonly kafkaTlsKeyFile: string;
  readonly coordination: 'memory' | 'redis';
  readonly redisUrls: readonly string[];
  readonly redisIsCluster: boolean;
  readonly redisPrefix: string;
  readonly redisUsername: string;
  readonly redisPassword: string;
  readonly redisTlsCaFile: string;
  readonly redisTlsCertFile: string;
  readonly redisTlsKeyFile: string;
}

const AUTHORITY = 'PEM authorities that its certificates are signed by; empty: the system’s.';
const CERTIFICATE = 'PEM certificate of this process for it; empty: none.';
const KEY = 'PEM key of that certificate.';

export const engineConfig = defineSection<EngineConfig>('engines', {
  dataDir: field({
    schema: z.string().min(1),
    default: './data',
    env: 'PARLEY_DATA_DIR',
    doc: 'Directory of the embedded engines, the bootstrap key and the operator token.',
  }),
  tableStore: engineField({
    port: 'the tables',
    env: 'PARLEY_TABLE_STORE',
    engines: ['embedded', 'cassandra'],
  }),
  cassandraContactPoints: addressesField(
    'PARLEY_CASSANDRA_CONTACT_POINTS',
    9_042,
    'host:port of some nodes, all with one port; the others are learned from them.',
  ),
  cassandraLocalDc: field({
    schema: z.string().min(1),
    default: 'datacenter1',
    env: 'PARLEY_CASSANDRA_LOCAL_DC',
    doc: 'Data center whose nodes are asked; quorums are its own.',
  }),
  cassandraKeyspace: field({
    schema: z.string().regex(/^[a-z][a-z0-9_]{0,47}$/, 'is no name of small letters, digits and underscores'),
    default: 'parley',
    env: 'PARLEY_CASSANDRA_KEYSPACE',
    doc: 'Holds all tables; made when it is missing.',
  }),
  cassandraReplicationFactor: replicasField(
    'PARLEY_CASSANDRA_REPLICATION_FACTOR',
    'Copies in the local data center, for a keyspace that is made new; 0: three, or as many as it has nodes.',
  ),
  cassandraUsername: textField('PARLEY_CASSANDRA_USERNAME', 'Role at Cassandra; empty: without a login.'),
  cassandraPassword: secretField('PARLEY_CASSANDRA_PASSWORD', 'Password of that role.'),
  cassandraTls: flagField('PARLEY_CASSANDRA_TLS', 'Whether connections to Cassandra are encrypted.'),
  cassandraTlsCaFile: textField('PARLEY_CASSANDRA_TLS_CA_FILE', AUTHORITY),
  cassandraTlsCertFile: textField('PARLEY_CASSANDRA_TLS_CERT_FILE', CERTIFICATE),
  cassandraTlsKeyFile: textField('PARLEY_CASSANDRA_TLS_KEY_FILE', KEY),
  cassandraTlsServerName: textField(
    'PARLEY_CASSANDRA_TLS_SERVER_NAME',
    'Name in the certificates of its nodes when that is not their address; nodes are called by address.',
  ),
  eventLog: engineField({ port: 'the event log', env: 'PARLEY_EVENT_LOG', engines: ['embedded', 'kafka'] }),
  kafkaBrokers: addressesField(
    'PARLEY_KAFKA_BROKERS',
    9_092,
    'host:port of some brokers; the others are learned from them.',
  ),
  kafkaTopicPrefix: field({
    schema: z.string().regex(/^([a-z0-9]+-)*$/, 'is no words that each end in a hyphen'),
    default: '',
    env: 'PARLEY_KAFKA_TOPIC_PREFIX',
    doc: 'Before the name of every topic, for several installations on one Kafka.',
  }),
  kafkaReplicationFactor: replicasField(
    'PARLEY_KAFKA_REPLICATION_FACTOR',
    'Copies of each partition of new topics; 0: the broker’s default. Use 3 where messages matter.',
  ),
  kafkaSaslMechanism: field({
    schema: z.enum(['', 'plain', 'scram-sha-256', 'scram-sha-512']),
    default: '',
    env: 'PARLEY_KAFKA_SASL_MECHANISM',
    doc: 'How this process logs in at Kafka: plain, scram-sha-256 or scram-sha-512; empty: without a login.',
  }) as Field<EngineConfig['kafkaSaslMechanism']>,
  kafkaUsername: textField('PARLEY_KAFKA_USERNAME', 'User at Kafka.'),
  kafkaPassword: secretField('PARLEY_KAFKA_PASSWORD', 'Password of that user.'),
  kafkaTls: flagField('PARLEY_KAFKA_TLS', 'Whether connections to Kafka are encrypted.'),
  kafkaTlsCaFile: textField('PARLEY_KAFKA_TLS_CA_FILE', AUTHORITY),
  kafkaTlsCertFile: textField('PARLEY_KAFKA_TLS_CERT_FILE', CERTIFICATE),
  kafkaTlsKeyFile: textField('PARLEY_KAFKA_TLS_KEY_FILE', KEY),
  coordination: engineField({
    port: 'coordination',
    env: 'PARLEY_COORDINATION',
    engines: ['memory', 'redis'],
  }),
  redisUrls: field<readonly string[]>({
    schema: z.array(z.string().regex(/^rediss?:\/\//, 'is no redis:// address')),
    default: ['redis://127.0.0.1:6379'],
    env: 'PARLEY_REDIS_URL',
    doc: 'redis://[user:password@]host:port of the server, or of some nodes of a Redis Cluster; rediss:// is encrypted.',
    isSecret: true,
  }),
  redisIsCluster: flagField(
    'PARLEY_REDIS_CLUSTER',
    'Whether PARLEY_REDIS_URL names nodes of a Redis Cluster.',
  ),
  redisPrefix: field({
    schema: z.string().regex(/^[^{}\s]{0,64}$/),
    default: '',
    env: 'PARLEY_REDIS_PREFIX',
    doc: 'Before every key, for several installations on one Redis.',
  }),
  redisUsername: textField(
    'PARLEY_REDIS_USERNAME',
    'User at Redis, instead of one in the URL; empty: the user default.',
  ),
  redisPassword: secretField('PARLEY_REDIS_PASSWORD', 'Password of that user; empty: the one in the URL.'),
  redisTlsCaFile: textField('PARLEY_REDIS_TLS_CA_FILE', AUTHORITY),
  redisTlsCertFile: textField('PARLEY_REDIS_TLS_CERT_FILE', CERTIFICATE),
  redisTlsKeyFile: textField('PARLEY_REDIS_TLS_KEY_FILE', KEY),
});

/** What the engines are when nothing is set. */
export const engineDefaults = Object.fromEntries(
  Object.entries<Field<unknown>>(engineConfig.fields).map(([name, { default: value }]) => [name, value]),
) as unknown as EngineConfig;
