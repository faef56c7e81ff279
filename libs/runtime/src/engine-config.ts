// Settings of the engines.
import { defineSection, type Field, field } from '@parley/config';
import { z } from 'zod';

export interface EngineConfig {
  readonly dataDir: string;
  readonly tableStore: 'embedded';
  readonly eventLog: 'embedded' | 'kafka';
  readonly kafkaBrokers: readonly string[];
  readonly kafkaTopicPrefix: string;
  readonly kafkaReplicationFactor: number;
  readonly coordination: 'memory' | 'redis';
  readonly redisUrls: readonly string[];
  readonly redisIsCluster: boolean;
  readonly redisPrefix: string;
}

interface EngineChoice<E extends string> {
  readonly port: string;
  readonly env: string;
  /** The first one is the default. */
  readonly engines: readonly [E, ...E[]];
  /** Engines that the port is made for and that this build does not have. */
  readonly later?: readonly string[];
}

/** The engines to choose from; those that will come are known by name, so that the answer can be clear. */
function engineField<E extends string>({ port, env, engines, later = [] }: EngineChoice<E>): Field<E> {
  const choice = engines.join(' or ');
  const schema = z.string().transform((value, context): E => {
    const engine = engines.find((one) => one === value);
    if (engine) return engine;
    const message = later.includes(value)
      ? `${value} is not available in this build yet; use ${choice}`
      : `there is no such engine; use ${choice}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
  const outlook = later.length > 0 ? ` (${later.join(', ')}: not available in this build yet)` : '';
  return field<E>({ schema, default: engines[0], env, doc: `Engine of ${port}: ${choice}${outlook}.` });
}

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
    engines: ['embedded'],
    later: ['cassandra'],
  }),
  eventLog: engineField({ port: 'the event log', env: 'PARLEY_EVENT_LOG', engines: ['embedded', 'kafka'] }),
  kafkaBrokers: field({
    schema: z.array(z.string().regex(/^\S+:\d{1,5}$/, 'is no host:port')),
    default: ['127.0.0.1:9092'],
    env: 'PARLEY_KAFKA_BROKERS',
    doc: 'host:port of some brokers; the others are learned from them.',
  }),
  kafkaTopicPrefix: field({
    schema: z.string().regex(/^([a-z0-9]+-)*$/, 'is no words that each end in a hyphen'),
    default: '',
    env: 'PARLEY_KAFKA_TOPIC_PREFIX',
    doc: 'Before the name of every topic, for several installations on one Kafka.',
  }),
  kafkaReplicationFactor: field({
    schema: z.number().int().min(0).max(10),
    default: 0,
    env: 'PARLEY_KAFKA_REPLICATION_FACTOR',
    doc: 'Copies of each partition of new topics; 0: the broker’s default. Use 3 where messages matter.',
  }),
  coordination: engineField({
    port: 'coordination',
    env: 'PARLEY_COORDINATION',
    engines: ['memory', 'redis'],
  }),
  redisUrls: field({
    schema: z.array(z.string().regex(/^rediss?:\/\//, 'is no redis:// address')),
    default: ['redis://127.0.0.1:6379'],
    env: 'PARLEY_REDIS_URL',
    doc: 'redis://[user:password@]host:port of the server, or of some nodes of a Redis Cluster.',
    isSecret: true,
  }),
  redisIsCluster: field({
    schema: z.boolean(),
    default: false,
    env: 'PARLEY_REDIS_CLUSTER',
    doc: 'Whether PARLEY_REDIS_URL names nodes of a Redis Cluster.',
  }),
  redisPrefix: field({
    schema: z.string().regex(/^[^{}\s]{0,64}$/),
    default: '',
    env: 'PARLEY_REDIS_PREFIX',
    doc: 'Before every key, for several installations on one Redis.',
  }),
});

/** What the engines are when nothing is set. */
export const engineDefaults = Object.fromEntries(
  Object.entries<Field<unknown>>(engineConfig.fields).map(([name, { default: value }]) => [name, value]),
) as unknown as EngineConfig;
