// Receipts of single messages, and pairs on messages, over HTTP and the real services.
import { type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const openim = (command: string, body: object): Promise<Reply> => world.call(`openim/${command}`, body);
const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);
const extensions = (command: string, body: object): Promise<Reply> =>
  world.call(`openim_msg_ext_http_svc/${command}`, body);
const textBody = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];

async function say(From_Account: string, To_Account: string, more: object): Promise<string> {
  const sent = await openim('sendmsg', {
    ...{ SyncOtherMachine: 1, From_Account, To_Account, MsgRandom: Math.floor(Math.random() * 1e9) },
    ...{ MsgBody: textBody('hi'), ...more },
  });
  expect(sent).toMatchObject(OK);
  return String(sent.MsgKey);
}

async function newGroup(members: readonly string[], Type = 'Public'): Promise<string> {
  const [Owner_Account, ...others] = members;
  const MemberList = others.map((Member_Account) => ({ Member_Account }));
  const made = await group('create_group', { Type, Name: 'n', Owner_Account, MemberList });
  expect(made).toMatchObject(OK);
  return String(made.GroupId);
}

async function sayIn(GroupId: string, From_Account: string, more: object): Promise<number> {
  const sent = await group('send_group_msg', {
    ...{ GroupId, From_Account, Random: Math.floor(Math.random() * 1e9), MsgBody: textBody('hi') },
    ...more,
  });
  expect(sent).toMatchObject(OK);
  return Number(sent.MsgSeq);
}

describe('receipts', () => {
  it('of one-to-one messages are taken [parity: rest v4/openim/c2c_msg_read_receipt]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const MsgKey = await say(alice, bob, { IsNeedReadReceipt: 1 });
    const plain = await say(alice, bob, {});
    const [MsgSeq, MsgRandom, MsgTime] = MsgKey.split('_').map(Number);
    const ask = { Operator_Account: bob, Peer_Account: alice };
    const named = { From_Account: alice, To_Account: bob };
    const info = [
      { ...named, MsgKey },
      { ...named, MsgKey: plain },
    ];
    expect(await openim('c2c_msg_read_receipt', { ...ask, C2CMsgInfo: info })).toMatchObject(OK);
    const older = [{ ...named, MsgSeq, MsgRandom, MsgTime }];
    expect(await openim('c2c_msg_read_receipt', { ...ask, C2CMsgInfo: older })).toMatchObject(OK);
    const bad = { ...ask, C2CMsgInfo: [{ ...named, MsgKey: 'x' }] };
    expect(await openim('c2c_msg_read_receipt', bad)).toMatchObject({ ErrorCode: 90054 });
    expect(await openim('c2c_msg_read_receipt', { ...ask, C2CMsgInfo: [] })).toMatchObject({
      ActionStatus: 'FAIL',
    });
  });

  it('of group messages are counted and listed [parity: rest v4/group_open_http_svc/group_msg_receipt, rest v4/group_open_http_svc/get_group_msg_receipt, rest v4/group_open_http_svc/get_group_msg_receipt_detail]', async () => {
    const [alice = '', bob = '', carol = '', dave = ''] = await world.newUsers(4);
    const GroupId = await newGroup([alice, bob, carol, dave]);
    const MsgSeq = await sayIn(GroupId, alice, { NeedReadReceipt: 1 });
    const plain = await sayIn(GroupId, alice, {});
    const read = (From_Account: string) =>
      group('group_msg_receipt', { GroupId, From_Account, MsgSeqList: [{ MsgSeq }, { MsgSeq: plain }] });
    for (const user of [bob, carol, bob, alice]) expect(await read(user)).toMatchObject(OK);
    const counts = { GroupId, MsgSeqList: [{ MsgSeq }, { MsgSeq: plain }, { MsgSeq: 999 }] };
    expect(await group('get_group_msg_receipt', counts)).toMatchObject({
      ...OK,
      GroupMsgReceiptList: [
        { Code: 0, MsgSeq, ReadNum: 2, UnreadNum: 1 },
        { Code: 10062, MsgSeq: plain },
        { Code: 10062, MsgSeq: 999 },
      ],
    });
    const detail = (more: object) =>
      group('get_group_msg_receipt_detail', { GroupId, MsgSeq, Cursor: '', Count: 1, ...more });
    const readers = [bob, carol].sort();
    const first = await detail({ Filter: 0 });
    expect(first).toMatchObject({ ...OK, IsFinish: 0, ReadList: [{ Read_Account: readers[0] }] });
    expect(await detail({ Filter: 0, Cursor: first.Cursor })).toMatchObject({
      ...{ IsFinish: 1, IsFinished: 1, Cursor: '', ReadList: [{ Read_Account: readers[1] }] },
    });
    expect(await detail({ Filter: 1 })).toMatchObject({ UnreadList: [{ Unread_Account: dave }] });
    expect(await detail({ Filter: 0, MsgSeq: plain })).toMatchObject({ ErrorCode: 10062 });
    expect(await detail({ Filter: 2 })).toMatchObject({ ErrorCode: 10004 });
    const many = { GroupId, MsgSeqList: Array.from({ length: 51 }, () => ({ MsgSeq })) };
    expect(await group('get_group_msg_receipt', many)).toMatchObject({ ErrorCode: 10004 });
    const live = await newGroup([alice], 'AVChatRoom');
    const inLive = { GroupId: live, MsgSeqList: [{ MsgSeq: 1 }] };
    expect(await group('get_group_msg_receipt', inLive)).toMatchObject({ ErrorCode: 10007 });
  });
});

