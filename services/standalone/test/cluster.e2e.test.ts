// The same scenarios on services apart: a process each for auth, message and REST, two gateways, mutual TLS between
// all of them, the log on Kafka and coordination on Redis. Tables are each service's own here, embedded in its process.
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
  const settings = Object.entries(localEngineSettings(`cluster${Date.now().toString(36)}`));
  return ClusterProcesses.create({
    command: SERVE,
    dataDir: directory.path,
    replicas: { 'access-gateway': 2 },
    readyTimeoutMs: 60_000,
    env: {
      ...Object.fromEntries(settings.filter(([name]) => /KAFKA|EVENT_LOG|REDIS|COORDINATION/.test(name))),
      PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
      ...Object.fromEntries(certificates),
    },
  });
}

// Redis comes up with Kafka; without it no process starts, and says so.
await describeWithEngine('Kafka', engineAddress('kafka'), () => {
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
