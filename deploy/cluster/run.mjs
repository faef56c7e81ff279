// `make cluster`: every service apart, two processes of each, over the engines of `make engines-up`. One stream of
// log lines, each behind the name of its process. Ctrl-C stops everything in order.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterProcesses, localEngineSettings } from '../../libs/testkit/dist/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = process.env.PARLEY_DATA_DIR ?? `${root}data/cluster`;
mkdirSync(dataDir, { recursive: true, mode: 0o700 });

// All processes must have one key.
const keyFile = join(dataDir, 'bootstrap-app-key');
if (!existsSync(keyFile)) writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });

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
  env: { ...localEngineSettings('parleydev'), PARLEY_BOOTSTRAP_APP_KEY_FILE: keyFile },
  replicas: { auth: 2, message: 2, group: 2, profile: 2, 'rest-api': 2, 'access-gateway': 2 },
  // Where `parley chat` and a back end look for them.
  ports: {
    'rest-api-1': { rest: 8_080 },
    'access-gateway-1': { gateway: 8_081 },
    'auth-1': { admin: 9_090 },
  },
  readyTimeoutMs: 60_000,
  isApart: true,
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
const addressesOf = (service, door) => cluster.of(service).map(({ process: one }) => one.addresses[door]);
console.log(`
The cluster is ready.

  REST      ${addressesOf('rest-api', 'restUrl').join('  ')}
  Gateways  ${addressesOf('access-gateway', 'gatewayUrl').join('  ')}
  Key       in ${keyFile}
`);