describe('extensions', () => {
  it('of one-to-one messages are set, read and deleted [parity: rest v4/openim_msg_ext_http_svc/set_key_values, rest v4/openim_msg_ext_http_svc/get_key_values]', async () => {
    const [From_Account = '', To_Account = ''] = await world.newUsers(2);
    const MsgKey = await say(From_Account, To_Account, { SupportMessageExtension: 1 });
    const plain = await say(From_Account, To_Account, {});
    const named = { From_Account, To_Account, MsgKey };
    const pairs = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2', Seq: 99 },
    ];
    const set = await extensions('set_key_values', { ...named, OperateType: 1, ExtensionList: pairs });
    expect(set).toMatchObject({
      ...OK,
      ExtensionList: [
        { ErrorCode: 0, Extension: { Key: 'a', Value: '1', Seq: 1 } },
        { ErrorCode: 0, Extension: { Key: 'b', Value: '2', Seq: 2 } },
      ],
    });
    expect(await extensions('get_key_values', { ...named, StartSeq: 2 })).toMatchObject({
      ...OK,
      ...{ CompleteFlag: 1, LatestSeq: 2, ClearSeq: 0, ExtensionList: [{ Key: 'b', Value: '2', Seq: 2 }] },
    });
    const gone = [{ Key: 'a', Value: '' }, { Key: 'never' }];
    const deleted = await extensions('set_key_values', { ...named, OperateType: 2, ExtensionList: gone });
    expect(deleted).toMatchObject({ ExtensionList: [{ ErrorCode: 0 }, { ErrorCode: 23004 }] });
    expect(await extensions('set_key_values', { ...named, OperateType: 3 })).toMatchObject(OK);
    expect(await extensions('get_key_values', named)).toMatchObject({
      ...{ ExtensionList: [], LatestSeq: 3, ClearSeq: 3 },
    });
    const refused = (more: object) =>
      extensions('set_key_values', { ...named, OperateType: 1, ExtensionList: pairs, ...more });
    expect(await refused({ MsgKey: plain })).toMatchObject({ ErrorCode: 23002 });
    expect(await refused({ MsgKey: '1_2_3' })).toMatchObject({ ErrorCode: 23004 });
    expect(await refused({ OperateType: 4 })).toMatchObject({ ErrorCode: 10004 });
    expect(await refused({ ExtensionList: [{ Key: 'k'.repeat(101), Value: '' }] })).toMatchObject({
      ErrorCode: 10004,
    });
    expect(await refused({ ExtensionList: [{ Key: 'k', Value: 'v'.repeat(1_001) }] })).toMatchObject({
      ErrorCode: 10004,
    });
  });

  it('of group messages have limits [parity: rest v4/openim_msg_ext_http_svc/group_set_key_values, rest v4/openim_msg_ext_http_svc/group_get_key_values]', async () => {
    const [alice = ''] = await world.newUsers(1);
    const GroupId = await newGroup([alice]);
    const MsgSeq = await sayIn(GroupId, alice, { SupportMessageExtension: 1 });
    const write = (from: number, count: number) =>
      extensions('group_set_key_values', {
        ...{ GroupId, MsgSeq, OperateType: 1 },
        ExtensionList: Array.from({ length: count }, (_, at) => ({ Key: `k${from + at}`, Value: 'v' })),
      });
    for (let from = 0; from < 300; from += 20) expect(await write(from, 20)).toMatchObject(OK);
    expect(await write(300, 1)).toMatchObject({ ErrorCode: 10004 });
    expect(await write(0, 21)).toMatchObject({ ErrorCode: 10004 });
    const page = await extensions('group_get_key_values', { GroupId, MsgSeq });
    expect([(page.ExtensionList as unknown[]).length, page.CompleteFlag, page.LatestSeq]).toEqual([
      200, 0, 300,
    ]);
    const rest = await extensions('group_get_key_values', { GroupId, MsgSeq, StartSeq: 201 });
    expect([(rest.ExtensionList as unknown[]).length, rest.CompleteFlag]).toEqual([100, 1]);
  });
});
