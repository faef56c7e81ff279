// The cluster that faults hit: two processes of each service over real engines.
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { ClusterProcesses, localEngineSettings, temporaryDirectory } from '@parley/testkit';
import { APP_KEY, BUSY_GROUPS, createApp, SERVE } from '../../harness/world-on-server.js';

export interface FaultCluster {
  readonly processes: ClusterProcesses;
  readonly appId: number;
  /** Ends it in order and removes its directory. */
  close(): Promise<void>;
  /** Ends it at once, when there is nothing to be learned from an orderly end. */
  kill(): Promise<void>;
}

/** Engines, keyspace and topics are shared by the scenarios of a run; each has an app of its own. */
const RUN = process.env.PARLEY_FAULTS_RUN ?? `faults${Date.now().toString(36)}`;
const FIRST_APP_ID = 1_400_001_000;
const APP_IDS = 100_000_000;

/** Starts it with an app in which a user may have several devices. `env` overrides settings of all processes: engines, above all. */
export async function startFaultCluster(env: Readonly<Record<string, string>> = {}): Promise<FaultCluster> {
  const directory = await temporaryDirectory();
  const processes = await ClusterProcesses.create({
    command: SERVE,
    dataDir: directory.path,
    replicas: { auth: 2, message: 2, group: 2, profile: 2, 'rest-api': 2, 'access-gateway': 2 },
    readyTimeoutMs: 60_000,
    env: {
      ...localEngineSettings(RUN),
      ...BUSY_GROUPS,
      PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
      PARLEY_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const kill = async () => {
    await processes.kill();
    await directory.remove();
  };
  try {
    await processes.start();
    const [auth] = processes.of('auth');
    if (auth === undefined) throw new Error('the cluster has no auth process');
    // Apps of one run must differ, and its files know nothing of one another.
    const appId = FIRST_APP_ID + randomInt(APP_IDS);
    await createApp({ server: auth.process, dataDir: join(directory.path, auth.name) }, appId, {
      loginPolicy: 'LOGIN_POLICY_MULTI',
      webInstancesMax: 10,
    });
    const close = async () => {
      await processes.stop();
      await directory.remove();
    };
    return { processes, appId, close, kill };
  } catch (thrown) {
    await kill();
    throw thrown;
  }
}
