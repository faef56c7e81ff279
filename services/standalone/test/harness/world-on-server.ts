// A running standalone server and the world that scenarios see of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerProcess, temporaryDirectory } from '@parley/testkit';
import { createUserSig } from '@parley/usersig';
import { usersOf, type World } from '../scenarios/world.js';

export const APP_ID = 1_400_000_001;
export const APP_KEY = '0123456789abcdef'.repeat(4);
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A type of groups whose rate no test reaches. */
export const BUSY_GROUP = 'Busy';
export const BUSY_GROUPS = {
  PARLEY_GROUP_TYPES: JSON.stringify([{ name: BUSY_GROUP, base: 'Public', rateMax: 10_000 }]),
};

export const SERVE: readonly [string, ...string[]] = [process.execPath, MAIN, 'serve', '--no-banner'];

export interface RunningServer {
  readonly server: ServerProcess;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** Starts the built server on a fresh data directory. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const directory = await temporaryDirectory();
  const server = await ServerProcess.create({
    command: SERVE,
    dataDir: directory.path,
    env: { PARLEY_BOOTSTRAP_APP_KEY: APP_KEY, ...env },
  });
  await server.start();
  return {
    server,
    dataDir: directory.path,
    close: async () => {
      await server.stop();
      await directory.remove();
    },
  };
}

export interface AppOptions {
  readonly loginPolicy: 'LOGIN_POLICY_DUAL' | 'LOGIN_POLICY_MULTI';
  readonly webInstancesMax: number;
}

/** Creates a further app through the operator's door. */
export async function createApp(
  running: Pick<RunningServer, 'server' | 'dataDir'>,
  appId: number,
  settings: AppOptions,
): Promise<void> {
  const token = readFileSync(join(running.dataDir, 'operator-token'), 'utf8').trim();
  const response = await fetch(`${running.server.addresses.adminUrl}/v1/operator/AppService/CreateApp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ appId, settings, secret: APP_KEY }),
  });
  if (!response.ok) throw new Error(`CreateApp: ${response.status} ${await response.text()}`);
}

export const sigFor = (userId: string, sdkAppId = APP_ID): string =>
  createUserSig({ sdkAppId, userId, key: APP_KEY, expireSeconds: 3600 });

export interface Doors {
  readonly restUrl: string;
  readonly gatewayUrls: readonly string[];
}

/** The world of one run on a server or a cluster: `run` keeps its users apart from those of other runs. */
export function worldAt(doors: Doors, run: string, sdkAppId = APP_ID): World {
  const users = ['administrator', ...usersOf(run)];
  const userSigs = Object.fromEntries(users.map((userId) => [userId, sigFor(userId, sdkAppId)]));
  return { ...doors, sdkAppId, admin: 'administrator', userSigs, run };
}

export function worldOf(running: RunningServer, run: string): World {
  const { restUrl, gatewayUrl } = running.server.addresses;
  return worldAt({ restUrl, gatewayUrls: [gatewayUrl] }, run);
}
