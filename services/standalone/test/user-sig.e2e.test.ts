// Every answer that a UserSig and an account can get, at both doors of a real server: the SDK's and REST.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import TencentCloudChat from '@parley/sdk';
import { waitFor } from '@parley/testkit';
import { createEcdsaUserSig, createUserSig } from '@parley/usersig';
import { decodeServerFrame, encodeHelloFrame, PROTOCOL_VERSION, parseLoginRefusal } from '@parley/wire';
import { parley, type Settings } from './harness/command-line.js';
import { APP_ID, APP_KEY, type RunningServer, startServer } from './harness/world-on-server.js';

const ADMIN = 'administrator';
/** An app whose users must be imported first. */
const STRICT_APP = 1_400_000_555;
const FAILURES_PER_MINUTE = 3;

let running: RunningServer;
let settings: Settings;
let instances = 0;
beforeAll(async () => {
  running = await startServer({ PARLEY_FAILED_LOGINS_PER_MINUTE: `${FAILURES_PER_MINUTE}` });
  settings = {
    PARLEY_DATA_DIR: running.dataDir,
    PARLEY_ADMIN_PORT: new URL(running.server.addresses.adminUrl).port,
    PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
  };
  await operate('app', 'create', '--id', `${STRICT_APP}`, '--require-import');
});
afterAll(() => running.close());

