import { generateKeyPairSync } from 'node:crypto';
import { ErrorCode } from '@parley/kernel';
import { createEcdsaUserSig, createUserSig } from '@parley/usersig';
import { APP, AuthWorld, admin, codeOf, KEY, OTHER_APP, operator, service } from './world.js';

let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open({ failedLoginsPerMinute: 3 });
});
afterEach(() => world.close());

describe('VerifyUserSig', () => {
  it('tells until when, and who is an admin', async () => {
    const answer = await world.verify('alice', world.sign('alice'));
    expect(answer.expiresAtMs).toBe(BigInt((world.nowSeconds + 3_600) * 1_000));
    expect(answer.isAdmin).toBe(false);
    expect((await world.verify('administrator', world.sign('administrator'))).isAdmin).toBe(true);
  });

  it.each<[string, ErrorCode, (world: AuthWorld) => string]>([
    [
      'an expired one',
      ErrorCode.USER_SIG_EXPIRED,
      (w) => w.sign('alice', { nowSeconds: w.nowSeconds - 3_601 }),
    ],
    ['an empty one', ErrorCode.USER_SIG_EMPTY, () => ''],
    ['garbage', ErrorCode.USER_SIG_MALFORMED, () => 'eJw-garbage'],
    ['one of a wrong key', ErrorCode.USER_SIG_WRONG_KEY, (w) => w.sign('alice', { key: 'x'.repeat(64) })],
    ['one of another user', ErrorCode.USER_SIG_OTHER_USER, (w) => w.sign('bob')],
    ['one of another app', ErrorCode.USER_SIG_OTHER_APP, (w) => w.sign('alice', { sdkAppId: OTHER_APP })],
  ])('refuses %s', async (_, code, make) => {
    expect(await codeOf(world.verify('alice', make(world)))).toBe(code);
  });

  it('refuses unknown apps and malformed users', async () => {
    const userSig = world.sign('alice');
    const verify = (sdkAppId: number, userId: string) =>
      codeOf(world.auth.verifyUserSig({ sdkAppId, userId, userSig }, service));
    expect(await verify(OTHER_APP, 'alice')).toBe(ErrorCode.APP_NOT_FOUND);
    expect(await verify(0, 'alice')).toBe(ErrorCode.APP_NOT_FOUND);
    expect(await verify(APP, 'a'.repeat(33))).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
    expect(await verify(APP, '')).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
  });

  it('answers 70050 after too many failures of a user, for a minute, and never to a valid UserSig', async () => {
    const wrong = world.sign('alice', { key: 'wrong' });
    const codes: number[] = [];
    for (let i = 0; i < 5; i++) codes.push(await codeOf(world.verify('alice', wrong)));
    const { USER_SIG_WRONG_KEY, USER_SIG_TOO_MANY_FAILURES } = ErrorCode;
    expect(codes).toEqual([
      ...Array(3).fill(USER_SIG_WRONG_KEY),
      ...Array(2).fill(USER_SIG_TOO_MANY_FAILURES),
    ]);
    expect(await codeOf(world.verify('alice', world.sign('alice')))).toBe(0);
    expect(await codeOf(world.verify('bob', world.sign('bob', { key: 'wrong' })))).toBe(USER_SIG_WRONG_KEY);
    world.clock.advance(60_001);
    expect(await codeOf(world.verify('alice', wrong))).toBe(USER_SIG_WRONG_KEY);
    const lines = world.test.logged.lines.filter((line) => line.event === 'parley.auth.user_sig.refused');
    expect(lines.map((line) => line.fields.userId)).toEqual(['alice', 'alice', 'alice', 'bob', 'alice']);
  });

  it('may not be called by users or admins', async () => {
    const call = world.auth.verifyUserSig({ sdkAppId: APP, userId: 'alice', userSig: 'x' }, admin);
    expect(await codeOf(call)).toBe(ErrorCode.IDENTITY_CHECK_FAILED);
  });

  it('accepts the older scheme with the public key of the app', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const secret = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await world.apps.createApp({ appId: OTHER_APP, name: 'old', secret }, operator);
    const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const { nowSeconds } = world;
    const sig = { sdkAppId: OTHER_APP, userId: 'alice', expireSeconds: 60, nowSeconds };
    const verify = (userSig: string) =>
      codeOf(world.auth.verifyUserSig({ sdkAppId: OTHER_APP, userId: 'alice', userSig }, service));
    expect(await verify(createEcdsaUserSig({ ...sig, key }))).toBe(0);
    // The public key is no secret.
    expect(await verify(createUserSig({ ...sig, key: secret }))).not.toBe(0);
  });
});

