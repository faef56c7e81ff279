// The account commands: every field, limit, item result and refusal.
import { ChatError, ErrorCode } from '@parley/kernel';
import { authv1, contextv1 } from '@parley/proto';
import { type RefusalRow, World } from './harness.js';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const importedAccounts = (): readonly authv1.AccountImport[] =>
  world.callsOf('ImportAccounts').flatMap((call) => call.request.accounts as authv1.AccountImport[]);

/** The refusals that the service decides, as it words them. */
const refusing = (code: ErrorCode, info: string) => async (): Promise<never> => {
  throw new ChatError(code, info);
};

const profileChanges = () => world.callsOf('UpdateProfile').map(({ request }) => request);

const expectRefusal = async (command: string, body: unknown, code: number) => {
  const answer = await world.call(command, body);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).not.toBe('');
};

describe('v4/im_open_login_svc/account_import [parity: rest v4/im_open_login_svc/account_import]', () => {
  const PATH = 'im_open_login_svc/account_import';
  beforeEach(() => {
    world.auth.importAccounts = async () => ({ failed: [] });
    world.profiles.updateProfile = async () => ({});
  });

  it('imports an account with nickname and photo', async () => {
    const { body } = await world.call(PATH, { UserID: 'alice', Nick: 'Alice', FaceUrl: 'https://a/b.png' });
    expect(body).toEqual(OK);
    expect(importedAccounts()).toMatchObject([{ userId: 'alice' }]);
    expect(profileChanges()).toMatchObject([
      {
        userId: 'alice',
        items: [
          { tag: 'Tag_Profile_IM_Nick', value: { value: 'Alice' } },
          { tag: 'Tag_Profile_IM_Image', value: { value: 'https://a/b.png' } },
        ],
      },
    ]);
  });

  it('tells an absent nickname from an empty one', async () => {
    await world.call(PATH, { UserID: 'alice', FaceUrl: '' });
    expect(profileChanges()).toMatchObject([
      { userId: 'alice', items: [{ tag: 'Tag_Profile_IM_Image', value: { value: '' } }] },
    ]);
  });

  it('takes names and photos of exactly 500 bytes', async () => {
    const { body } = await world.call(PATH, {
      UserID: 'a'.repeat(32),
      Nick: 'n'.repeat(500),
      FaceUrl: 'é'.repeat(250),
    });
    expect(body).toEqual(OK);
  });

  it.each<RefusalRow>([
    ['no UserID', {}, 70402],
    ['an empty UserID', { UserID: '' }, 70402],
    ['a UserID of 33 bytes', { UserID: 'a'.repeat(33) }, 70402],
    ['a UserID outside ASCII', { UserID: 'zoë' }, 70402],
    ['a UserID that is a number', { UserID: 42 }, 60015],
    ['a UserID that is an array', { UserID: ['alice'] }, 60015],
    ['a Nick that is a number', { UserID: 'alice', Nick: 1 }, 70402],
    ['a FaceUrl that is an object', { UserID: 'alice', FaceUrl: {} }, 70402],
    ['a Nick of 501 bytes', { UserID: 'alice', Nick: `${'é'.repeat(250)}a` }, 40601],
    ['a FaceUrl of 501 bytes', { UserID: 'alice', FaceUrl: 'a'.repeat(501) }, 40601],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('ImportAccounts')).toEqual([]);
  });

  it.each([70399, 70402, 40006])('answers what the service says of the account: %d', async (code) => {
    world.auth.importAccounts = async () => ({
      failed: [{ userId: 'alice', code, info: 'says the service' }],
    });
    const { body } = await world.call(PATH, { UserID: 'alice' });
    expect(body).toEqual({ ActionStatus: 'FAIL', ErrorInfo: 'says the service', ErrorCode: code });
  });
});

