// The same scenarios on services apart: two processes of each, mutual TLS between all of them, tables on Cassandra,
// the log on Kafka and coordination on Redis.
import { join } from 'node:path';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import {
  ClusterProcesses,
  localEngineSettings,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@parley/testkit';
import { parley } from './harness/command-line.js';
import { APP_KEY, SERVE, worldAt } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

async function clusterIn(directory: TemporaryDirectory): Promise<ClusterProcesses> {
  const { stdout } = await parley(['certs', 'dev', '--out', join(directory.path, 'certs')]);
  const certificates = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=', 2));
  return ClusterProcesses.create({
    command: SERVE,
    dataDir: directory.path,
    replicas: { auth: 2, message: 2, group: 2, profile: 2, 'rest-api': 2, 'access-gateway': 2 },
    readyTimeoutMs: 60_000,
    env: {
      ...localEngineSettings(`cluster${Date.now().toString(36)}`),
      PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
      ...Object.fromEntries(certificates),
    },
  });
}

// Kafka and Redis come up with Cassandra; without them no process starts, and says so.
await describeWithEngine('Cassandra', engineAddress('cassandra'), () => {
  let directory: TemporaryDirectory;
  let cluster: ClusterProcesses;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    cluster = await clusterIn(directory);
    await cluster.start();
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await directory.remove();
  }, 60_000);

  const doors = () => ({
    restUrl: cluster.of('rest-api')[0]?.process.addresses.restUrl ?? '',
    gatewayUrls: cluster.of('access-gateway').map(({ process }) => process.addresses.gatewayUrl),
  });

  it.each(Object.keys(scenarios))('%s', async (name) => {
    await scenarios[name]?.(worldAt(doors(), name.slice(0, 8).toLowerCase()));
  });

  it('no process logged an error', () => {
    const errors = cluster.members.flatMap(({ name, process }) =>
      process.log
        .split('\n')
        .filter((line) => line.includes('"level":"error"'))
        .map((line) => `${name} ${line}`),
    );
    expect(errors).toEqual([]);
  });
});