describe('keys of an app', () => {
  it('rotate with an overlap', async () => {
    const before = world.sign('alice');
    const { key } = await world.apps.rotateAppKey({ appId: APP, overlapS: 60 }, operator);
    expect(key?.secret).toMatch(/^[0-9a-f]{64}$/);
    const after = () => world.sign('alice', { key: key?.secret ?? '' });
    expect(await codeOf(world.verify('alice', before))).toBe(0);
    expect(await codeOf(world.verify('alice', after()))).toBe(0);
    world.clock.advance(60_001);
    expect(await codeOf(world.verify('alice', before))).toBe(ErrorCode.USER_SIG_WRONG_KEY);
    expect(await codeOf(world.verify('alice', after()))).toBe(0);
  });

  it('rotate without an overlap, at once', async () => {
    const before = world.sign('alice');
    expect(await codeOf(world.verify('alice', before))).toBe(0);
    await world.apps.rotateAppKey({ appId: APP }, operator);
    expect(await codeOf(world.verify('alice', before))).toBe(ErrorCode.USER_SIG_WRONG_KEY);
  });

  it('are at most eight at once, and rotate for ever', async () => {
    const rotate = (overlapS: number) => world.apps.rotateAppKey({ appId: APP, overlapS }, operator);
    for (let i = 0; i < 7; i++) await rotate(3_600);
    expect(await codeOf(rotate(3_600))).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
    let secret = '';
    for (let i = 0; i < 150; i++) {
      secret = (await rotate(0)).key?.secret ?? '';
      world.clock.advance(1);
    }
    expect(await codeOf(world.verify('alice', world.sign('alice', { key: secret })))).toBe(0);
    const [app] = (await world.apps.listApps({}, operator)).apps;
    expect(app?.keys.length).toBeLessThanOrEqual(2);
  });
});

describe('AppService', () => {
  it('creates apps, shows the secret once, and lists them', async () => {
    const { app } = await world.apps.createApp({ name: 'shop', admins: ['boss'] }, operator);
    expect(app?.appId).toBeGreaterThan(APP);
    expect(app?.keys[0]?.secret).toMatch(/^[0-9a-f]{64}$/);
    const { apps } = await world.apps.listApps({}, operator);
    expect(apps.map(({ name, admins }) => ({ name, admins }))).toEqual([
      { name: 'bootstrap', admins: ['administrator'] },
      { name: 'shop', admins: ['boss'] },
    ]);
    expect(apps.flatMap(({ keys }) => keys.map((key) => key.secret))).toEqual(['', '']);
  });

  it.each([
    ['an id that is taken', { appId: APP, name: 'again' }],
    ['a malformed admin', { name: 'x', admins: ['ü'] }],
    ['a reserved admin', { name: 'x', admins: ['@TGS#1'] }],
    ['too long a name', { name: 'x'.repeat(101) }],
    ['too long a secret', { name: 'x', secret: 'x'.repeat(257) }],
    ['too many web instances', { name: 'x', settings: { webInstancesMax: 11 } }],
    ['too many devices', { name: 'x', settings: { nativeDevicesMax: 4 } }],
    ['an unknown policy', { name: 'x', settings: { loginPolicy: 9 } }],
  ])('refuses %s', async (_, request) => {
    expect(await codeOf(world.apps.createApp(request, operator))).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
    expect((await world.apps.listApps({}, operator)).apps).toHaveLength(1);
  });

  it('rotates no key of an unknown app', async () => {
    expect(await codeOf(world.apps.rotateAppKey({ appId: OTHER_APP }, operator))).toBe(
      ErrorCode.APP_NOT_FOUND,
    );
  });

  it('is for operators only', async () => {
    for (const context of [admin, service]) {
      expect(await codeOf(world.apps.listApps({}, context))).toBe(ErrorCode.IDENTITY_CHECK_FAILED);
    }
  });

  it('leaves an audit line of every act, without the secret', async () => {
    const secret = 'a secret that nobody may read';
    await world.apps.createApp({ appId: OTHER_APP, name: 'shop', secret }, operator);
    await world.apps.rotateAppKey({ appId: OTHER_APP }, operator);
    const lines = world.auditLines();
    expect(lines.map(({ event, fields }) => [event, fields.appId, fields.actor])).toEqual([
      ['parley.auth.app.created', OTHER_APP, 'root'],
      ['parley.auth.app_key.rotated', OTHER_APP, 'root'],
    ]);
    expect(JSON.stringify(world.test.logged.lines)).not.toContain(secret);
    expect(JSON.stringify(world.test.logged.lines)).not.toContain(KEY);
  });
});

describe('the bootstrap app', () => {
  it('survives a restart, with its keys and its accounts', async () => {
    const old = world.sign('alice');
    await world.importUsers('alice');
    await world.restart();
    expect(await codeOf(world.verify('alice', old))).toBe(0);
    const { accounts } = await world.auth.checkAccounts({ userIds: ['alice', 'administrator'] }, admin);
    expect(accounts.map((account) => [account.isImported, account.isDeleted])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect((await world.apps.listApps({}, operator)).apps[0]?.keys).toHaveLength(1);
  });

  it.each([
    [true, 70_009],
    [false, 0],
  ])(
    'a key that was rotated away, initial: %j, verifies after a restart with code %i',
    async (isBootstrapKeyInitial, code) => {
      const own = await AuthWorld.open({ isBootstrapKeyInitial });
      const old = own.sign('alice');
      await own.apps.rotateAppKey({ appId: APP, overlapS: 0 }, operator);
      await own.restart();
      expect(await codeOf(own.verify('alice', old))).toBe(code);
      await own.close();
    },
  );
});
