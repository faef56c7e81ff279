// What the command says of engines that do not answer, refuse, or are fine.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { localEngineSettings, type TemporaryDirectory, temporaryDirectory, waitFor } from '@parley/testkit';
import { parley, Terminal } from './harness/command-line.js';

const PORTS = { PARLEY_REST_PORT: '0', PARLEY_GATEWAY_PORT: '0' };
/** Nothing listens there. */
const NOBODY = '127.0.0.1:1';
const CASSANDRA = { PARLEY_TABLE_STORE: 'cassandra', PARLEY_CASSANDRA_CONTACT_POINTS: NOBODY };
const KAFKA = { PARLEY_EVENT_LOG: 'kafka', PARLEY_KAFKA_BROKERS: NOBODY };
const REDIS = { PARLEY_COORDINATION: 'redis', PARLEY_REDIS_URL: `redis://im:hunter2@${NOBODY}` };

let directory: TemporaryDirectory;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory.remove());

const settingsOf = (settings: Record<string, string>): Record<string, string> => ({
  ...PORTS,
  PARLEY_ADMIN_PORT: '0',
  PARLEY_DATA_DIR: join(directory.path, 'data'),
  ...settings,
});
const doctor = (settings: Record<string, string>) => parley(['doctor'], settingsOf(settings));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

describe('doctor', () => {
  it('names every engine that does not answer, with the remedy, a line each', async () => {
    const { code, stdout } = await doctor({ ...CASSANDRA, ...KAFKA, ...REDIS });
    const lines = stdout.split('\n').filter((line) => line.startsWith('✗'));
    expect([code, lines]).toEqual([
      4,
      [
        expect.stringMatching(
          /Cassandra does not answer at 127.0.0.1:1 .*ECONNREFUSED.*PARLEY_CASSANDRA_CONTACT_POINTS$/,
        ),
        expect.stringMatching(/Kafka does not answer at 127.0.0.1:1 .*ECONNREFUSED.*PARLEY_KAFKA_BROKERS$/),
        expect.stringMatching(/Redis does not answer at 127.0.0.1:1 .*ECONNREFUSED.*PARLEY_REDIS_URL$/),
      ],
    ]);
    expect(stdout).not.toContain('hunter2');
  }, 30_000);

  it('asks for no engine that is not chosen', async () => {
    const { code, stdout } = await doctor({});
    expect([code, /Cassandra|Kafka|Redis/.test(stdout)]).toEqual([0, false]);
  });

  it('names a file of keys that is missing', async () => {
    const { stdout } = await doctor({ ...REDIS, PARLEY_REDIS_TLS_CA_FILE: '/none/ca.crt' });
    expect(stdout).toMatch(/^✗ .*PARLEY_REDIS_TLS_CA_FILE: cannot be read \(ENOENT.*$/m);
  });
});

describe('check-config', () => {
  it('reads the files of the engines that are chosen', async () => {
    const missing = { PARLEY_REDIS_TLS_CA_FILE: '/none/ca.crt' };
    const { code, stderr } = await parley(['check-config'], settingsOf({ ...REDIS, ...missing }));
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^parley: PARLEY_REDIS_TLS_CA_FILE: cannot be read \(ENOENT.*\n$/),
    ]);
    expect((await parley(['check-config'], settingsOf(missing))).code).toBe(0);
  }, 20_000);
});

describe('a server before its engines', () => {
  it.each([
    ['Cassandra', CASSANDRA],
    ['Kafka', KAFKA],
    ['Redis', REDIS],
  ])(
    'says that it waits for %s, is not ready, and stops when told to',
    async (engine, settings) => {
      const port = await freePort();
      const server = Terminal.start(['serve'], {
        ...settingsOf({ ...settings, PARLEY_DATA_DIR: join(directory.path, engine) }),
        PARLEY_ADMIN_PORT: `${port}`,
      });
      await server.shows('"event":"engine.awaited"');
      expect(server.stdout).toMatch(new RegExp(`"reason":"${engine} does not answer at 127.0.0.1:1 `));
      await waitFor(
        async () => {
          const ready = await fetch(`http://127.0.0.1:${port}/ready`);
          return (
            ready.status === 503 && (await ready.text()) === `starting: waits for ${engine} at ${NOBODY}\n`
          );
        },
        { what: 'the reason on the admin port' },
      );
      expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
      server.end('SIGTERM');
      await server.finished();
      expect(server.stdout).not.toContain('hunter2');
    },
    40_000,
  );
});

await describeWithEngine('Cassandra', engineAddress('cassandra'), () => {
  const real = localEngineSettings(`doc${Date.now().toString(36)}`);

  it('doctor says as what the engines answer', async () => {
    const { code, stdout } = await doctor(real);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ Cassandra \d+[.]\d+.*1 node\(s\) in datacenter1, at /m);
    expect(stdout).toMatch(/^✓ Kafka, 1 broker\(s\), at /m);
    expect(stdout).toMatch(/^✓ Redis \d+[.]\d+.*, at /m);
  }, 30_000);

  it('doctor finds logins that are refused and copies that have no place', async () => {
    const { code, stdout } = await doctor({
      ...real,
      PARLEY_CASSANDRA_LOCAL_DC: 'elsewhere',
      PARLEY_KAFKA_REPLICATION_FACTOR: '3',
      PARLEY_REDIS_PASSWORD: 'wrong',
      PARLEY_REDIS_USERNAME: 'nobody',
    });
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /^✗ .*Cassandra at .* refuses this process \(.*elsewhere.*PARLEY_CASSANDRA_LOCAL_DC$/m,
    );
    expect(stdout).toMatch(/^✗ Kafka, 1 broker\(s\).*PARLEY_KAFKA_REPLICATION_FACTOR is 3/m);
    expect(stdout).toMatch(/^✗ .*Redis at .* refuses this process \(WRONGPASS.*PARLEY_REDIS_PASSWORD$/m);
  }, 30_000);

  it('doctor finds a login where Kafka takes none', async () => {
    const login = {
      PARLEY_KAFKA_SASL_MECHANISM: 'plain',
      PARLEY_KAFKA_USERNAME: 'im',
      PARLEY_KAFKA_PASSWORD: 'p',
    };
    const { stdout } = await doctor({ ...real, ...login });
    expect(stdout).toMatch(/^✗ .*Kafka at .* refuses this process .*PARLEY_KAFKA_SASL_MECHANISM/m);
  }, 30_000);

  it('a server whose login is refused ends at once and says so', async () => {
    const { code, stderr } = await parley(
      ['serve'],
      settingsOf({ ...real, PARLEY_REDIS_PASSWORD: 'wrong', PARLEY_REDIS_USERNAME: 'nobody' }),
    );
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/^parley: Redis at .* refuses this process \(WRONGPASS.*\n$/),
    ]);
  }, 30_000);
});
