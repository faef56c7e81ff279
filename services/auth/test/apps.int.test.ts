// Settings and keys of apps that change while people log in.
import { generateKeyPairSync } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import { createEcdsaUserSig, createUserSig } from '@parley/usersig';
import fc from 'fast-check';
import { appKeys, apps } from '../src/tables.js';
import { APP, AuthWorld, admin, codeOf, KEY, OTHER_APP, operator, service } from './world.js';

let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open();
});
afterEach(() => world.close());

describe('ChangeApp', () => {
  it('changes what is given, keeps the rest, and leaves an audit line', async () => {
    const changed = await world.apps.changeApp({ appId: APP, webInstancesMax: 3, name: 'shop' }, operator);
    expect(changed.app).toMatchObject({
      name: 'shop',
      admins: ['administrator'],
      settings: {
        loginPolicy: authv1.LoginPolicy.DUAL,
        webInstancesMax: 3,
        nativeDevicesMax: 1,
        requiresImport: false,
      },
    });
    await world.apps.changeApp({ appId: APP, requiresImport: true, admins: ['boss'] }, operator);
    await world.restart();
    const listed = await world.apps.listApps({}, operator);
    expect(listed.apps[0]).toMatchObject({
      name: 'shop',
      admins: ['boss'],
      settings: { webInstancesMax: 3, requiresImport: true },
    });
    // Who is no admin any more can be deleted.
    const { results } = await world.auth.deleteAccounts({ userIds: ['administrator', 'boss'] }, admin);
    expect(results.map(({ code }) => code)).toEqual([0, ErrorCode.ACCOUNT_BAD_PARAMETER]);
  });

  it('is in force for the next login, and leaves those that are live', async () => {
    const first = await world.login({ userId: 'alice' });
    await world.apps.changeApp({ appId: APP, webInstancesMax: 2 }, operator);
    const second = await world.login({ userId: 'alice' });
    expect(await world.sessionsOf('alice')).toEqual([first.connectionId, second.connectionId].sort());
    await world.apps.changeApp(
      { appId: APP, webInstancesMax: 1, loginPolicy: authv1.LoginPolicy.SINGLE },
      operator,
    );
    expect(await world.sessionsOf('alice')).toHaveLength(2);
    const third = await world.login({ userId: 'alice', platform: Platform.IPHONE });
    expect(await world.sessionsOf('alice')).toEqual([third.connectionId]);
  });

  it('is in force after half a minute where another process made it and the notice was lost', async () => {
    await world.login({ userId: 'alice' });
    const { tables } = world.test.platform;
    const key = { scope: 'all', app_id: APP };
    const row = await tables.get(apps, key);
    const settings = create(authv1.AppSettingsSchema, {
      loginPolicy: authv1.LoginPolicy.DUAL,
      webInstancesMax: 2,
    });
    const changed = row && { ...row, settings: toBinary(authv1.AppSettingsSchema, settings) };
    await tables.compareAndSet(apps, key, row, changed);
    world.clock.advance(29_000);
    await world.login({ userId: 'alice' });
    expect(await world.sessionsOf('alice')).toHaveLength(1);
    world.clock.advance(1_001);
    await world.login({ userId: 'alice' });
    expect(await world.sessionsOf('alice')).toHaveLength(2);
  });

  it.each([
    ['an unknown policy', { loginPolicy: 9 }],
    ['no policy', { loginPolicy: 0 }],
    ['eleven web instances', { webInstancesMax: 11 }],
    ['no web instance', { webInstancesMax: 0 }],
    ['four devices', { nativeDevicesMax: 4 }],
    ['a malformed admin', { admins: ['ü'] }],
    ['too long a name', { name: 'x'.repeat(101) }],
  ])('refuses %s', async (_, change) => {
    expect(await codeOf(world.apps.changeApp({ appId: APP, ...change }, operator))).toBe(
      ErrorCode.ACCOUNT_BAD_PARAMETER,
    );
  });

  it('is for operators, of apps that exist', async () => {
    expect(await codeOf(world.apps.changeApp({ appId: OTHER_APP }, operator))).toBe(ErrorCode.APP_NOT_FOUND);
    for (const context of [admin, service]) {
      expect(await codeOf(world.apps.changeApp({ appId: APP }, context))).toBe(
        ErrorCode.IDENTITY_CHECK_FAILED,
      );
    }
  });
});