describe('v4/im_open_login_svc/multiaccount_import [parity: rest v4/im_open_login_svc/multiaccount_import]', () => {
  const PATH = 'im_open_login_svc/multiaccount_import';
  beforeEach(() => {
    world.auth.importAccounts = async () => ({ failed: [] });
    world.profiles.updateProfile = async () => ({});
  });

  it('imports a list of UserIDs', async () => {
    const ids = many(100, (index) => `user${index}`);
    expect((await world.call(PATH, { Accounts: ids })).body).toEqual(OK);
    const accounts = importedAccounts();
    expect(accounts.map(({ userId }) => userId)).toEqual(ids);
    expect(profileChanges()).toEqual([]);
  });

  it('imports a list of accounts with profiles', async () => {
    const list = [
      { UserID: 'alice', Nick: 'Alice' },
      { UserID: 'bob', FaceUrl: 'https://b' },
      { UserID: 'carol' },
    ];
    expect((await world.call(PATH, { AccountList: list })).body).toEqual(OK);
    expect(importedAccounts().map(({ userId }) => userId)).toEqual(['alice', 'bob', 'carol']);
    expect(profileChanges()).toMatchObject([
      { userId: 'alice', items: [{ tag: 'Tag_Profile_IM_Nick', value: { value: 'Alice' } }] },
      { userId: 'bob', items: [{ tag: 'Tag_Profile_IM_Image', value: { value: 'https://b' } }] },
    ]);
  });

  it('names the accounts that failed, and imports the others', async () => {
    world.auth.importAccounts = async () => ({ failed: [{ userId: 'gone', code: 70399, info: 'deleted' }] });
    const { body } = await world.call(PATH, { Accounts: ['alice', 'gone', 'a'.repeat(33), '', 'alice'] });
    expect(body).toEqual({ ...OK, FailAccounts: ['gone', 'a'.repeat(33), ''] });
    const accounts = importedAccounts();
    expect(accounts.map(({ userId }) => userId)).toEqual(['alice', 'gone']);
  });

  it('does not ask the service about nothing', async () => {
    const { body } = await world.call(PATH, { AccountList: [{ UserID: 'alice', Nick: 'n'.repeat(501) }] });
    expect(body).toEqual({ ...OK, FailAccounts: ['alice'] });
    expect(world.callsOf('ImportAccounts')).toEqual([]);
  });

  it.each<RefusalRow>([
    ['neither form', {}, 70402],
    ['both forms', { Accounts: ['a'], AccountList: [{ UserID: 'a' }] }, 70402],
    ['Accounts that are no array', { Accounts: 'alice' }, 70402],
    ['AccountList that is no array', { AccountList: { UserID: 'alice' } }, 70402],
    ['no Accounts', { Accounts: [] }, 70206],
    ['101 Accounts', { Accounts: many(101, (index) => `u${index}`) }, 70206],
    ['an empty AccountList', { AccountList: [] }, 70206],
    ['an AccountList of 101', { AccountList: many(101, (index) => ({ UserID: `u${index}` })) }, 70206],
    ['a number among Accounts', { Accounts: ['alice', 1] }, 60015],
    ['a string in AccountList', { AccountList: ['alice'] }, 70402],
    ['an item without UserID', { AccountList: [{ Nick: 'a' }] }, 70402],
    ['an item whose UserID is a number', { AccountList: [{ UserID: 1 }] }, 60015],
    ['an item whose Nick is a number', { AccountList: [{ UserID: 'a', Nick: 1 }] }, 70402],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('ImportAccounts')).toEqual([]);
  });
});

describe('v4/im_open_login_svc/account_delete [parity: rest v4/im_open_login_svc/account_delete]', () => {
  const PATH = 'im_open_login_svc/account_delete';
  const NOT_EXIST = 'Err_TLS_PT_Open_Login_Account_Not_Exist';

  it('answers a result for every item, in the order asked', async () => {
    world.auth.deleteAccounts = async ({ userIds }) => ({
      results: userIds.map((userId) =>
        userId === 'alice' ? { userId, code: 0, info: '' } : { userId, code: 70107, info: 'gone' },
      ),
    });
    const items = [
      { UserID: 'nobody' },
      { UserID: 'alice' },
      { UserID: 'x'.repeat(40) },
      { UserID: 'alice' },
    ];
    expect((await world.call(PATH, { DeleteItem: items })).body).toEqual({
      ...OK,
      ResultItem: [
        { ResultCode: 70107, ResultInfo: NOT_EXIST, UserID: 'nobody' },
        { ResultCode: 0, ResultInfo: '', UserID: 'alice' },
        { ResultCode: 70107, ResultInfo: NOT_EXIST, UserID: 'x'.repeat(40) },
        { ResultCode: 0, ResultInfo: '', UserID: 'alice' },
      ],
    });
    expect(world.callsOf('DeleteAccounts')[0]?.request.userIds).toEqual(['nobody', 'alice']);
  });

  it.each<RefusalRow>([
    ['no DeleteItem', {}, 70402],
    ['a DeleteItem that is no array', { DeleteItem: 'alice' }, 70402],
    ['an empty DeleteItem', { DeleteItem: [] }, 70402],
    ['101 items', { DeleteItem: many(101, (index) => ({ UserID: `u${index}` })) }, 70402],
    ['an item that is a string', { DeleteItem: ['alice'] }, 70402],
    ['an item without UserID', { DeleteItem: [{}] }, 70402],
    ['an item whose UserID is a number', { DeleteItem: [{ UserID: 7 }] }, 60015],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('DeleteAccounts')).toEqual([]);
  });

  it('answers 71000 when the app does not allow it', async () => {
    world.auth.deleteAccounts = refusing(ErrorCode.ACCOUNT_DELETION_OFF, 'not allowed');
    await expectRefusal(PATH, { DeleteItem: [{ UserID: 'alice' }] }, 71000);
  });
});

