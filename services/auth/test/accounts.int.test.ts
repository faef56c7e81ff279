import { ErrorCode } from '@parley/kernel';
import { APP, AuthWorld, admin, codeOf, KEY, OTHER_APP, operator, user } from './world.js';

const DAY_MS = 86_400_000;
let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open();
});
afterEach(() => world.close());

const stateOf = async (...userIds: string[]) =>
  (await world.auth.checkAccounts({ userIds }, admin)).accounts.map((account) =>
    account.isImported ? 'imported' : account.isDeleted ? 'deleted' : 'unknown',
  );

describe('ImportAccounts', () => {
  it('creates accounts, is idempotent, and does not mix apps', async () => {
    expect((await world.importUsers('alice', 'bob')).failed).toEqual([]);
    expect((await world.importUsers('alice')).failed).toEqual([]);
    expect(await stateOf('alice', 'bob', 'Alice')).toEqual(['imported', 'imported', 'unknown']);
    await world.apps.createApp({ appId: OTHER_APP, name: 'other' }, operator);
    const elsewhere = await world.auth.checkAccounts({ userIds: ['alice'] }, { ...admin, appId: OTHER_APP });
    expect(elsewhere.accounts[0]?.isImported).toBe(false);
  });

  it('answers per account what failed', async () => {
    const { failed } = await world.auth.importAccounts(
      {
        accounts: [
          { userId: 'good' },
          { userId: '' },
          { userId: 'a'.repeat(33) },
          { userId: 'ümlaut' },
          { userId: '@TGS#group' },
          { userId: '@TIM#SYSTEM' },
          { userId: 'longnick', nick: 'ü'.repeat(251) },
          { userId: 'longface', faceUrl: 'x'.repeat(501) },
          { userId: 'fits', nick: 'ü'.repeat(250), faceUrl: 'x'.repeat(500) },
        ],
      },
      admin,
    );
    expect(failed.map((failure) => [failure.userId, failure.code])).toEqual([
      ['', ErrorCode.ACCOUNT_BAD_PARAMETER],
      ['a'.repeat(33), ErrorCode.ACCOUNT_BAD_PARAMETER],
      ['ümlaut', ErrorCode.ACCOUNT_BAD_PARAMETER],
      ['@TGS#group', ErrorCode.ACCOUNT_BAD_PARAMETER],
      ['@TIM#SYSTEM', ErrorCode.ACCOUNT_BAD_PARAMETER],
      ['longnick', ErrorCode.PROFILE_VALUE_TOO_LONG],
      ['longface', ErrorCode.PROFILE_VALUE_TOO_LONG],
    ]);
    expect(await stateOf('good', 'fits')).toEqual(['imported', 'imported']);
  });

  it.each([0, 101])('refuses %i accounts at once', async (count) => {
    const accounts = Array.from({ length: count }, (_, i) => ({ userId: `u${i}` }));
    expect(await codeOf(world.auth.importAccounts({ accounts }, admin))).toBe(ErrorCode.ACCOUNT_BATCH_SIZE);
  });

  it('takes a hundred at once, also the same twice at the same time', async () => {
    const userIds = Array.from({ length: 100 }, (_, i) => `u${i % 60}`);
    const answers = await Promise.all([world.importUsers(...userIds), world.importUsers(...userIds)]);
    expect(answers.flatMap((answer) => answer.failed)).toEqual([]);
  });

  it('tells the platform what changed, and only that', async () => {
    const notices: string[] = [];
    const subscription = await world.test.platform.coordination.subscribe('auth:changed', (notice) => {
      notices.push(notice);
    });
    await world.importUsers('a b');
    await world.importUsers('a b');
    await world.auth.importAccounts({ accounts: [{ userId: 'a b', nick: 'Ab' }] }, admin);
    await world.auth.deleteAccounts({ userIds: ['a b', 'nobody'] }, admin);
    await world.apps.rotateAppKey({ appId: APP, overlapS: 60 }, operator);
    expect(notices).toEqual([`${APP} a b`, `${APP} a b`, `${APP} a b`, `${APP}`]);
    await subscription.close();
  });
});

