// `make cluster`: every service apart, two gateways and two message processes, over the engines of
// `make engines-up`. One stream of log lines, each behind the name of its process. Ctrl-C stops everything.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClusterProcesses, localEngineSettings } from '../../libs/testkit/dist/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = process.env.PARLEY_DATA_DIR ?? `${root}data/cluster`;
mkdirSync(dataDir, { recursive: true });

const widest = 'access-gateway-2'.length;
const cluster = await ClusterProcesses.create({
  command: [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    `${root}services/standalone/dist/main.js`,
    'serve',
    '--no-banner',
  ],
  dataDir,
  env: localEngineSettings('parleydev'),
  replicas: { message: 2, 'access-gateway': 2 },
  readyTimeoutMs: 60_000,
  onOutput: (name, line) => console.log(`${name.padEnd(widest)} ${line}`),
});

let isStopping = false;
const stop = async () => {
  if (isStopping) return;
  isStopping = true;
  await cluster.stop();
  process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

try {
  await cluster.start();
} catch (thrown) {
  console.error(thrown.message);
  await cluster.kill();
  process.exit(1);
}
const addressesOf = (service) => cluster.of(service).map(({ process: one }) => one.addresses);
console.log(`
The cluster is ready.

  REST      ${addressesOf('rest-api')[0].restUrl}/v4/…
  Gateways  ${addressesOf('access-gateway')
    .map(({ gatewayUrl }) => gatewayUrl)
    .join('  ')}
  Key       in ${dataDir}/auth-1/bootstrap-app-key, unless PARLEY_BOOTSTRAP_APP_KEY is set
`);
