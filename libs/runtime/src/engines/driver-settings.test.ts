import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatError } from '@parley/kernel';
import { cassandraOptions, kafkaOptions, redisOptions } from './driver-settings.js';
import { type EngineConfig, engineDefaults } from './engine-config.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-engine-tls-'));
  for (const name of ['ca.crt', 'tls.crt', 'tls.key']) writeFileSync(join(directory, name), name);
});
afterAll(() => rmSync(directory, { recursive: true }));

const configOf = (settings: Partial<EngineConfig>): EngineConfig => ({ ...engineDefaults, ...settings });
/** What whoever starts the program reads. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (thrown) {
    return ChatError.from(thrown).info;
  }
  throw new Error('nothing was refused');
}
const file = (name: string): string => join(directory, name);

describe('settings of Cassandra', () => {
  it('are addresses, data center and keyspace when nothing else is set', () => {
    expect(cassandraOptions(engineDefaults)).toEqual({
      contactPoints: ['127.0.0.1:9042'],
      localDataCenter: 'datacenter1',
      keyspace: 'parley',
    });
  });

  it('place copies in the local data center', () => {
    const config = configOf({ cassandraLocalDc: 'eu-1', cassandraReplicationFactor: 3 });
    expect(cassandraOptions(config).replication).toEqual({ 'eu-1': 3 });
  });

  it('log in when there is a role', () => {
    const config = configOf({ cassandraUsername: 'im', cassandraPassword: 'p' });
    expect(cassandraOptions(config).credentials).toEqual({ username: 'im', password: 'p' });
  });

  it('read no file while TLS is off', () => {
    expect(cassandraOptions(configOf({ cassandraTlsCaFile: file('none') }))).not.toHaveProperty('tls');
  });

  it('prove both sides, by the name in the certificates', () => {
    const config = configOf({
      cassandraTls: true,
      cassandraTlsCaFile: file('ca.crt'),
      cassandraTlsCertFile: file('tls.crt'),
      cassandraTlsKeyFile: file('tls.key'),
      cassandraTlsServerName: 'cassandra.db',
    });
    expect(cassandraOptions(config).tls).toEqual({
      rejectUnauthorized: true,
      servername: 'cassandra.db',
      ca: Buffer.from('ca.crt'),
      cert: Buffer.from('tls.crt'),
      key: Buffer.from('tls.key'),
    });
  });
});

describe('settings of Kafka', () => {
  it('leave copies to the brokers, and log in nowhere, when nothing is set', () => {
    expect(kafkaOptions(engineDefaults)).toEqual({ brokers: ['127.0.0.1:9092'] });
  });

  it.each([
    [1, undefined],
    [2, 2],
    [3, 2],
    [5, 2],
  ])('of %d copies acknowledge %p', (kafkaReplicationFactor, acknowledged) => {
    const { replicationFactor, minInSyncReplicas } = kafkaOptions(configOf({ kafkaReplicationFactor }));
    expect([replicationFactor, minInSyncReplicas]).toEqual([kafkaReplicationFactor, acknowledged]);
  });

  it('log in by a mechanism', () => {
    const login = { kafkaUsername: 'im', kafkaPassword: 'p' };
    const config = configOf({ kafkaSaslMechanism: 'scram-sha-512', ...login });
    expect(kafkaOptions(config).sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'im',
      password: 'p',
    });
    expect(kafkaOptions(configOf(login))).not.toHaveProperty('sasl');
  });

  it('trust the system’s authorities when TLS names none', () => {
    expect(kafkaOptions(configOf({ kafkaTls: true })).tls).toEqual({ rejectUnauthorized: true });
  });
});

describe('settings of Redis', () => {
  const urlsOf = (settings: Partial<EngineConfig>) => redisOptions(configOf(settings)).urls;

  it('take the URLs as they are when no login stands beside them', () => {
    const redisUrls = ['redis://user:p%40ss@a:6379/3', 'rediss://b'];
    expect(urlsOf({ redisUrls })).toEqual(redisUrls);
  });

  it('put a login into each URL, whatever its characters', () => {
    const redisUrls = ['redis://old:old@a:6379/3', 'rediss://[::1]:7000'];
    const urls = urlsOf({ redisUrls, redisUsername: 'im', redisPassword: 'p@:/ %' });
    for (const url of urls) expect(decodeURIComponent(new URL(url).password)).toBe('p@:/ %');
    expect(urls).toEqual(['redis://im:p%40%3A%2F%20%25@a:6379/3', 'rediss://im:p%40%3A%2F%20%25@[::1]:7000']);
  });

  it('take a password without a user', () => {
    expect(urlsOf({ redisUrls: ['redis://a:6379'], redisPassword: 'p' })).toEqual(['redis://:p@a:6379']);
  });

  it('bring their authority', () => {
    expect(redisOptions(configOf({ redisTlsCaFile: file('ca.crt') })).tls).toEqual({
      rejectUnauthorized: true,
      ca: Buffer.from('ca.crt'),
    });
  });
});

describe('files of keys', () => {
  it.each([
    ['cassandra', 'PARLEY_CASSANDRA_TLS_CA_FILE'],
    ['kafka', 'PARLEY_KAFKA_TLS_CA_FILE'],
    ['redis', 'PARLEY_REDIS_TLS_CA_FILE'],
  ])('of %s that are missing are named in one line', (engine, setting) => {
    const config = configOf({
      cassandraTls: true,
      kafkaTls: true,
      [`${engine}TlsCaFile`]: file('none'),
    });
    const read = { cassandra: cassandraOptions, kafka: kafkaOptions, redis: redisOptions }[engine];
    const words = new RegExp(`^${setting}: cannot be read \\(ENOENT.*none'\\)$`);
    expect(refusalOf(() => read?.(config))).toMatch(words);
  });

  it('that are half a pair are refused', () => {
    const half = { redisTlsCertFile: file('tls.crt') };
    expect(refusalOf(() => redisOptions(configOf(half)))).toBe(
      'set PARLEY_REDIS_TLS_CERT_FILE and PARLEY_REDIS_TLS_KEY_FILE together, or neither',
    );
  });
});
