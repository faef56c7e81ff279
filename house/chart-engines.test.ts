// Logins and TLS of the engines: what the chart makes of its values, and what it refuses.
import { readConfig } from '../libs/config/src/index.js';
import { type EngineConfig, engineConfig } from '../libs/runtime/src/index.js';
import { sections } from '../services/standalone/src/node/settings.js';
import {
  containerOf,
  environmentOf,
  helm,
  type Manifest,
  ofKind,
  render,
  secretReferencesOf,
  template,
} from './rendered-chart.js';

const BUILD_TIMEOUT_MS = 900_000;
const FULL = ['--values', 'charts/parley/ci/full-values.yaml'];

beforeAll(() => {
  const { status, stderr } = helm('version');
  if (status !== 0) throw new Error(stderr);
}, BUILD_TIMEOUT_MS);

const workloadsOf = (...args: readonly string[]): readonly Manifest[] => {
  const manifests = render(...args);
  return [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')];
};
const enginesOf = (workload: Manifest): EngineConfig =>
  readConfig(sections, { env: environmentOf(workload) }).of(engineConfig);

/** Every file that a setting names lies in a secret that is mounted for reading. */
function expectFilesMounted(workload: Manifest): void {
  const { volumes } = workload.spec.template.spec;
  const { volumeMounts } = containerOf(workload);
  for (const path of Object.values(environmentOf(workload)).filter((it) => it.startsWith('/etc/'))) {
    const [, directory, file] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    const mount = volumeMounts.find(({ mountPath }) => mountPath === directory);
    const secret = volumes.find(({ name }) => name === mount?.name)?.secret;
    expect([path, mount?.readOnly, secret?.defaultMode]).toEqual([path, true, 0o440]);
    if (secret?.items) expect(secret.items).toContainEqual({ key: file, path: file });
  }
}

describe('engines of the chart', () => {
  it('have no login and no TLS by default', () => {
    for (const workload of workloadsOf()) {
      expect(enginesOf(workload)).toMatchObject({
        cassandraUsername: '',
        cassandraTls: false,
        kafkaSaslMechanism: '',
        kafkaTls: false,
        redisPassword: '',
        redisTlsCaFile: '',
      });
      expect(containerOf(workload).volumeMounts.map(({ name }) => name)).toEqual(['data']);
    }
  });

  it('get logins from secrets, and TLS with files that are mounted, in every process', () => {
    for (const workload of workloadsOf(...FULL)) {
      expect(enginesOf(workload)).toMatchObject({
        cassandraTls: true,
        cassandraTlsCaFile: '/etc/parley/cassandra-tls/ca.crt',
        cassandraTlsCertFile: '/etc/parley/cassandra-tls/tls.crt',
        cassandraTlsKeyFile: '/etc/parley/cassandra-tls/tls.key',
        cassandraTlsServerName: 'cassandra.db',
        kafkaSaslMechanism: 'scram-sha-512',
        kafkaTls: true,
        kafkaTlsCaFile: '',
        redisTlsCaFile: '/etc/parley/redis-tls/ca.crt',
        redisTlsCertFile: '',
      });
      expect(secretReferencesOf(workload)).toMatchObject({
        PARLEY_CASSANDRA_USERNAME: 'cassandra-role/user',
        PARLEY_CASSANDRA_PASSWORD: 'cassandra-role/password',
        PARLEY_KAFKA_USERNAME: 'kafka-user/username',
        PARLEY_KAFKA_PASSWORD: 'kafka-user/secret',
        PARLEY_REDIS_URL: 'redis-url/urls',
      });
      expectFilesMounted(workload);
    }
  });

  it('take the login of Redis from a secret, too', () => {
    const [workload] = workloadsOf('--set', 'redis.auth.existingSecret=redis');
    const references = secretReferencesOf(workload as Manifest);
    expect(references).toMatchObject({ PARLEY_REDIS_PASSWORD: 'redis/password' });
    expect(references).not.toHaveProperty('PARLEY_REDIS_USERNAME');
    const [named] = workloadsOf('--set', 'redis.auth.existingSecret=redis,redis.auth.usernameKey=user');
    expect(secretReferencesOf(named as Manifest)).toMatchObject({ PARLEY_REDIS_USERNAME: 'redis/user' });
  });

  it('name their secrets in the notes', () => {
    const { stdout } = helm('install', 'demo', 'charts/parley', '--dry-run=client', ...FULL);
    expect(stdout).toContain('cassandra-role  (user, password: login at cassandra)');
    expect(stdout).toContain('redis-tls  (ca.crt: TLS to redis)');
  });

  it.each([
    ['kafka.auth.mechanism=plain', /mechanism and existingSecret together/],
    ['kafka.auth.existingSecret=user', /mechanism and existingSecret together/],
    ['kafka.auth.mechanism=gssapi', /mechanism/],
    ['kafka.auth.username=im', /username/],
    ['cassandra.auth.password=hunter2', /password/],
    ['cassandra.auth.existingSecret=Not_A_Name', /existingSecret/],
    ['cassandra.tls.existingSecret=ca', /cassandra.tls.enabled/],
    ['cassandra.tls.serverName=db', /cassandra.tls.enabled/],
    ['kafka.tls.enabled=true,kafka.tls.clientCertificate=true', /existingSecret says where it is/],
    ['redis.tls.existingSecret=ca', /must be rediss:/],
    ['redis.tls.enabled=true', /enabled/],
    ['redis.existingSecret.name=a,redis.auth.existingSecret=b', /have their credentials/],
  ])('refuse %s', (assignment, words) => {
    const { status, stderr } = template('--set', assignment);
    expect([status, stderr]).toEqual([1, expect.stringMatching(words)]);
  });
});