describe('BlockAccount', () => {
  it('ends the logins and answers 70051 until the account is let in again, also over a restart', async () => {
    const { connectionId } = await world.login({ userId: 'alice' });
    const sig = world.sign('alice');
    await world.apps.blockAccount({ appId: APP, userId: 'alice', blocked: true }, operator);
    expect(world.gateway.disconnects).toMatchObject([{ connectionId, code: 4504 }]);
    expect(await codeOf(world.verify('alice', sig))).toBe(ErrorCode.ACCOUNT_BLOCKED);
    await world.restart();
    expect(await codeOf(world.login({ userId: 'alice', userSig: sig }))).toBe(ErrorCode.ACCOUNT_BLOCKED);
    expect(await world.sessionsOf('alice')).toEqual([]);
    await world.apps.blockAccount({ appId: APP, userId: 'alice', blocked: false }, operator);
    expect(await codeOf(world.login({ userId: 'alice', userSig: sig }))).toBe(0);
    expect(world.auditLines().map(({ event, fields }) => [event, fields.userId])).toEqual([
      ['parley.auth.account.blocked', 'alice'],
      ['parley.auth.account.unblocked', 'alice'],
    ]);
  });

  it('refuses unknown and malformed accounts', async () => {
    const block = (userId: string) =>
      codeOf(world.apps.blockAccount({ appId: APP, userId, blocked: true }, operator));
    expect(await block('nobody')).toBe(ErrorCode.ACCOUNT_NOT_FOUND);
    expect(await block('ü')).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
  });
});

describe('keys of an app', () => {
  it('leave no moment in which neither the old nor the new one works', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('rotate' as const), overlapS: fc.constantFrom(0, 5, 60) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
      fc.constant({ kind: 'lose notices' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const own = await AuthWorld.open();
        const { coordination } = own.test.platform;
        const publish = coordination.publish.bind(coordination);
        const keys: { secret: string; endsAtMs: number }[] = [
          { secret: KEY, endsAtMs: Number.POSITIVE_INFINITY },
        ];
        for (const one of steps) {
          if (one.kind === 'lose notices') coordination.publish = async () => undefined;
          if (one.kind === 'wait') own.clock.advance(one.ms);
          if (one.kind === 'rotate') {
            const call = own.apps.rotateAppKey({ appId: APP, overlapS: one.overlapS }, operator);
            const secret = await call.then(
              ({ key }) => key?.secret,
              () => undefined, // eight keys are live: refused, and everything stays as it is
            );
            if (secret !== undefined) {
              const endsAtMs = own.clock.now() + one.overlapS * 1_000;
              for (const key of keys) key.endsAtMs = Math.min(key.endsAtMs, endsAtMs);
              keys.push({ secret, endsAtMs: Number.POSITIVE_INFINITY });
            }
          }
          for (const { secret, endsAtMs } of keys) {
            const code = await codeOf(own.verify('alice', own.sign('alice', { key: secret })));
            const wanted = own.clock.now() < endsAtMs ? 0 : ErrorCode.USER_SIG_WRONG_KEY;
            expect([code, ErrorCode.USER_SIG_TOO_MANY_FAILURES]).toContain(code);
            expect(code === 0).toBe(wanted === 0);
          }
        }
        coordination.publish = publish;
        await own.close();
      }),
      { numRuns: 12 },
    );
  });

  it('that another process made a moment ago are known although the notice was lost', async () => {
    expect(await codeOf(world.verify('alice', world.sign('alice')))).toBe(0);
    const { tables } = world.test.platform;
    const { key_id, ...rest } = {
      key_id: 'made-elsewhere',
      secret: 'elsewhere',
      created_at_ms: 1n,
      expires_at_ms: 0n,
    };
    await tables.put(appKeys, { app_id: APP, key_id, ...rest });
    const sign = () => world.sign('alice', { key: 'elsewhere' });
    expect(await codeOf(world.verify('alice', sign()))).toBe(0);
  });

  it('may be a public key beside a SecretKey: both schemes are accepted, each with its own', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const secret = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await world.apps.rotateAppKey({ appId: APP, overlapS: 3_600, secret }, operator);
    const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const facts = { sdkAppId: APP, userId: 'alice', expireSeconds: 60, nowSeconds: world.nowSeconds };
    const userbuf = Uint8Array.of(0, 1, 2, 255);
    expect(await codeOf(world.verify('alice', createEcdsaUserSig({ ...facts, key })))).toBe(0);
    expect(
      await codeOf(world.login({ userId: 'alice', userSig: createEcdsaUserSig({ ...facts, key, userbuf }) })),
    ).toBe(0);
    expect(await codeOf(world.verify('alice', createUserSig({ ...facts, key: KEY, userbuf })))).toBe(0);
    world.clock.advance(3_600_001);
    const later = { ...facts, nowSeconds: world.nowSeconds };
    expect(await codeOf(world.verify('alice', createUserSig({ ...later, key: KEY })))).toBe(
      ErrorCode.APP_KEY_MISSING,
    );
    expect(await codeOf(world.verify('alice', createEcdsaUserSig({ ...later, key })))).toBe(0);
  });

  it.each([
    [
      'a private key',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
          .privateKey.export({ type: 'sec1', format: 'pem' })
          .toString(),
    ],
    ['what only begins like a key', () => '-----BEGIN PUBLIC KEY-----\nnonsense'],
    ['too long a secret', () => 'x'.repeat(257)],
  ])('are never %s', async (_, secret) => {
    const call = world.apps.rotateAppKey({ appId: APP, secret: secret() }, operator);
    expect(await codeOf(call)).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
  });
});
