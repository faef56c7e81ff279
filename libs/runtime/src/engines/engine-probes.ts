// Questions to the engines of other machines that a process has chosen: whether they answer, and as what.
import { ChatError, ErrorCode, systemClock } from '@parley/kernel';
import { type Logger, silentLogger } from '@parley/telemetry';
import { cassandraOptions, kafkaOptions, redisOptions } from './driver-settings.js';
import type { EngineConfig } from './engine-config.js';

export interface EngineFacts {
  /** The engine with its version or size, for people. */
  readonly what: string;
  /** What it answers with, but should not be: each one a line with the remedy. */
  readonly problems: readonly string[];
}

export interface EngineProbe {
  readonly engine: 'Cassandra' | 'Kafka' | 'Redis';
  /** Where it is asked, without credentials. */
  readonly address: string;
  /**
   * Connects anew, logs in and asks; changes nothing.
   * @throws ChatError whose info is one line with the remedy: UNAVAILABLE when trying again may help, else INTERNAL.
   */
  ask(deadlineMs: number): Promise<EngineFacts>;
}

interface Asked {
  readonly engine: EngineProbe['engine'];
  readonly addresses: readonly string[];
  readonly addressEnv: string;
  /** Where its login is set, for people. */
  readonly loginEnv: string;
  readonly ask: (deadlineMs: number) => Promise<EngineFacts>;
}

/** One for each engine that is chosen; none for embedded ones. */
export function engineProbes(config: EngineConfig): EngineProbe[] {
  return [
    ...(config.tableStore === 'cassandra' ? [cassandraProbe(config)] : []),
    ...(config.eventLog === 'kafka' ? [kafkaProbe(config)] : []),
    ...(config.coordination === 'redis' ? [redisProbe(config)] : []),
  ].map(toProbe);
}

/** What a driver says on the way is in the answer already. */
const logger: Logger = silentLogger;
const clock = systemClock;

const cassandraProbe = (config: EngineConfig): Asked => ({
  engine: 'Cassandra',
  addresses: config.cassandraContactPoints,
  addressEnv: 'PARLEY_CASSANDRA_CONTACT_POINTS',
  loginEnv: 'PARLEY_CASSANDRA_USERNAME and PARLEY_CASSANDRA_PASSWORD, PARLEY_CASSANDRA_LOCAL_DC',
  ask: async (deadlineMs) => {
    const { probeCassandra } = await import('@parley/table-store/cassandra');
    const { version, nodes } = await probeCassandra(
      { ...cassandraOptions(config), clock, logger },
      deadlineMs,
    );
    const { cassandraReplicationFactor: copies } = config;
    const problem = `${nodes} node(s) in ${config.cassandraLocalDc}, PARLEY_CASSANDRA_REPLICATION_FACTOR is ${copies}`;
    return {
      what: `Cassandra ${version}, ${nodes} node(s) in ${config.cassandraLocalDc}`,
      problems: copies > nodes ? [problem] : [],
    };
  },
});

const kafkaProbe = (config: EngineConfig): Asked => ({
  engine: 'Kafka',
  addresses: config.kafkaBrokers,
  addressEnv: 'PARLEY_KAFKA_BROKERS',
  loginEnv: 'PARLEY_KAFKA_SASL_MECHANISM, PARLEY_KAFKA_USERNAME and PARLEY_KAFKA_PASSWORD',
  ask: async (deadlineMs) => {
    const { probeKafka } = await import('@parley/event-log/kafka');
    const { brokers } = await probeKafka({ ...kafkaOptions(config), clock, logger }, deadlineMs);
    const { kafkaReplicationFactor: copies } = config;
    const problem = `${brokers} broker(s), PARLEY_KAFKA_REPLICATION_FACTOR is ${copies}: new topics cannot be made`;
    return { what: `Kafka, ${brokers} broker(s)`, problems: copies > brokers ? [problem] : [] };
  },
});

const redisProbe = (config: EngineConfig): Asked => ({
  engine: 'Redis',
  addresses: config.redisUrls.map((url) => new URL(url).host),
  addressEnv: 'PARLEY_REDIS_URL',
  loginEnv: 'PARLEY_REDIS_USERNAME and PARLEY_REDIS_PASSWORD',
  ask: async (deadlineMs) => {
    const { probeRedis } = await import('@parley/coordination/redis');
    const { version, problems } = await probeRedis({ ...redisOptions(config), logger }, deadlineMs);
    return { what: version === undefined ? 'Redis' : `Redis ${version}`, problems };
  },
});

function toProbe({ engine, addresses, addressEnv, loginEnv, ask }: Asked): EngineProbe {
  const address = addresses.join(',');
  return {
    engine,
    address,
    ask: async (deadlineMs) => {
      try {
        return await ask(deadlineMs);
      } catch (thrown) {
        const { code, info, cause } = ChatError.from(thrown);
        // Its files are read before anything is asked: that line is whole.
        if (/^(set )?PARLEY_/.test(info)) throw thrown;
        const met = cause instanceof Error ? cause.message : info;
        const [reason = ''] = met.split('\n');
        const text =
          code === ErrorCode.UNAVAILABLE
            ? `${engine} does not answer at ${address} (${reason}): start it, or set ${addressEnv}`
            : `${engine} at ${address} refuses this process (${reason}): check ${loginEnv}`;
        throw new ChatError(code, text);
      }
    },
  };
}