describe('DeleteAccounts', () => {
  it('deletes, ends the logins, and answers 70107 for unknown accounts', async () => {
    const { connectionId } = await world.login({ userId: 'alice' });
    const sig = world.sign('alice');
    const { results } = await world.auth.deleteAccounts({ userIds: ['alice', 'nobody', 'ü'] }, admin);
    expect(results.map((result) => [result.userId, result.code, result.info])).toEqual([
      ['alice', 0, ''],
      ['nobody', 70107, 'Err_TLS_PT_Open_Login_Account_Not_Exist'],
      ['ü', 70107, 'Err_TLS_PT_Open_Login_Account_Not_Exist'],
    ]);
    expect(await stateOf('alice')).toEqual(['deleted']);
    expect(world.gateway.disconnects).toMatchObject([{ connectionId, code: 4504 }]);
    expect(await world.sessionsOf('alice')).toEqual([]);
    expect(await codeOf(world.verify('alice', sig))).toBe(ErrorCode.USER_SIG_INVALIDATED);
  });

  it('answers 70107 the second time, but success to a retry of the first', async () => {
    await world.importUsers('alice');
    const remove = async (attempt: number) =>
      (await world.auth.deleteAccounts({ userIds: ['alice'] }, { ...admin, attempt })).results[0]?.code;
    expect(await remove(0)).toBe(0);
    expect(await remove(1)).toBe(0);
    expect(await remove(0)).toBe(ErrorCode.ACCOUNT_NOT_FOUND);
    world.clock.advance(120_000);
    expect(await remove(1)).toBe(ErrorCode.ACCOUNT_NOT_FOUND);
  });

  it('locks the UserID for 90 days', async () => {
    await world.importUsers('alice');
    await world.auth.deleteAccounts({ userIds: ['alice'] }, admin);
    const reimport = async () => (await world.importUsers('alice')).failed.map((failure) => failure.code);
    expect(await reimport()).toEqual([ErrorCode.ACCOUNT_DELETED_RECENTLY]);
    world.clock.advance(1_000);
    expect(await codeOf(world.login({ userId: 'alice' }))).toBe(ErrorCode.ACCOUNT_DELETED_RECENTLY);
    world.clock.advance(90 * DAY_MS);
    expect(await reimport()).toEqual([]);
    expect(await stateOf('alice')).toEqual(['imported']);
  });

  it.each([0, 101])('refuses %i accounts at once', async (count) => {
    const userIds = Array.from({ length: count }, (_, i) => `u${i}`);
    expect(await codeOf(world.auth.deleteAccounts({ userIds }, admin))).toBe(ErrorCode.ACCOUNT_BATCH_SIZE);
  });
});

describe('the lock of deleted UserIDs', () => {
  it('can be switched off', async () => {
    const unlocked = await AuthWorld.open({ deletedAccountLockDays: 0 });
    await unlocked.importUsers('alice');
    await unlocked.auth.deleteAccounts({ userIds: ['alice'] }, admin);
    expect((await unlocked.importUsers('alice')).failed).toEqual([]);
    await unlocked.close();
  });
});

describe('CheckAccounts', () => {
  it('answers in the order asked, malformed ones as unknown, repeated ones twice', async () => {
    await world.importUsers('alice');
    expect(await stateOf('ü', 'alice', 'nobody', 'alice')).toEqual([
      'unknown',
      'imported',
      'unknown',
      'imported',
    ]);
  });

  it.each([0, 501])('refuses %i accounts at once', async (count) => {
    const userIds = Array.from({ length: count }, (_, i) => `u${i}`);
    expect(await codeOf(world.auth.checkAccounts({ userIds }, admin))).toBe(ErrorCode.ACCOUNT_BATCH_SIZE);
  });
});

describe('every admin act', () => {
  it('is refused to users', async () => {
    const { connectionId } = await world.login({ userId: 'alice' });
    const alice = user('alice', connectionId);
    const codes = await Promise.all([
      codeOf(world.auth.importAccounts({ accounts: [{ userId: 'x' }] }, alice)),
      codeOf(world.auth.deleteAccounts({ userIds: ['bob'] }, alice)),
      codeOf(world.auth.checkAccounts({ userIds: ['bob'] }, alice)),
      codeOf(world.auth.kick({ userId: 'bob' }, alice)),
      codeOf(world.auth.queryOnlineStatus({ userIds: ['bob'] }, alice)),
    ]);
    expect(codes).toEqual(Array(5).fill(ErrorCode.IDENTITY_CHECK_FAILED));
  });

  it('leaves an audit line', async () => {
    await world.importUsers('alice', 'ü');
    await world.auth.kick({ userId: 'alice' }, admin);
    await world.auth.deleteAccounts({ userIds: ['alice', 'nobody'] }, admin);
    expect(
      world.auditLines().map(({ event, fields: { appId, actor, userId, userIds, failed } }) => ({
        event,
        appId,
        actor,
        ...(userId ? { userId } : { userIds, failed }),
      })),
    ).toEqual([
      {
        event: 'parley.auth.accounts.imported',
        appId: APP,
        actor: 'administrator',
        userIds: ['alice', 'ü'],
        failed: 1,
      },
      { event: 'parley.auth.account.kicked', appId: APP, actor: 'administrator', userId: 'alice' },
      {
        event: 'parley.auth.accounts.deleted',
        appId: APP,
        actor: 'administrator',
        userIds: ['alice', 'nobody'],
        failed: 1,
      },
    ]);
    expect(JSON.stringify(world.test.logged.lines)).not.toContain(KEY);
  });
});
