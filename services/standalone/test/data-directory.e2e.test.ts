// A data directory that is in use, newer, unwritable, or half made: one clear line, and no damage.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporaryDirectory, temporaryDirectory, waitFor } from '@parley/testkit';
import { Bystanders } from './harness/bystanders.js';
import { contentsOf, newServer, SmallDisk, startAndFail, worldOfServer } from './harness/data-directories.js';
import { restOk } from './scenarios/world.js';

const EXIT_ENVIRONMENT = 4;
const GENERATED_KEY = { PARLEY_BOOTSTRAP_APP_KEY: '' };

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

/** The start fails because of the machine, with one line that says why. */
async function expectRefusal(dataDir: string, why: RegExp): Promise<void> {
  expect(await startAndFail(dataDir)).toEqual({
    code: EXIT_ENVIRONMENT,
    lines: [expect.stringMatching(why)],
  });
}

describe('a data directory', () => {
  it('belongs to one server at a time, and who talks there does not notice a second', async () => {
    const first = await newServer(directory.path);
    await first.start();
    const bystanders = await Bystanders.start(worldOfServer(first));
    for (const _attempt of [1, 2]) {
      await expectRefusal(directory.path, new RegExp(`in use by process ${first.pid}\\b`));
    }
    const noticed = await bystanders.stop();
    expect(noticed.messages).toBeGreaterThan(10);
    expect([noticed.astray, noticed.disturbances, first.complaints]).toEqual([[], [], []]);
    expect(await first.stop()).toBe(0);
  });

  it('of a newer version is refused and left as it is', async () => {
    const server = await newServer(directory.path);
    await server.start();
    await server.stop();
    writeFileSync(join(directory.path, 'format.json'), '{"format":999}\n');
    const before = contentsOf(directory.path);
    await expectRefusal(directory.path, /format 999\b.*install/);
    expect(contentsOf(directory.path)).toEqual(before);
  });

  it('that cannot be made is one clear line', async () => {
    const file = join(directory.path, 'a-file');
    writeFileSync(file, 'not a directory');
    await expectRefusal(join(file, 'data'), /a part of its path is a file/);
  });

  it('that cannot be written is one clear line, and is left as it is', async () => {
    // Permissions do not stop root, a disk that is mounted for reading does.
    const disk = SmallDisk.mount(join(directory.path, 'disk'), 160);
    try {
      const dataDir = join(disk.path, 'data');
      const server = await newServer(dataDir);
      await server.start();
      await server.stop();
      disk.makeReadOnly();
      const before = contentsOf(dataDir);
      await expectRefusal(dataDir, /not writable/);
      await expectRefusal(join(disk.path, 'other'), /cannot be made: check that the disk is writable/);
      expect(contentsOf(dataDir)).toEqual(before);
    } finally {
      disk.unmount();
    }
  }, 60_000);
});

describe('a first start that is killed', () => {
  /** What a first start makes, in this order. */
  const MADE = [
    'lock',
    'db/data.mdb',
    'format.json',
    'operator-token',
    'log/0000000001.log',
    'bootstrap-app-key',
  ];

  /** Kills a first start as soon as the path is there. */
  async function killAt(dataDir: string, path: string): Promise<void> {
    const server = await newServer(dataDir, GENERATED_KEY);
    // It never becomes ready: that is the point.
    const starting = server.start().catch(() => undefined);
    await waitFor(() => existsSync(join(dataDir, path)), { what: path });
    await server.kill();
    await starting;
  }

  it.each(MADE)('after it made %s, leaves a directory that starts', async (path) => {
    await killAt(directory.path, path);
    const server = await newServer(directory.path, GENERATED_KEY);
    await server.start();
    for (const name of ['bootstrap-app-key', 'operator-token']) {
      expect(readFileSync(join(directory.path, name), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    }
    expect([server.complaints, await server.stop()]).toEqual([[], 0]);
  });

  it('twice and thrice leaves one that works', async () => {
    for (const path of ['lock', 'db/data.mdb', 'log']) await killAt(directory.path, path);
    const server = await newServer(directory.path);
    await server.start();
    await restOk(worldOfServer(server), 'im_open_login_svc/account_import', { UserID: 'alice' });
    await server.stop();
  });
});
