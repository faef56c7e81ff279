// What the ready banner tells a newcomer: the files it names exist, its commands work as they are pasted.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, type TemporaryDirectory, temporaryDirectory } from '@parley/testkit';
import { parley, type Settings, Terminal } from './harness/command-line.js';

interface Answer {
  readonly ErrorCode: number;
  readonly MsgList?: readonly { readonly MsgBody: readonly { readonly MsgContent: { Text: string } }[] }[];
}

let directory: TemporaryDirectory;
let settings: Settings;
let server: Terminal;
let commands: readonly string[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  settings = {
    PARLEY_DATA_DIR: join(directory.path, 'data'),
    PARLEY_REST_PORT: String(await freePort()),
    PARLEY_GATEWAY_PORT: String(await freePort()),
    PARLEY_ADMIN_PORT: String(await freePort()),
  };
  await start();
});
afterAll(async () => {
  await stop();
  await directory.remove();
});

async function start(): Promise<void> {
  server = Terminal.start(['serve'], settings);
  await server.shows('3. See their history');
  await server.shows('"MaxTime"');
  commands = [...server.stdout.matchAll(/^ {2}\d\. .*\n {5}(.+)$/gm)].map(([, command]) => command as string);
}

async function stop(): Promise<void> {
  server.end('SIGTERM');
  expect((await server.finished()).code).toBe(0);
}

/** Runs a line as a shell does that knows nothing of the server's settings. */
async function paste(command: string, input = ''): Promise<string> {
  const running = promisify(execFile)('sh', ['-c', command], { env: { PATH: process.env.PATH ?? '' } });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

const answersIn = (output: string): Answer[] =>
  output.split(/(?<=\})(?=\{)/).map((answer) => JSON.parse(answer) as Answer);

const secretFile = (name: string) => join(settings.PARLEY_DATA_DIR as string, name);

it('tells the addresses, the SDKAppID and where the key lies', () => {
  for (const name of ['PARLEY_REST_PORT', 'PARLEY_GATEWAY_PORT', 'PARLEY_ADMIN_PORT'] as const) {
    expect(server.stdout).toContain(`127.0.0.1:${settings[name]}`);
  }
  expect(server.stdout).toMatch(/SDKAppID +1400000001/);
  expect(server.stdout).toMatch(/Key +.*bootstrap-app-key/);
  expect(commands).toHaveLength(3);
});

it('keeps its secrets to their owner', () => {
  for (const name of ['bootstrap-app-key', 'operator-token']) {
    expect(statSync(secretFile(name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(secretFile(name), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(server.stdout).not.toContain(readFileSync(secretFile(name), 'utf8').trim());
  }
});

it('has commands that send, chat and show the history', async () => {
  const [send = '', chat = '', history = ''] = commands;
  expect(answersIn(await paste(send)).map(({ ErrorCode }) => ErrorCode)).toEqual([0, 0]);
  expect(await paste(chat, 'Hello, Bob\n/history\n/quit\n')).toContain('bob: Hello, Alice');
  const [answer] = answersIn(await paste(history));
  const texts = answer?.MsgList?.map(({ MsgBody }) => MsgBody[0]?.MsgContent.Text) ?? [];
  expect(new Set(texts)).toEqual(new Set(['Hello, Alice', 'Hello, Bob']));
});

it('follows a rotated key, and never goes back to the old one', async () => {
  const old = readFileSync(secretFile('bootstrap-app-key'), 'utf8').trim();
  const sigOf = async () => (await parley(['usersig', '--user', 'administrator'], settings)).stdout.trim();
  const oldSig = await sigOf();
  const rotated = await parley(['app', 'key', 'rotate', '--app', '1400000001', '--overlap', '0'], settings);
  expect([rotated.code, rotated.stderr]).toEqual([0, '']);
  expect(readFileSync(secretFile('bootstrap-app-key'), 'utf8').trim()).not.toBe(old);
  await stop();
  await start();
  const codeWith = async (sig: string) => {
    const query = `sdkappid=1400000001&identifier=administrator&usersig=${sig}&random=1&contenttype=json`;
    const url = `http://127.0.0.1:${settings.PARLEY_REST_PORT}/v4/im_open_login_svc/account_check?${query}`;
    const response = await fetch(url, { method: 'POST', body: '{"CheckItem":[{"UserID":"alice"}]}' });
    return ((await response.json()) as Answer).ErrorCode;
  };
  expect(await codeWith(await sigOf())).toBe(0);
  expect(await codeWith(oldSig)).toBe(70_009);
});

it('doctor says what a running server holds', async () => {
  const { code, stdout } = await parley(['doctor'], settings);
  expect(code).toBe(4);
  expect(stdout).toMatch(/✗ data directory .*in use by process \d+: stop it/);
  expect(stdout).toMatch(/✗ REST port .*in use; stop what listens there, or set PARLEY_REST_PORT/);
  expect(stdout).toMatch(/✓ disk/);
});