describe('v4/im_open_login_svc/account_check [parity: rest v4/im_open_login_svc/account_check]', () => {
  const PATH = 'im_open_login_svc/account_check';

  it('says which accounts exist, in the order asked', async () => {
    world.auth.checkAccounts = async ({ userIds }) => ({
      accounts: userIds.map((userId) => ({
        userId,
        isImported: userId === 'alice',
        isDeleted: userId === 'gone',
      })),
    });
    const ids = ['gone', 'alice', 'nobody', 'x'.repeat(33), ''];
    const status = (UserID: string, AccountStatus: string) => ({
      UserID,
      ResultCode: 0,
      ResultInfo: '',
      AccountStatus,
    });
    expect((await world.call(PATH, { CheckItem: ids.map((UserID) => ({ UserID })) })).body).toEqual({
      ...OK,
      ResultItem: ids.map((id) => status(id, id === 'alice' ? 'Imported' : 'NotImported')),
    });
  });

  it.each<RefusalRow>([
    ['no CheckItem', {}, 70402],
    ['a CheckItem that is no array', { CheckItem: {} }, 70402],
    ['an empty CheckItem', { CheckItem: [] }, 70402],
    ['101 items', { CheckItem: many(101, (index) => ({ UserID: `u${index}` })) }, 70402],
    ['an item that is null', { CheckItem: [null] }, 70402],
    ['an item without UserID', { CheckItem: [{ UserId: 'alice' }] }, 70402],
    ['an item whose UserID is a number', { CheckItem: [{ UserID: 7 }] }, 60015],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('CheckAccounts')).toEqual([]);
  });
});

describe('v4/im_open_login_svc/kick [parity: rest v4/im_open_login_svc/kick]', () => {
  const PATH = 'im_open_login_svc/kick';

  it('invalidates one login state', async () => {
    world.auth.kick = async () => ({});
    expect((await world.call(PATH, { UserID: 'alice' })).body).toEqual(OK);
    expect(world.callsOf('Kick')[0]?.request).toEqual({ userId: 'alice' });
  });

  it.each<RefusalRow>([
    ['no UserID', {}, 70402],
    ['an empty UserID', { UserID: '' }, 70402],
    ['a UserID of 33 bytes', { UserID: 'a'.repeat(33) }, 70402],
    ['a UserID that is a number', { UserID: 1 }, 60015],
    ['several UserIDs', { UserID: ['alice', 'bob'] }, 60015],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('Kick')).toEqual([]);
  });

  it('answers 70107 for an unknown account', async () => {
    world.auth.kick = refusing(ErrorCode.ACCOUNT_NOT_FOUND, 'no such account');
    await expectRefusal(PATH, { UserID: 'nobody' }, 70107);
  });
});

const { ONLINE, PUSH_ONLINE, OFFLINE, UNSPECIFIED } = authv1.OnlineStatus;
const { Platform } = contextv1;
const STATUSES: Record<
  string,
  { status: authv1.OnlineStatus; devices: [contextv1.Platform, authv1.OnlineStatus][] }
> = {
  alice: {
    status: ONLINE,
    devices: [
      [Platform.WEB, ONLINE],
      [Platform.ANDROID, PUSH_ONLINE],
      [Platform.IPHONE, OFFLINE],
      [Platform.WINDOWS, ONLINE],
      [Platform.MAC, ONLINE],
      [Platform.IPAD, ONLINE],
      [Platform.LINUX, ONLINE],
    ],
  },
  bob: { status: OFFLINE, devices: [] },
  carol: { status: PUSH_ONLINE, devices: [[Platform.IPHONE, PUSH_ONLINE]] },
};

