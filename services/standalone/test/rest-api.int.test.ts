// The REST door over the real services and engines: what the services say reaches
// the caller under the documented codes, and what was written can be read.
import { manifest as auth, authConfig } from '@parley/auth';
import type { AppId } from '@parley/kernel';
import { manifest as message } from '@parley/message';
import { manifest as profile } from '@parley/profile';
import { type RestApi, restApiManifest } from '@parley/rest-api';
import { createTestPlatform, type FakeGateway, type TestPlatform } from '@parley/testkit';
import { createUserSig } from '@parley/usersig';

const APP = authConfig.fields.bootstrapAppId.default as AppId;
const ADMIN = authConfig.fields.bootstrapAdmin.default;
const SECRET = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: TestPlatform;
let gateway: FakeGateway;
let api: RestApi;

beforeAll(async () => {
  world = await createTestPlatform();
  gateway = await world.startGateway();
  await world.startService(auth, { bootstrapAppKey: SECRET });
  await world.startService(message);
  await world.startService(profile);
  api = (await world.startService(restApiManifest, { port: 0, rateFactor: 0 })) as RestApi;
});
afterAll(() => world.close());

interface CallOptions {
  readonly identifier?: string;
  readonly secret?: string;
  /** Default: a new one. */
  readonly userSig?: string;
}

const signed = (identifier: string, key: string) =>
  createUserSig({ sdkAppId: APP, userId: identifier, key, expireSeconds: 3600 });

