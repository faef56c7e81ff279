// The parley command from outside: help, exit codes, one-line errors, apps and keys, two people in two terminals.
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TemporaryDirectory, temporaryDirectory } from '@parley/testkit';
import { parley, type Settings, Terminal } from './harness/command-line.js';
import { type RunningServer, startServer } from './harness/world-on-server.js';

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

let running: RunningServer;
let settings: Settings;
let directory: TemporaryDirectory;
beforeAll(async () => {
  running = await startServer();
  directory = await temporaryDirectory();
  const portOf = (url: string) => new URL(url).port;
  const { restUrl, gatewayUrl, adminUrl } = running.server.addresses;
  settings = {
    PARLEY_DATA_DIR: running.dataDir,
    PARLEY_REST_PORT: portOf(restUrl),
    PARLEY_GATEWAY_PORT: portOf(gatewayUrl),
    PARLEY_ADMIN_PORT: portOf(adminUrl),
    PARLEY_BOOTSTRAP_APP_KEY: '0123456789abcdef'.repeat(4),
  };
});
afterAll(async () => {
  await running.close();
  await directory.remove();
});

describe('help', () => {
  const commands = [
    [],
    ['serve'],
    ['check-config'],
    ['print-config'],
    ['app'],
    ['app', 'create'],
    ['app', 'list'],
  ];
  const more = [
    ['app', 'key'],
    ['app', 'set'],
    ['app', 'key', 'rotate'],
    ['account', 'block'],
    ['account', 'unblock'],
    ['usersig'],
    ['usersig', 'verify'],
    ['usersig', 'explain'],
    ['chat'],
    ['migrate'],
    ['certs', 'dev'],
    ['bench'],
    ['doctor'],
    ['version'],
  ];
  it.each([...commands, ...more].map((command) => [command.join(' '), command] as const))(
    'parley %s --help',
    async (_name, command) => {
      const { code, stdout } = await parley([...command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Usage: parley/);
    },
  );

  it('parley version', async () => {
    expect((await parley(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('mistakes', () => {
  const rows: readonly (readonly [string, number, RegExp, readonly string[], Settings])[] = [
    ['a flag that does not exist', 2, /unknown option/, ['serve', '--fast'], {}],
    ['a command that does not exist', 2, /unknown command/, ['fly'], {}],
    ['a required flag that is missing', 2, /--user/, ['usersig'], {}],
    ['a number that is none', 2, /--expire/, ['usersig', '--user', 'a', '--expire', 'soon'], {}],
    ['a service that does not exist', 2, /no service "grup".*message/, ['serve', '--target', 'grup'], {}],
    [
      'a port that is no number',
      3,
      /PARLEY_REST_PORT.*"http"/,
      ['check-config'],
      { PARLEY_REST_PORT: 'http' },
    ],
    ['a setting that does not exist', 3, /PARLEY_REST_PROT/, ['check-config'], { PARLEY_REST_PROT: '1' }],
    ['a settings file that is absent', 3, /absent.yaml/, ['check-config', '--config', 'absent.yaml'], {}],
    [
      'no key yet',
      4,
      /no key|start the server/,
      ['usersig', '--user', 'a'],
      { PARLEY_BOOTSTRAP_APP_KEY: '' },
    ],
    ['no server', 4, /no server answers/, ['app', 'list'], { PARLEY_ADMIN_PORT: '1' }],
  ];
  it.each(rows)('%s ends with %i and one line', async (name, code, line, args, change) => {
    const empty = name === 'no key yet' ? { PARLEY_DATA_DIR: join(directory.path, 'empty') } : {};
    const ended = await parley(args, { ...settings, ...change, ...empty });
    expect(ended.stderr).toMatch(line);
    expect([ended.code, ended.stderr.trim().split('\n').length]).toEqual([code, 1]);
  });

  it('several wrong settings are all named at once', async () => {
    const { code, stderr } = await parley(['check-config'], {
      PARLEY_REST_PORT: 'a',
      PARLEY_GATEWAY_PORT: 'b',
    });
    expect(code).toBe(3);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('a port in use is one line', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ports = { PARLEY_GATEWAY_PORT: '0', PARLEY_ADMIN_PORT: '0', PARLEY_REST_PORT: `${port}` };
    const { code, stderr } = await parley(['serve', '--no-banner'], {
      ...ports,
      PARLEY_DATA_DIR: join(directory.path, 'port'),
    });
    expect(stderr).toContain(`${port}`);
    expect([code, stderr.trim().split('\n').length]).toEqual([4, 1]);
    holder.close();
  });
});

describe('settings and machine', () => {
  it('print-config masks the key', async () => {
    const { code, stdout } = await parley(['print-config'], settings);
    expect(code).toBe(0);
    expect(stdout).toContain(`port: ${settings.PARLEY_REST_PORT}`);
    expect(stdout).not.toContain(settings.PARLEY_BOOTSTRAP_APP_KEY);
  });

  it('doctor finds nothing on a free machine, and the ports of a running server', async () => {
    const free = { PARLEY_REST_PORT: '0', PARLEY_GATEWAY_PORT: '0', PARLEY_ADMIN_PORT: '0' };
    const well = await parley(['doctor'], { ...free, PARLEY_DATA_DIR: join(directory.path, 'fresh') });
    expect([well.code, well.stdout]).toEqual([0, expect.not.stringContaining('✗')]);
    const ill = await parley(['doctor'], settings);
    expect(ill.code).toBe(4);
    expect(ill.stdout).toMatch(new RegExp(`✗.*${settings.PARLEY_REST_PORT}`));
  });

  it('certs dev makes an authority and a certificate that it signed', async () => {
    const out = join(directory.path, 'certs');
    const { code, stdout } = await parley(['certs', 'dev', '--out', out, '--name', 'message', '10.0.0.1']);
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 3]);
    const [ca, certificate] = ['ca.pem', 'process.pem'].map(
      (name) => new X509Certificate(readFileSync(join(out, name))),
    );
    expect(ca && certificate?.verify(ca.publicKey)).toBe(true);
    expect(certificate?.subjectAltName).toBe('DNS:message, IP Address:10.0.0.1');
    expect(statSync(join(out, 'process-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('migrate makes what is missing, as often as wanted', async () => {
    const data = { PARLEY_DATA_DIR: join(directory.path, 'migrated') };
    for (const _round of [1, 2]) {
      const { code, stdout } = await parley(['migrate'], data);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/^\d+ tables and \d+ topics are as this version wants them$/m),
      ]);
    }
  });

  it('an orderly stop ends with 0', async () => {
    const ports = { PARLEY_REST_PORT: '0', PARLEY_GATEWAY_PORT: '0', PARLEY_ADMIN_PORT: '0' };
    const server = Terminal.start(['serve'], { ...ports, PARLEY_DATA_DIR: join(directory.path, 'stop') });
    await server.shows('Parley is ready.');
    server.end('SIGTERM');
    expect((await server.finished()).code).toBe(0);
  });
});

describe('apps', () => {
  it('are created, listed, and get new keys while old ones still work', async () => {
    const created = await parley(['app', 'create', '--id', '1400000777', '--name', 'shop'], settings);
    const key = /Key +(\S+)/.exec(created.stdout)?.[1] ?? '';
    expect(created.code).toBe(0);
    expect((await parley(['app', 'list'], settings)).stdout).toMatch(/1400000777.*shop/);
    const rotated = await parley(['app', 'key', 'rotate', '--app', '1400000777'], settings);
    const newKey = /Key +(\S+)/.exec(rotated.stdout)?.[1] ?? '';
    expect(newKey).not.toBe(key);
    for (const secret of [key, newKey]) {
      const file = join(directory.path, 'key');
      writeFileSync(file, secret);
      const args = ['usersig', '--user', 'administrator', '--app', '1400000777', '--key-file', file];
      const sig = (await parley(args, settings)).stdout.trim();
      const query = `sdkappid=1400000777&identifier=administrator&usersig=${sig}&random=1&contenttype=json`;
      const url = `${running.server.addresses.restUrl}/v4/im_open_login_svc/account_check?${query}`;
      const answer = await fetch(url, { method: 'POST', body: '{"CheckItem":[{"UserID":"nobody"}]}' });
      expect(await answer.json()).toMatchObject({
        ErrorCode: 0,
        ResultItem: [{ AccountStatus: 'NotImported' }],
      });
    }
    const other = await parley(['app', 'key', 'rotate', '--app', '1400000001', '--overlap', '60'], settings);
    expect(other.stdout).toContain('Put it into PARLEY_BOOTSTRAP_APP_KEY before the next start');
    const again = await parley(['app', 'create', '--id', '1400000777'], settings);
    expect([again.code, again.stderr.trim().split('\n').length]).toEqual([1, 1]);
  });
});

describe('from outside the repository', () => {
  const SCRIPT = `
import { Api } from 'tls-sig-api-v2';
const [, , url, key] = process.argv;
const usersig = new Api(1400000001, key).genSig('administrator', 3600);
const call = async (command, body) => {
  const query = new URLSearchParams({ sdkappid: 1400000001, identifier: 'administrator', usersig, random: 1, contenttype: 'json' });
  return (await fetch(url + '/v4/' + command + '?' + query, { method: 'POST', body: JSON.stringify(body) })).json();
};
const imported = await call('im_open_login_svc/multiaccount_import', { Accounts: ['out-a', 'out-b'] });
const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'from a script' } }];
const sent = await call('openim/sendmsg', { From_Account: 'out-a', To_Account: 'out-b', MsgRandom: 5, MsgBody });
const read = await call('openim/admin_getroammsg', { Operator_Account: 'out-b', Peer_Account: 'out-a', MaxCnt: 10, MinTime: 0, MaxTime: sent.MsgTime + 1 });
console.log(JSON.stringify([imported.ErrorCode, sent.ErrorCode, read.MsgList.map((one) => one.MsgBody)]));
`;

  it('a few lines import accounts, send and read back', async () => {
    const script = join(directory.path, 'script.mjs');
    writeFileSync(script, SCRIPT);
    symlinkSync(MODULES, join(directory.path, 'node_modules'));
    const { restUrl } = running.server.addresses;
    const key = settings.PARLEY_BOOTSTRAP_APP_KEY as string;
    const { stdout } = await promisify(execFile)(process.execPath, [script, restUrl, key], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const body = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'from a script' } }];
    expect(JSON.parse(stdout)).toEqual([0, 0, [body]]);
  });

  it('two people talk in two terminals', async () => {
    const bob = Terminal.start(['chat', '--user', 'term-bob', '--to', 'term-alice'], settings);
    await bob.shows('you are term-bob');
    const alice = Terminal.start(['chat', '--user', 'term-alice', '--to', 'term-bob'], settings);
    await alice.shows('you are term-alice');
    alice.type('hello Bob');
    await bob.shows('term-alice: hello Bob');
    bob.type('hello Alice');
    await alice.shows('term-bob: hello Alice');
    bob.type('/history');
    bob.type('/list');
    await bob.shows('term-alice');
    for (const terminal of [alice, bob]) terminal.type('/quit');
    expect([(await alice.finished()).code, (await bob.finished()).code]).toEqual([0, 0]);
  });

  it('a chat that may not log in says why', async () => {
    const file = join(directory.path, 'wrong-key');
    writeFileSync(file, 'f'.repeat(64));
    const { code, stderr } = await parley(['chat', '--user', 'eve', '--key-file', file], settings);
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain('70009');
  });
});