/** The command line of an operator. */
async function operate(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await parley(args, settings);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

type SigOptions = Partial<Parameters<typeof createUserSig>[0]>;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const sign = (userId: string, options: SigOptions = {}) =>
  createUserSig({ sdkAppId: APP_ID, userId, key: APP_KEY, expireSeconds: 3_600, ...options });

async function rest(
  command: string,
  body: object,
  claim: { sig?: string; user?: string; app?: number } = {},
) {
  const { user = ADMIN, app = APP_ID, sig = sign(user) } = claim;
  const query = new URLSearchParams({
    ...{ sdkappid: `${app}`, identifier: user, usersig: sig, random: '1', contenttype: 'json' },
  });
  const url = `${running.server.addresses.restUrl}/v4/im_open_login_svc/${command}?${query}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  // biome-ignore lint/suspicious/noExplicitAny: answers are plain JSON of many shapes
  return (await response.json()) as any;
}

/** What REST says to this signature. */
const restCode = async (user: string, sig: string, app = APP_ID): Promise<number> =>
  (await rest('account_check', { CheckItem: [{ UserID: 'x' }] }, { user, sig, app })).ErrorCode;

function createChat(app = APP_ID, instanceID = `instance-${instances++}`) {
  const { gatewayUrl } = running.server.addresses;
  const chat = TencentCloudChat.create({ SDKAppID: app, gatewayUrl, instanceID });
  chat.setLogLevel(4);
  return chat;
}

/** What the SDK's login comes to. */
async function sdkCode(userID: string, userSig: string, app = APP_ID): Promise<number> {
  const chat = createChat(app);
  const code = await chat.login({ userID, userSig }).then(
    () => 0,
    (failure: { code: number }) => failure.code,
  );
  await chat.destroy();
  return code;
}

/** For what no SDK would say. */
async function helloCode(userId: string, userSig: string): Promise<number | undefined> {
  const socket = new WebSocket(running.server.addresses.gatewayUrl);
  socket.binaryType = 'arraybuffer';
  const bye = new Promise<number | undefined>((resolve) => {
    socket.onmessage = ({ data }) => {
      const frame = decodeServerFrame(new Uint8Array(data as ArrayBuffer));
      resolve(frame.kind === 'bye' ? parseLoginRefusal(frame.bye.reason)?.code : 0);
    };
  });
  socket.onopen = () => {
    const hello = { protocolVersion: PROTOCOL_VERSION, sdkAppId: APP_ID, userId, userSig, platform: 1 };
    socket.send(new Uint8Array(encodeHelloFrame({ ...hello, instanceId: 'raw' })));
  };
  const code = await bye;
  socket.close();
  return code;
}

const ecdsa = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const privateKey = ecdsa.privateKey.export({ type: 'sec1', format: 'pem' }).toString();

describe('a UserSig that is not good', () => {
  it.each<[number, string, (user: string) => string]>([
    [70001, 'expired', (user) => sign(user, { nowSeconds: nowSeconds() - 60, expireSeconds: 59 })],
    [70003, 'is no UserSig', () => 'eJw-garbage'],
    [70003, 'is truncated', (user) => sign(user).slice(0, -8)],
    [70003, 'is of the future', (user) => sign(user, { nowSeconds: nowSeconds() + 3_600 })],
    [70009, 'was signed with another key', (user) => sign(user, { key: 'x'.repeat(64) })],
    [70013, 'is of another user', () => sign('somebody')],
    [70014, 'is of another app', (user) => sign(user, { sdkAppId: STRICT_APP })],
    [
      70016,
      'is of a scheme that the app has no key for',
      (userId) => createEcdsaUserSig({ sdkAppId: APP_ID, userId, key: privateKey, expireSeconds: 60 }),
    ],
  ])('is answered with %i when it %s', async (code, what, make) => {
    const user = `user-${what.replaceAll(' ', '-')}`.slice(0, 32);
    expect(await sdkCode(user, make(user))).toBe(code);
    expect(await restCode(user, make(user))).toBe(code);
  });

  it('is answered with 70002 when it is empty', async () => {
    expect(await helloCode('nobody', '')).toBe(70002);
    expect(await restCode('nobody', '')).toBe(70002);
  });

  it('is answered with 70020 when there is no such app', async () => {
    const sig = sign('alice', { sdkAppId: 1_499_999_999 });
    expect(await sdkCode('alice', sig, 1_499_999_999)).toBe(70020);
    expect(await restCode('alice', sig, 1_499_999_999)).toBe(70020);
  });

  it('is answered with 70050 when there were too many, and the rightful user is let in all the same', async () => {
    const wrong = sign(ADMIN, { key: 'wrong' });
    const codes: number[] = [];
    for (let at = 0; at <= FAILURES_PER_MINUTE; at++) {
      codes.push(await (at % 2 === 0 ? sdkCode(ADMIN, wrong) : restCode(ADMIN, wrong)));
    }
    expect(codes).toEqual([...Array(FAILURES_PER_MINUTE).fill(70009), 70050]);
    expect(await sdkCode(ADMIN, wrong)).toBe(70050);
    expect(await sdkCode(ADMIN, sign(ADMIN))).toBe(0);
    expect(await restCode(ADMIN, sign(ADMIN))).toBe(0);
  });

  it('is answered with 70402 when the UserID can be nobody’s', async () => {
    expect(await sdkCode('@TGS#1', sign('@TGS#1'))).toBe(70402);
    const { FailAccounts } = await rest('multiaccount_import', { Accounts: ['@TGS#1', 'fine'] });
    expect(FailAccounts).toEqual(['@TGS#1']);
  });
});

describe('an account', () => {
  it('that is blocked is answered with 70051, until it is let in again', async () => {
    await rest('account_import', { UserID: 'mallory' });
    const block = (act: string, user: string) =>
      operate('account', act, '--app', `${APP_ID}`, '--user', user);
    await block('block', 'mallory');
    await block('block', ADMIN);
    expect(await sdkCode('mallory', sign('mallory'))).toBe(70051);
    expect(await restCode(ADMIN, sign(ADMIN))).toBe(70051);
    await block('unblock', ADMIN);
    await block('unblock', 'mallory');
    expect(await sdkCode('mallory', sign('mallory'))).toBe(0);
    expect(await restCode(ADMIN, sign(ADMIN))).toBe(0);
  });

  it('that was kicked is answered with 70052 to older UserSigs, and the device hears of it', async () => {
    const chat = createChat();
    const kicks: unknown[] = [];
    chat.on(TencentCloudChat.EVENT.KICKED_OUT, (event: { data: unknown }) => kicks.push(event.data));
    const old = sign('kicked');
    await chat.login({ userID: 'kicked', userSig: old });
    expect(await rest('kick', { UserID: 'kicked' })).toMatchObject({ ErrorCode: 0 });
    await waitFor(() => kicks.length === 1);
    expect(kicks).toEqual([{ type: TencentCloudChat.TYPES.KICKED_OUT_REST_API }]);
    expect(await sdkCode('kicked', old)).toBe(70052);
    expect(await sdkCode('kicked', sign('kicked'))).toBe(0);

    expect(await restCode('kicked', old)).toBe(70052);
    // A newer one is good, and only no admin’s.
    expect(await restCode('kicked', sign('kicked'))).toBe(60010);
    await chat.destroy();
  });

  it('that is not imported is answered with 70107 where the app wants that, and wherever REST names it', async () => {
    const created = await operate('app', 'key', 'rotate', '--app', `${STRICT_APP}`);
    const key = /Key +(\S+)/.exec(created)?.[1] ?? '';
    const strict = { sdkAppId: STRICT_APP, key };
    const login = () => sdkCode('newcomer', sign('newcomer', strict), STRICT_APP);
    expect(await login()).toBe(70107);
    const claim = { app: STRICT_APP, sig: sign(ADMIN, strict) };
    expect((await rest('account_import', { UserID: 'newcomer' }, claim)).ErrorCode).toBe(0);
    expect(await login()).toBe(0);
    expect((await rest('kick', { UserID: 'nobody-at-all' })).ErrorCode).toBe(70107);
  });

  it('that was deleted is answered with 70399 to its next login and import, and 70107 to the next deletion', async () => {
    await rest('account_import', { UserID: 'gone' });
    const remove = async () =>
      (await rest('account_delete', { DeleteItem: [{ UserID: 'gone' }] })).ResultItem[0].ResultCode;
    expect(await remove()).toBe(0);
    expect(await remove()).toBe(70107);
    await waitFor(async () => (await sdkCode('gone', sign('gone'))) === 70399);
    expect((await rest('account_import', { UserID: 'gone' })).ErrorCode).toBe(70399);
    const { ResultItem } = await rest('account_delete', { DeleteItem: [{ UserID: ADMIN }] });
    expect(ResultItem[0]).toMatchObject({ UserID: ADMIN, ResultCode: 70402 });
  });

  it('list of an illegal length is answered with 70206', async () => {
    const many = Array.from({ length: 101 }, (_, at) => `many-${at}`);
    expect((await rest('multiaccount_import', { Accounts: many })).ErrorCode).toBe(70206);
  });
});

describe('the older scheme', () => {
  it('is accepted at both doors with the public key that an operator gives the app', async () => {
    const file = join(running.dataDir, 'public.pem');
    writeFileSync(file, ecdsa.publicKey.export({ type: 'spki', format: 'pem' }));
    await operate('app', 'key', 'rotate', '--app', `${APP_ID}`, '--secret-file', file);
    const older = (userId: string) =>
      createEcdsaUserSig({ sdkAppId: APP_ID, userId, key: privateKey, expireSeconds: 60 });
    expect(await sdkCode('veteran', older('veteran'))).toBe(0);
    expect(await restCode(ADMIN, older(ADMIN))).toBe(0);
    // And the SecretKey still signs.
    expect(await restCode(ADMIN, sign(ADMIN))).toBe(0);
  });
});

describe('the tools', () => {
  it('make, verify and explain UserSigs of both schemes', async () => {
    const sig = (await operate('usersig', '--user', 'alice', '--expire', '60')).trim();
    expect(await operate('usersig', 'verify', sig)).toMatch(/^valid for alice of app 1400000001 until 20/);
    expect(await operate('usersig', 'explain', sig)).toMatch(
      /^Scheme +HMAC-SHA256.*\nUserID +alice\nSDKAppID +1400000001\nIssued +20.*\nExpires +20.*\n$/,
    );
    const other = await parley(['usersig', '--user', 'bob', 'verify', sig], settings);
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/^parley: 70013: /)]);
    const file = join(running.dataDir, 'private.pem');
    writeFileSync(file, privateKey);
    const older = (await operate('usersig', '--user', 'alice', '--key-file', file)).trim();
    expect(await operate('usersig', 'explain', older)).toMatch(/^Scheme +ECDSA-SHA256/);
    const wrong = await parley(['usersig', 'verify', older], settings);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/^parley: 70016: /)]);
    const broken = await parley(['usersig', 'explain', 'nonsense'], settings);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/^parley: 70003: /)]);
  });

  it('change an app for the next login', async () => {
    const web = await Promise.all([1, 2].map(async () => createChat()));
    const sig = sign('many');
    const kicks: unknown[] = [];
    web[0]?.on(TencentCloudChat.EVENT.KICKED_OUT, (event: { data: unknown }) => kicks.push(event.data));
    expect(await operate('app', 'set', '--app', `${APP_ID}`, '--web-instances', '2')).toContain(
      'dual, web 2',
    );
    for (const chat of web) await chat.login({ userID: 'many', userSig: sig });
    expect(kicks).toEqual([]);
    await operate('app', 'set', '--app', `${APP_ID}`, '--web-instances', '1');
    expect(await sdkCode('many', sig)).toBe(0);
    await waitFor(() => kicks.length === 1);
    expect(kicks).toEqual([{ type: TencentCloudChat.TYPES.KICKED_OUT_MULT_ACCOUNT }]);
    for (const chat of web) await chat.destroy();
  });
});

describe('a device', () => {
  it('comes back with its ticket after the server was killed', async () => {
    const chat = createChat();
    const states: string[] = [];
    chat.on(TencentCloudChat.EVENT.NET_STATE_CHANGE, (event: { data: { state: string } }) =>
      states.push(event.data.state),
    );
    await chat.login({ userID: 'traveller', userSig: sign('traveller') });
    await waitFor(() => states.at(-1) === 'connected');
    await running.server.kill();
    await waitFor(() => states.at(-1) !== 'connected');
    await running.server.start();
    await waitFor(() => states.at(-1) === 'connected', { timeoutMs: 20_000 });
    const metrics = await (await fetch(`${running.server.addresses.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^parley_auth_resumptions(_total)?(\{.*\})? 1$/m);
    expect(metrics).toMatch(/^parley_auth_logins(_total)?(\{.*\})? 0$/m);
    await chat.destroy();
  });
});
