// A data directory that is in use, newer, unwritable or full: one clear line, and no damage.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  ServerProcess,
  type TemporaryDirectory,
  temporaryDirectory,
  withoutSettings,
} from '@parley/testkit';
import { APP_KEY, SERVE, sigFor } from './harness/world-on-server.js';
import { type Json, rest, restOk, type World } from './scenarios/world.js';

const EXIT_ENVIRONMENT = 4;

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

const newServer = (dataDir: string): Promise<ServerProcess> =>
  ServerProcess.create({ command: SERVE, dataDir, env: { PARLEY_BOOTSTRAP_APP_KEY: APP_KEY } });

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** A start that must fail; answers how. */
async function startAndFail(dataDir: string): Promise<Ended> {
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
      if (error && typeof error.code === 'number') resolve({ code: error.code, stderr });
      else reject(new Error(`the start should have failed: ${stderr}`));
    });
  });
}

/** Names, sizes and small contents: enough to see that nothing was touched. */
function contentsOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names.map((name) => {
      const stat = statSync(join(path, name));
      return [
        name,
        stat.isFile()
          ? `${stat.size} ${readFileSync(join(path, name)).toString('base64').slice(0, 200)}`
          : 'directory',
      ];
    }),
  );
}

const worldOf = (server: ServerProcess): World => ({
  restUrl: server.addresses.restUrl,
  gatewayUrls: [server.addresses.gatewayUrl],
  sdkAppId: 1_400_000_001,
  admin: 'administrator',
  userSigs: { administrator: sigFor('administrator') },
  run: '',
});

const message = (random: number, value: string) => ({
  From_Account: 'alice',
  To_Account: 'bob',
  MsgRandom: random,
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: value } }],
});

async function textsOf(world: World): Promise<string[]> {
  const texts: string[] = [];
  let from: Json = { MaxTime: 4_000_000_000 };
  for (;;) {
    const page = await restOk(world, 'openim/admin_getroammsg', {
      Operator_Account: 'bob',
      Peer_Account: 'alice',
      MaxCnt: 100,
      MinTime: 0,
      ...from,
    });
    texts.unshift(...page.MsgList.map((one: Json) => one.MsgBody[0].MsgContent.Text.split(' ')[0]));
    if (page.Complete === 1) return texts;
    from = { MaxTime: page.LastMsgTime, LastMsgKey: page.LastMsgKey };
  }
}

describe('a data directory', () => {
  it('belongs to one server at a time', async () => {
    const first = await newServer(directory.path);
    await first.start();
    const { code, stderr } = await startAndFail(directory.path);
    expect(code).toBe(EXIT_ENVIRONMENT);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/in use by process \d+/);
    await restOk(worldOf(first), 'im_open_login_svc/account_import', { UserID: 'alice' });
    expect(await first.stop()).toBe(0);
  });

  it('of a newer version is refused and left as it is', async () => {
    const server = await newServer(directory.path);
    await server.start();
    await server.stop();
    writeFileSync(join(directory.path, 'format.json'), '{"format":999}\n');
    const before = contentsOf(directory.path);
    const { code, stderr } = await startAndFail(directory.path);
    expect(code).toBe(EXIT_ENVIRONMENT);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/999/);
    expect(contentsOf(directory.path)).toEqual(before);
  });

  it('that cannot be made is one clear line', async () => {
    const file = join(directory.path, 'a-file');
    writeFileSync(file, 'not a directory');
    const { code, stderr } = await startAndFail(join(file, 'data'));
    expect(code).toBe(EXIT_ENVIRONMENT);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('survives a kill at any moment of its first start', async () => {
    for (const afterMs of [50, 150, 250, 350]) {
      const server = await newServer(directory.path);
      const starting = server.start();
      starting.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await server.kill();
      await starting.catch(() => undefined);
    }
    const server = await newServer(directory.path);
    await server.start();
    await restOk(worldOf(server), 'im_open_login_svc/account_import', { UserID: 'alice' });
    await server.stop();
  });
});

describe('a full disk', () => {
  const MOUNT_BYTES = 48 * 2 ** 20;

  it('refuses sends, loses nothing that was acked, and recovers', async () => {
    // A disk of its own is a small tmpfs, which takes root on Linux; CI has both.
    const disk = join(directory.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_BYTES}`, 'tmpfs', disk]);
    const server = await newServer(join(disk, 'data'));
    try {
      await server.start();
      const world = worldOf(server);
      await restOk(world, 'im_open_login_svc/multiaccount_import', { Accounts: ['alice', 'bob'] });
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(20 * 2 ** 20));
      const acked = await sendUntilFull(world);
      expect(acked.length).toBeGreaterThan(0);
      rmSync(ballast);
      await sendUntilAccepted(world, acked);
      await server.kill();
      await server.start();
      const texts = await textsOf(world);
      expect(acked.filter((text) => !texts.includes(text))).toEqual([]);
    } finally {
      await server.kill();
      execFileSync('umount', [disk]);
    }
  }, 120_000);

  const FILLER = ` ${'x'.repeat(8_000)}`;

  /** Sends until one is refused; answers what was acked. */
  async function sendUntilFull(world: World): Promise<string[]> {
    const acked: string[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      const answer = await rest(world, 'openim/sendmsg', message(i + 1, `${i}${FILLER}`));
      if (answer.ErrorCode !== 0) return acked;
      acked.push(`${i}`);
    }
    throw new Error('the disk never filled up');
  }

  async function sendUntilAccepted(world: World, acked: string[]): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const answer = await rest(world, 'openim/sendmsg', message(50_000 + attempt, `again${attempt}`));
      if (answer.ErrorCode === 0) {
        acked.push(`again${attempt}`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no message was accepted after space was freed');
  }
});