const scriptStatuses = () => {
  world.auth.queryOnlineStatus = async ({ userIds }) => ({
    users: userIds.map((userId) => {
      const known = STATUSES[userId];
      if (known === undefined) return { userId, status: UNSPECIFIED, devices: [], code: 70107 };
      return {
        userId,
        status: known.status,
        devices: known.devices.map(([platform, status]) => ({ platform, status })),
        code: 0,
      };
    }),
  });
};

describe('v4/openim/query_online_status [parity: rest v4/openim/query_online_status]', () => {
  const PATH = 'openim/query_online_status';
  beforeEach(scriptStatuses);

  it('says who is online, reachable by push, or gone', async () => {
    expect((await world.call(PATH, { To_Account: ['alice', 'bob', 'carol'] })).body).toEqual({
      ...OK,
      QueryResult: [
        { To_Account: 'alice', Status: 'Online', State: 'Online' },
        { To_Account: 'bob', Status: 'Offline', State: 'Offline' },
        { To_Account: 'carol', Status: 'PushOnline', State: 'PushOnline' },
      ],
    });
  });

  it('lists devices when asked, but not of those who are offline', async () => {
    const { body } = await world.call(PATH, { To_Account: ['alice', 'bob', 'carol'], IsNeedDetail: 1 });
    const results = body.QueryResult as { Detail?: unknown }[];
    expect(results.map(({ Detail }) => Detail)).toEqual([
      [
        { Platform: 'Web', Status: 'Online' },
        { Platform: 'Android', Status: 'PushOnline' },
        { Platform: 'PC', Status: 'Online' },
        { Platform: 'Mac', Status: 'Online' },
        { Platform: 'iPad', Status: 'Online' },
        { Platform: 'PC', Status: 'Online' },
      ],
      undefined,
      [{ Platform: 'iPhone', Status: 'PushOnline' }],
    ]);
  });

  it('lists those who do not exist, and succeeds for the others', async () => {
    const { body } = await world.call(PATH, { To_Account: ['nobody', 'bob', 'x'.repeat(33)] });
    expect(body).toMatchObject({
      ...OK,
      QueryResult: [{ To_Account: 'bob' }],
      ErrorList: [
        { To_Account: 'nobody', ErrorCode: 70107 },
        { To_Account: 'x'.repeat(33), ErrorCode: 70107 },
      ],
    });
  });

  it('fails with 70107 when nobody exists', async () => {
    const { body } = await world.call(PATH, { To_Account: ['nobody'] });
    expect(body).toMatchObject({
      ActionStatus: 'FAIL',
      ErrorCode: 70107,
      QueryResult: [],
      ErrorList: [{ To_Account: 'nobody', ErrorCode: 70107 }],
    });
  });

  it('takes 500 users', async () => {
    await world.call(PATH, { To_Account: many(500, (index) => `u${index}`) });
    expect(world.callsOf('QueryOnlineStatus')[0]?.request.userIds).toHaveLength(500);
  });

  it.each<RefusalRow>([
    ['no To_Account', {}, 90003],
    ['a To_Account that is a string', { To_Account: 'alice' }, 90003],
    ['an empty To_Account', { To_Account: [] }, 90001],
    ['501 users', { To_Account: many(501, (index) => `u${index}`) }, 90011],
    ['a number in To_Account', { To_Account: ['alice', 1] }, 90003],
    ['an IsNeedDetail that is a string', { To_Account: ['alice'], IsNeedDetail: '1' }, 90001],
    ['an IsNeedDetail of 2', { To_Account: ['alice'], IsNeedDetail: 2 }, 90001],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(PATH, body, code);
    expect(world.callsOf('QueryOnlineStatus')).toEqual([]);
  });
});

describe('v4/openim/querystate [parity: alias v4/openim/querystate]', () => {
  const PATH = 'openim/querystate';
  beforeEach(scriptStatuses);

  it('answers as query_online_status does, with State and without ErrorList', async () => {
    const { body } = await world.call(PATH, { To_Account: ['alice', 'nobody'] });
    expect(body).toMatchObject({ ...OK, QueryResult: [{ To_Account: 'alice', State: 'Online' }] });
    expect(body).not.toHaveProperty('ErrorList');
  });

  it('fails when nobody exists', async () => {
    await expectRefusal(PATH, { To_Account: ['nobody'] }, 70107);
  });
});
