import { type ConnectionId, ErrorCode, type NodeId, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { APP, AuthWorld, admin, codeOf, OTHER_APP, operator, service, user } from './world.js';

let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open();
});
afterEach(() => world.close());

const statusOf = async (...userIds: string[]) =>
  (await world.auth.queryOnlineStatus({ userIds }, admin)).users;

describe('Login', () => {
  it('creates the account, registers the session, and tells when the UserSig ends', async () => {
    const { connectionId, answer } = await world.login({ userId: 'alice' });
    expect(answer.expiresAtMs).toBe(BigInt((world.nowSeconds + 3_600) * 1_000));
    expect(await world.sessionsOf('alice')).toEqual([connectionId]);
    const { accounts } = await world.auth.checkAccounts({ userIds: ['alice'] }, admin);
    expect(accounts[0]?.isImported).toBe(true);
  });

  it('creates one account when many devices log in at once', async () => {
    const sig = world.sign('alice');
    const platforms = [Platform.WEB, Platform.ANDROID, Platform.IPHONE, Platform.MAC];
    const codes = await Promise.all(
      platforms.map((platform) => codeOf(world.login({ userId: 'alice', platform, userSig: sig }))),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    // Dual platform: web, and the last of the others.
    expect(await world.sessionsOf('alice')).toHaveLength(2);
  });

  it('refuses a wrong UserSig without a session', async () => {
    const call = world.login({ userId: 'alice', userSig: world.sign('alice', { key: 'wrong' }) });
    expect(await codeOf(call)).toBe(ErrorCode.USER_SIG_WRONG_KEY);
    expect(await world.sessionsOf('alice')).toEqual([]);
    const { accounts } = await world.auth.checkAccounts({ userIds: ['alice'] }, admin);
    expect(accounts[0]?.isImported).toBe(false);
  });

  it('wants the account imported where the app says so', async () => {
    await world.apps.createApp(
      { appId: OTHER_APP, name: 'strict', secret: 'secret', settings: { requiresImport: true } },
      operator,
    );
    const login = () =>
      codeOf(
        world.login({
          userId: 'alice',
          appId: OTHER_APP,
          userSig: world.sign('alice', { sdkAppId: OTHER_APP, key: 'secret' }),
        }),
      );
    expect(await login()).toBe(ErrorCode.ACCOUNT_NOT_FOUND);
    await world.auth.importAccounts({ accounts: [{ userId: 'alice' }] }, { ...admin, appId: OTHER_APP });
    expect(await login()).toBe(0);
  });

  it.each([
    ['no platform', { platform: Platform.UNSPECIFIED }],
    ['an unknown platform', { platform: 99 as Platform }],
    ['no connection', { connectionId: '' }],
    ['no node', { nodeId: '' }],
    ['too long an instance id', { instanceId: 'x'.repeat(65) }],
    ['a reserved UserID', { userId: '@TGS#1' }],
    ['the UserID of the platform', { userId: '@TIM#SYSTEM' }],
  ])('refuses %s', async (_, wrong) => {
    const good = {
      sdkAppId: APP,
      userId: 'alice',
      platform: Platform.WEB,
      instanceId: 'i',
      connectionId: 'c',
      nodeId: world.test.platform.nodeId,
    };
    const request = { ...good, ...wrong };
    const call = world.auth.login({ ...request, userSig: world.sign(request.userId) }, service);
    expect(await codeOf(call)).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
  });

  it('may be repeated by the same connection', async () => {
    const connectionId = 'c1' as ConnectionId;
    const request = {
      sdkAppId: APP,
      userId: 'alice',
      userSig: world.sign('alice'),
      platform: Platform.WEB,
      instanceId: 'i',
      connectionId,
      nodeId: world.test.platform.nodeId,
    };
    await world.auth.login(request, service);
    await world.auth.login(request, { ...service, attempt: 1 });
    expect(await world.sessionsOf('alice')).toEqual([connectionId]);
    expect(world.gateway.disconnects).toEqual([]);
  });
});

describe('the login policy', () => {
  it('ends the older web login', async () => {
    const first = await world.login({ userId: 'alice' });
    const second = await world.login({ userId: 'alice' });
    expect(world.gateway.disconnects).toMatchObject([{ connectionId: first.connectionId, code: 4501 }]);
    expect(await world.sessionsOf('alice')).toEqual([second.connectionId]);
  });

  it('ends another native platform, but not the web', async () => {
    const web = await world.login({ userId: 'alice' });
    const android = await world.login({ userId: 'alice', platform: Platform.ANDROID });
    const mac = await world.login({ userId: 'alice', platform: Platform.MAC });
    expect(world.gateway.disconnects).toMatchObject([{ connectionId: android.connectionId, code: 4502 }]);
    expect(await world.sessionsOf('alice')).toEqual([web.connectionId, mac.connectionId].sort());
  });

  it('replaces the same instance with the code of a logout', async () => {
    const first = await world.login({ userId: 'alice', instanceId: 'same' });
    const second = await world.login({ userId: 'alice', instanceId: 'same' });
    expect(world.gateway.disconnects).toMatchObject([{ connectionId: first.connectionId, code: 4506 }]);
    expect(await world.sessionsOf('alice')).toEqual([second.connectionId]);
  });

  it('is the one of the app', async () => {
    const settings = { loginPolicy: authv1.LoginPolicy.MULTI, webInstancesMax: 2 };
    await world.apps.createApp({ appId: OTHER_APP, name: 'multi', secret: 'secret', settings }, operator);
    const userSig = world.sign('alice', { sdkAppId: OTHER_APP, key: 'secret' });
    const login = (platform: Platform) =>
      world.login({ userId: 'alice', appId: OTHER_APP, userSig, platform });
    const oldest = await login(Platform.WEB);
    for (const platform of [Platform.IPHONE, Platform.IPAD, Platform.WEB]) await login(platform);
    expect(world.gateway.disconnects).toEqual([]);
    await login(Platform.WEB);
    expect(world.gateway.disconnects).toMatchObject([{ connectionId: oldest.connectionId, code: 4501 }]);
  });

  it('lets a user in although the old node is dead', async () => {
    const { sessions, nodeId } = world.test.platform;
    const first = await world.login({ userId: 'alice' });
    world.gateway.failure = new Error('this node hangs');
    const second = await world.login({ userId: 'alice' });
    expect(await sessions.sessionsOf(APP, 'alice' as UserId)).toMatchObject([
      { connectionId: second.connectionId, nodeId: nodeId as NodeId },
    ]);
    const warnings = world.test.logged.at('warn').map((line) => line.event);
    expect(warnings).toContain('parley.auth.displaced_connection.unreachable');
    expect(world.gateway.isConnected(first.connectionId)).toBe(true);
    world.test.logged.takeErrors();
  });
});

describe('Logout', () => {
  it('ends the login of the calling connection only', async () => {
    const web = await world.login({ userId: 'alice' });
    const mac = await world.login({ userId: 'alice', platform: Platform.MAC });
    await world.auth.logout({}, user('alice', web.connectionId));
    await world.auth.logout({}, user('alice', web.connectionId));
    expect(await world.sessionsOf('alice')).toEqual([mac.connectionId]);
  });
});

describe('Kick', () => {
  it('ends every login and refuses the UserSigs issued so far, also over a restart', async () => {
    const sig = world.sign('alice');
    const web = await world.login({ userId: 'alice', userSig: sig });
    const mac = await world.login({ userId: 'alice', platform: Platform.MAC });
    expect(await codeOf(world.verify('alice', sig))).toBe(0);
    await world.auth.kick({ userId: 'alice' }, admin);

    expect(new Set(world.gateway.disconnects.map((one) => `${one.connectionId} ${one.code}`))).toEqual(
      new Set([`${web.connectionId} 4504`, `${mac.connectionId} 4504`]),
    );
    expect(await world.sessionsOf('alice')).toEqual([]);
    expect(await codeOf(world.verify('alice', sig))).toBe(ErrorCode.USER_SIG_INVALIDATED);
    expect(await codeOf(world.login({ userId: 'alice', userSig: sig }))).toBe(ErrorCode.USER_SIG_INVALIDATED);
    await world.restart();
    expect(await codeOf(world.login({ userId: 'alice', userSig: sig }))).toBe(ErrorCode.USER_SIG_INVALIDATED);
    world.clock.advance(1_000);
    expect(await codeOf(world.login({ userId: 'alice', userSig: world.sign('alice') }))).toBe(0);
  });

  it('answers only when a UserSig issued now is valid', async () => {
    const real = await AuthWorld.open();
    await real.importUsers('alice');
    const startedAt = performance.now();
    await real.auth.kick({ userId: 'alice' }, admin);
    // The clock stands 10 ms before the next second.
    expect(performance.now() - startedAt).toBeGreaterThan(8);
    await real.close();
  });

  it.each([
    ['an unknown account', 'nobody', ErrorCode.ACCOUNT_NOT_FOUND],
    ['a malformed UserID', 'ü', ErrorCode.ACCOUNT_BAD_PARAMETER],
    ['no UserID', '', ErrorCode.ACCOUNT_BAD_PARAMETER],
  ])('refuses %s', async (_, userId, code) => {
    expect(await codeOf(world.auth.kick({ userId }, admin))).toBe(code);
  });

  it.each<[string, (world: AuthWorld) => Promise<unknown>, ErrorCode]>([
    ['a kick', (w) => w.auth.kick({ userId: 'alice' }, admin), ErrorCode.USER_SIG_INVALIDATED],
    [
      'a deletion',
      (w) => w.auth.deleteAccounts({ userIds: ['alice'] }, admin),
      ErrorCode.USER_SIG_INVALIDATED,
    ],
  ])('leaves no session to a login that %s overtakes', async (_, act, code) => {
    await world.importUsers('alice');
    const { sessions } = world.test.platform;
    const register = sessions.register.bind(sessions);
    // The login has read the account and is about to register when the other act runs, whole.
    sessions.register = async (...session) => {
      await act(world);
      await register(...session);
    };
    expect(await codeOf(world.login({ userId: 'alice' }))).toBe(code);
    expect(await world.sessionsOf('alice')).toEqual([]);
  });
});

describe('QueryOnlineStatus', () => {
  it('tells platforms of live sessions, 70107 for unknown accounts', async () => {
    await world.importUsers('bob');
    await world.login({ userId: 'alice' });
    await world.login({ userId: 'alice', platform: Platform.IPHONE });
    const { ONLINE, OFFLINE } = authv1.OnlineStatus;
    const users = await statusOf('alice', 'bob', 'nobody');
    expect(users.map(({ userId, status, code }) => [userId, status, code])).toEqual([
      ['alice', ONLINE, 0],
      ['bob', OFFLINE, 0],
      ['nobody', 0, ErrorCode.ACCOUNT_NOT_FOUND],
    ]);
    expect(new Set(users[0]?.devices.map((device) => device.platform))).toEqual(
      new Set([Platform.WEB, Platform.IPHONE]),
    );
    expect(users[1]?.devices).toEqual([]);
  });

  it.each([0, 501])('refuses %i accounts at once', async (count) => {
    const userIds = Array.from({ length: count }, (_, i) => `u${i}`);
    expect(await codeOf(world.auth.queryOnlineStatus({ userIds }, admin))).toBe(ErrorCode.ACCOUNT_BATCH_SIZE);
  });
});