async function call(
  command: string,
  body: unknown,
  options: CallOptions = {},
): Promise<Record<string, unknown>> {
  const { identifier = ADMIN, secret = SECRET, userSig = signed(identifier, secret) } = options;
  const query = new URLSearchParams({
    sdkappid: String(APP),
    identifier,
    usersig: userSig,
    random: '1',
    contenttype: 'json',
  });
  const response = await fetch(`${api.url}/v4/${command}?${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

let users = 0;
/** Fresh accounts, so that the tests do not meet. */
async function newUsers(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => `user${users++}`);
  expect(await call('im_open_login_svc/multiaccount_import', { Accounts: ids })).toMatchObject(OK);
  return ids;
}

const textBody = (text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];
const custom = { MsgType: 'TIMCustomElem', MsgContent: { Data: 'd' } };

const send = (from: string, to: string, change: object = {}) =>
  call('openim/sendmsg', {
    From_Account: from,
    To_Account: to,
    MsgRandom: 1,
    MsgBody: textBody('hi'),
    SyncOtherMachine: 1,
    ...change,
  });

const history = async (operator: string, peer: string, change: object = {}) => {
  const range = { MaxCnt: 100, MinTime: 0, MaxTime: 4_000_000_000 };
  const answer = await call('openim/admin_getroammsg', {
    Operator_Account: operator,
    Peer_Account: peer,
    ...range,
    ...change,
  });
  expect(answer).toMatchObject(OK);
  return answer as {
    Complete: number;
    LastMsgKey: string;
    LastMsgTime: number;
    MsgList: Record<string, unknown>[];
  };
};

const textsOf = (messages: Record<string, unknown>[]) =>
  messages.map(({ MsgBody }) => (MsgBody as { MsgContent: { Text: string } }[])[0]?.MsgContent.Text);

describe('REST over the real services', () => {
  it('knows admins by their signature', async () => {
    const [alice = ''] = await newUsers(1);
    const kick = { UserID: alice };
    expect(await call('im_open_login_svc/kick', kick, { secret: 'another' })).toMatchObject({
      ErrorCode: 70009,
    });
    expect(await call('im_open_login_svc/kick', kick, { identifier: alice })).toMatchObject({
      ErrorCode: 60010,
    });
  });

  it('imports, checks and deletes accounts [parity: rest v4/im_open_login_svc/account_import, rest v4/im_open_login_svc/multiaccount_import, rest v4/im_open_login_svc/account_check, rest v4/im_open_login_svc/account_delete]', async () => {
    const [gone = '', kept = ''] = await newUsers(2);
    expect(await call('im_open_login_svc/account_import', { UserID: kept, Nick: 'K' })).toMatchObject(OK);
    const deleted = await call('im_open_login_svc/account_delete', {
      DeleteItem: [{ UserID: gone }, { UserID: 'nobody' }],
    });
    expect(deleted.ResultItem).toMatchObject([{ ResultCode: 0 }, { ResultCode: 70107 }]);
    const checked = await call('im_open_login_svc/account_check', {
      CheckItem: [{ UserID: gone }, { UserID: kept }, { UserID: 'nobody' }],
    });
    expect((checked.ResultItem as { AccountStatus: string }[]).map((item) => item.AccountStatus)).toEqual([
      'NotImported',
      'Imported',
      'NotImported',
    ]);
    expect(await call('im_open_login_svc/account_import', { UserID: gone })).toMatchObject({
      ErrorCode: 70399,
    });
    const again = await call('im_open_login_svc/multiaccount_import', { Accounts: [gone, kept] });
    expect(again).toMatchObject({ ...OK, FailAccounts: [gone] });
    expect(await send(kept, gone)).toMatchObject({ ErrorCode: 90012 });
  });

  it('kicks, and says who is online [parity: rest v4/im_open_login_svc/kick, rest v4/openim/query_online_status, alias v4/openim/querystate]', async () => {
    const [online = '', offline = ''] = await newUsers(2);
    const connection = await gateway.connect(APP, online);
    const query = { To_Account: [online, offline, 'nobody'], IsNeedDetail: 1 };
    const before = [
      {
        To_Account: online,
        Status: 'Online',
        State: 'Online',
        Detail: [{ Platform: 'Web', Status: 'Online' }],
      },
      { To_Account: offline, Status: 'Offline', State: 'Offline' },
    ];
    const errors = [{ To_Account: 'nobody', ErrorCode: 70107 }];
    const status = await call('openim/query_online_status', query);
    expect(status).toEqual({ ...OK, ErrorInfo: '', QueryResult: before, ErrorList: errors });
    expect((await call('openim/querystate', query)).QueryResult).toEqual(before);
    expect(await call('im_open_login_svc/kick', { UserID: online })).toMatchObject(OK);
    expect(gateway.isConnected(connection.connectionId)).toBe(false);
    expect(await call('im_open_login_svc/kick', { UserID: 'nobody' })).toMatchObject({ ErrorCode: 70107 });
  });

  it('sends once among retries, to devices and history [parity: rest v4/openim/sendmsg, rest v4/openim/admin_getroammsg]', async () => {
    const [alice = '', bob = ''] = await newUsers(2);
    const phone = await gateway.connect(APP, bob);
    const first = await send(alice, bob, { MsgSeq: 5, CloudCustomData: 'data' });
    expect(first).toMatchObject(OK);
    expect(await send(alice, bob, { MsgSeq: 5, CloudCustomData: 'data' })).toEqual(first);
    expect(await send(alice, bob, { MsgSeq: 6, MsgBody: textBody('again') })).toMatchObject(OK);
    const { MsgList } = await history(bob, alice);
    expect(textsOf(MsgList)).toEqual(['hi', 'again']);
    expect(MsgList[0]).toMatchObject({
      From_Account: alice,
      To_Account: bob,
      MsgSeq: 5,
      MsgRandom: 1,
      MsgKey: first.MsgKey,
      CloudCustomData: 'data',
    });
    expect(gateway.messagesTo(phone.connectionId)).toHaveLength(2);
  });

  it('pages from new to old', async () => {
    const [alice = '', bob = ''] = await newUsers(2);
    for (let index = 0; index < 5; index++)
      await send(alice, bob, { MsgSeq: index + 1, MsgBody: textBody(`m${index}`) });
    const newest = await history(alice, bob, { MaxCnt: 2 });
    expect([newest.Complete, textsOf(newest.MsgList)]).toEqual([0, ['m3', 'm4']]);
    const rest = await history(alice, bob, { LastMsgKey: newest.LastMsgKey, MaxTime: newest.LastMsgTime });
    expect([rest.Complete, textsOf(rest.MsgList)]).toEqual([1, ['m0', 'm1', 'm2']]);
  });

  it('hides from the sender what SyncOtherMachine 2 hides, and stores nothing that is online only', async () => {
    const [alice = '', bob = ''] = await newUsers(2);
    await send(alice, bob, { SyncOtherMachine: 2, MsgBody: textBody('hidden') });
    await send(alice, bob, { OnlineOnlyFlag: 1, MsgBody: textBody('now or never') });
    expect(textsOf((await history(bob, alice)).MsgList)).toEqual(['hidden']);
    expect(textsOf((await history(alice, bob)).MsgList)).toEqual([]);
  });

  it('counts and marks read [parity: rest v4/openim/get_c2c_unread_msg_num, rest v4/openim/admin_set_msg_read]', async () => {
    const [alice = '', bob = '', carol = ''] = await newUsers(3);
    await send(alice, bob);
    await send(alice, bob, { MsgBody: textBody('two') });
    await send(carol, bob);
    await send(carol, bob, { SendMsgControl: ['NoUnread'] });
    const unread = () => call('openim/get_c2c_unread_msg_num', { To_Account: bob });
    expect(await unread()).toEqual({ ...OK, ErrorInfo: '', AllC2CUnreadMsgNum: 3 });
    const byPeer = { To_Account: bob, Peer_Account: [alice, carol, 'nobody'] };
    expect(await call('openim/get_c2c_unread_msg_num', byPeer)).toMatchObject({
      C2CUnreadMsgNumList: [
        { Peer_Account: alice, C2CUnreadMsgNum: 2 },
        { Peer_Account: carol, C2CUnreadMsgNum: 1 },
      ],
      ErrorList: [{ Peer_Account: 'nobody' }],
    });
    const mark = { Report_Account: bob, Peer_Account: alice };
    expect(await call('openim/admin_set_msg_read', mark)).toMatchObject(OK);
    expect(await unread()).toMatchObject({ AllC2CUnreadMsgNum: 1 });
    expect((await history(alice, bob)).MsgList.map(({ IsPeerRead }) => IsPeerRead)).toEqual([1, 1]);
  });

  it('sends to many under one MsgKey and names those who do not exist [parity: rest v4/openim/batchsendmsg]', async () => {
    const [alice = '', ...others] = await newUsers(40);
    const batch = { From_Account: alice, MsgRandom: 9, MsgSeq: 9, MsgBody: textBody('all') };
    const sent = await call('openim/batchsendmsg', { ...batch, To_Account: [...others, 'nobody'] });
    expect(sent).toMatchObject({ ActionStatus: 'SomeError', ErrorCode: 0 });
    expect(sent.ErrorList).toEqual([{ To_Account: 'nobody', ErrorCode: 70107 }]);
    for (const other of [others[0] ?? '', others.at(-1) ?? '']) {
      expect(textsOf((await history(other, alice)).MsgList)).toEqual(['all']);
    }
    const nobody = await call('openim/batchsendmsg', { ...batch, To_Account: ['nobody'] });
    expect(nobody).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 90012 });
  });

  it('imports history with its time, once, read or live [parity: rest v4/openim/importmsg]', async () => {
    const [alice = '', bob = ''] = await newUsers(2);
    const old = {
      SyncFromOldSystem: 2,
      From_Account: alice,
      To_Account: bob,
      MsgRandom: 3,
      MsgTimeStamp: 1_500_000_000,
      MsgBody: textBody('old'),
    };
    expect(await call('openim/importmsg', old)).toMatchObject(OK);
    expect(await call('openim/importmsg', old)).toMatchObject(OK);
    const live = { ...old, SyncFromOldSystem: 5, MsgTimeStamp: 1_500_000_001, MsgBody: textBody('live') };
    expect(await call('openim/importmsg', live)).toMatchObject(OK);
    const { MsgList } = await history(bob, alice, { MaxTime: 1_500_000_009 });
    expect(textsOf(MsgList)).toEqual(['old', 'live']);
    expect(MsgList[0]).toMatchObject({ MsgTimeStamp: 1_500_000_000 });
    const unread = await call('openim/get_c2c_unread_msg_num', { To_Account: bob });
    expect(unread).toMatchObject({ AllC2CUnreadMsgNum: 1 });
  });

  it.each([
    ['an empty MsgBody', { MsgBody: [] }, 90002],
    ['an element that is a string', { MsgBody: ['hi'] }, 90002],
    ['an element without MsgType', { MsgBody: [{ MsgContent: {} }] }, 90002],
    ['an unknown MsgType', { MsgBody: [{ MsgType: 'TIMOther', MsgContent: {} }] }, 90010],
    ['a MsgContent that is a string', { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: 'hi' }] }, 90010],
    ['a Text that is a number', { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 1 } }] }, 90010],
    ['two custom elements', { MsgBody: [custom, custom] }, 90002],
    ['a sender who does not exist', { From_Account: 'nobody' }, 90008],
    ['a receiver who does not exist', { To_Account: 'nobody' }, 90012],
    ['12 KiB and more', { MsgBody: textBody('x'.repeat(12_288)) }, 93000],
  ])('sendmsg refuses %s', async (_what, change, code) => {
    const [alice = '', bob = ''] = await newUsers(2);
    expect(await send(alice, bob, change)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
    expect((await history(bob, alice)).MsgList).toEqual([]);
  });

  it.each([
    [
      'importmsg',
      'openim/importmsg',
      90008,
      { SyncFromOldSystem: 2, From_Account: 'nobody', MsgTimeStamp: 1 },
    ],
    ['importmsg', 'openim/importmsg', 90012, { SyncFromOldSystem: 2, To_Account: 'nobody', MsgTimeStamp: 1 }],
    [
      'admin_getroammsg',
      'openim/admin_getroammsg',
      90054,
      { MaxCnt: 1, MinTime: 0, MaxTime: 1, LastMsgKey: 'x' },
    ],
    ['admin_set_msg_read', 'openim/admin_set_msg_read', 90008, { Report_Account: 'nobody' }],
    ['admin_set_msg_read', 'openim/admin_set_msg_read', 90003, { Peer_Account: 'nobody' }],
    ['get_c2c_unread_msg_num', 'openim/get_c2c_unread_msg_num', 90008, { To_Account: 'nobody' }],
  ])('%s (%s) refuses accounts and keys that do not exist: %d', async (_name, command, code, change) => {
    const [alice = '', bob = ''] = await newUsers(2);
    const accounts = { From_Account: alice, To_Account: bob, Report_Account: alice, Operator_Account: alice };
    const body = { ...accounts, MsgRandom: 1, MsgBody: textBody('hi'), ...change };
    const peer = command.endsWith('unread_msg_num') ? {} : { Peer_Account: bob };
    expect(await call(command, { ...peer, ...body })).toMatchObject({
      ActionStatus: 'FAIL',
      ErrorCode: code,
    });
  });

  it('refuses an admin who was kicked, at once, and takes a new signature', async () => {
    const [alice = ''] = await newUsers(1);
    const userSig = signed(ADMIN, SECRET);
    const check = { CheckItem: [{ UserID: alice }] };
    expect(await call('im_open_login_svc/account_check', check, { userSig })).toMatchObject(OK);
    expect(await call('im_open_login_svc/kick', { UserID: ADMIN }, { userSig })).toMatchObject(OK);
    expect(await call('im_open_login_svc/account_check', check, { userSig })).toMatchObject({
      ErrorCode: 70052,
    });
    expect(await call('im_open_login_svc/account_check', check)).toMatchObject(OK);
  });
});
