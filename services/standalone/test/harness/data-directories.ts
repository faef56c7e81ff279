// Servers on data directories that a test prepares, and what is left in the directories.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, ServerProcess, withoutSettings } from '@parley/testkit';
import type { World } from '../scenarios/world.js';
import { APP_KEY, SERVE, sigFor, worldAt } from './world-on-server.js';

export const newServer = (
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> =>
  ServerProcess.create({
    command: SERVE,
    dataDir,
    env: { PARLEY_BOOTSTRAP_APP_KEY: APP_KEY, ...settings },
  });

/** With users named alice and bob. */
export function worldOfServer({ addresses }: ServerProcess): World {
  const world = worldAt({ restUrl: addresses.restUrl, gatewayUrls: [addresses.gatewayUrl] }, '');
  return { ...world, userSigs: { ...world.userSigs, alice: sigFor('alice'), bob: sigFor('bob') } };
}

export interface FailedStart {
  readonly code: number;
  /** What it said on stderr. */
  readonly lines: readonly string[];
}

/** A start that must fail; answers how. @throws Error when it does not fail. */
export async function startAndFail(dataDir: string): Promise<FailedStart> {
  const [executable, ...args] = SERVE;
  const ports = [await freePort(), await freePort(), await freePort()].map(String);
  const env = {
    ...withoutSettings(process.env),
    NODE_OPTIONS: '',
    PARLEY_DATA_DIR: dataDir,
    PARLEY_REST_PORT: ports[0],
    PARLEY_GATEWAY_PORT: ports[1],
    PARLEY_ADMIN_PORT: ports[2],
  };
  return new Promise((resolve, reject) => {
    execFile(executable, args, { env, timeout: 20_000 }, (error, _stdout, stderr) => {
      if (error && typeof error.code === 'number') {
        resolve({ code: error.code, lines: stderr.trimEnd().split('\n') });
      } else reject(new Error(`the start should have failed: ${stderr}`));
    });
  });
}

/** Every path below with what it holds, in short: enough to see that nothing was touched. */
export function contentsOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names.map((name) => {
      const { mode, mtimeMs } = statSync(join(path, name));
      const isFile = statSync(join(path, name)).isFile();
      const hash = isFile
        ? createHash('sha256')
            .update(readFileSync(join(path, name)))
            .digest('hex')
        : '';
      return [name, `${mode.toString(8)} ${isFile ? mtimeMs : 'directory'} ${hash}`];
    }),
  );
}

/** A disk of one's own, in memory. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @throws Error with the remedy when this process may not mount. */
  static mount(path: string, megabytes: number): SmallDisk {
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
    } catch (cause) {
      throw new Error('a small disk is a tmpfs: run this test as root on Linux, with CAP_SYS_ADMIN', {
        cause,
      });
    }
    return new SmallDisk(path);
  }

  makeReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.path]);
  }

  unmount(): void {
    execFileSync('umount', [this.path]);
  }
}
