// The commands about messages of groups over HTTP and the real services: sent, read, imported, counted.
import { type FakeConnection, waitFor } from '@parley/testkit';
import { ADMIN, APP, type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);
const textBody = (text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];

let randoms = 0;
const send = (GroupId: string, text: string, change: object = {}) =>
  group('send_group_msg', { GroupId, Random: ++randoms, MsgBody: textBody(text), ...change });

interface Shown extends Reply {
  readonly MsgSeq: number;
  readonly IsSystemMsg: number;
}

/** What was said, newest first, without tips. */
async function saidIn(GroupId: string, change: object = {}): Promise<Shown[]> {
  const page = await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 20, ...change });
  expect(page).toMatchObject({ ...OK, GroupId });
  return (page.RspMsgList as Shown[]).filter(({ IsSystemMsg }) => IsSystemMsg === 0);
}

const textsOf = (messages: readonly Reply[]) =>
  messages.map(({ MsgBody }) => (MsgBody as { MsgContent: { Text: string } }[])[0]?.MsgContent.Text);

/** Owner, members and their group. */
async function newGroup(Type = 'Public', members = 2): Promise<{ GroupId: string; users: string[] }> {
  const users = await world.newUsers(members);
  const [Owner_Account = '', ...others] = users;
  const MemberList = others.map((Member_Account) => ({ Member_Account }));
  const members_ = Type === 'AVChatRoom' ? {} : { MemberList };
  const answer = await group('create_group', { Type, Name: 'n', Owner_Account, ...members_ });
  expect(answer).toMatchObject(OK);
  return { GroupId: String(answer.GroupId), users };
}

/** What the device was pushed, as JSON. */
const bodiesTo = (device: FakeConnection | undefined): string[] =>
  device === undefined
    ? []
    : world.gateway.messagesTo(device.connectionId).map(({ body }) => Buffer.from(body).toString());

const headOf = async (GroupId: string): Promise<number> => {
  const answer = await group('get_group_info', {
    GroupIdList: [GroupId],
    ResponseFilter: { GroupBaseInfoFilter: ['NextMsgSeq', 'LastMsgTime'] },
  });
  return Number((answer.GroupInfo as Reply[])[0]?.NextMsgSeq) - 1;
};

describe('messages of groups over REST', () => {
  it('are sent once among retries, and read newest first [parity: rest v4/group_open_http_svc/send_group_msg, rest v4/group_open_http_svc/group_msg_get_simple]', async () => {
    const { GroupId, users } = await newGroup();
    const [alice = ''] = users;
    const change = { From_Account: alice, Random: 1_000_001, CloudCustomData: 'c', MsgPriority: 'High' };
    const first = await send(GroupId, 'one', change);
    expect(first).toMatchObject({ ...OK, MsgDropReason: '', MsgTime: expect.any(Number) });
    expect(Number(first.MsgSeq)).toBeGreaterThan(0);
    expect(await send(GroupId, 'one', change)).toMatchObject({
      MsgSeq: first.MsgSeq,
      MsgTime: first.MsgTime,
    });
    const second = await send(GroupId, 'two', { ...change, MsgPriority: undefined });
    expect(Number(second.MsgSeq)).toBeGreaterThan(Number(first.MsgSeq));
    const said = await saidIn(GroupId);
    expect(textsOf(said)).toEqual(['two', 'one']);
    expect(said[1]).toMatchObject({
      From_Account: alice,
      IsPlaceMsg: 0,
      MsgPriority: 1,
      MsgRandom: 1_000_001,
      MsgSeq: first.MsgSeq,
      MsgTimeStamp: first.MsgTime,
      CloudCustomData: 'c',
    });
    expect(said[0]?.MsgPriority).toBe(2);
    expect(textsOf(await saidIn(GroupId, { ReqMsgSeq: first.MsgSeq }))).toEqual(['one']);
    expect(await headOf(GroupId)).toBeGreaterThanOrEqual(Number(second.MsgSeq));
  });

  it('stand among tips of what has changed', async () => {
    const { GroupId } = await newGroup();
    expect(await group('modify_group_base_info', { GroupId, Name: 'n2' })).toMatchObject(OK);
    await waitFor(async () => (await headOf(GroupId)) === 1);
    const page = await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 20 });
    expect(page.RspMsgList).toMatchObject([
      {
        MsgSeq: 1,
        From_Account: '@TIM#SYSTEM',
        IsSystemMsg: 1,
        MsgBody: [{ MsgType: 'TIMGroupTipElem' }],
      },
    ]);
  });

  it('reach the devices of members, or of those named', async () => {
    const { GroupId, users } = await newGroup('Public', 3);
    const [alice = '', bob = '', carol = ''] = users;
    const phones = await Promise.all([bob, carol].map((user) => world.gateway.connect(APP, user)));
    const textsTo = (at: number) => bodiesTo(phones[at]).filter((body) => body.includes('TIMTextElem'));
    await send(GroupId, 'for bob', { From_Account: alice, To_Account: [bob] });
    await waitFor(() => textsTo(0).length === 1);
    expect(textsTo(1)).toEqual([]);
    expect(textsOf(await saidIn(GroupId))).toEqual(['for bob']);
  });

  it('for devices alone leave nothing', async () => {
    const { GroupId } = await newGroup();
    expect(await send(GroupId, 'now or never', { OnlineOnlyFlag: 1 })).toMatchObject(OK);
    expect(await saidIn(GroupId)).toEqual([]);
  });

  it('count as unread until set otherwise [parity: rest v4/group_open_http_svc/set_unread_msg_num]', async () => {
    const { GroupId, users } = await newGroup();
    const [alice = '', bob = ''] = users;
    for (const text of ['1', '2', '3']) await send(GroupId, text, { From_Account: alice });
    await send(GroupId, 'silent', { From_Account: alice, SendMsgControl: ['NoUnread'] });
    const set = (UnreadMsgNum: number) =>
      group('set_unread_msg_num', { GroupId, Member_Account: bob, UnreadMsgNum });
    const readSeq = async () => {
      const named = { GroupId, Member_List_Account: [bob], MemberInfoFilter: ['MsgSeq'] };
      const answer = await group('get_specified_group_member_info', named);
      return Number((answer.MemberList as Reply[])[0]?.MsgSeq);
    };
    expect(await set(0)).toMatchObject(OK);
    const atHead = await readSeq();
    expect(await set(2)).toMatchObject(OK);
    expect(await readSeq()).toBeLessThan(atHead);
    expect(await set(1_000)).toMatchObject(OK);
    for (const type of ['Meeting', 'AVChatRoom']) {
      const other = await newGroup(type);
      const [member = ''] = other.users;
      const body = { GroupId: other.GroupId, Member_Account: member, UnreadMsgNum: 1 };
      expect(await group('set_unread_msg_num', body)).toMatchObject(OK);
    }
  });

  it('are brought in with their times, once [parity: rest v4/group_open_http_svc/import_group_msg]', async () => {
    const [alice = ''] = await world.newUsers(1);
    const made = await group('import_group', {
      Type: 'Public',
      Name: 'n',
      Owner_Account: alice,
      CreateTime: 1_500_000_000,
    });
    const GroupId = String(made.GroupId);
    const item = (SendTime: number, text: string, From_Account = alice) => ({
      From_Account,
      SendTime,
      Random: 5,
      MsgBody: textBody(text),
    });
    const MsgList = [
      item(1_500_000_001, 'a'),
      item(1_500_000_002, 'b'),
      item(1_500_000_001, 'too early'),
      item(1_499_999_999, 'before the group'),
      item(4_000_000_000, 'in the future'),
      item(1_500_000_003, 'x'.repeat(12_288)),
      item(1_500_000_003, 'of nobody', 'nobody'),
    ];
    const imported = await group('import_group_msg', { GroupId, MsgList });
    const results = imported.ImportMsgResult as { Result: number; MsgSeq: number; MsgTime: number }[];
    expect(results.map(({ Result }) => Result)).toEqual([0, 0, 10004, 10004, 10004, 80002, 10019]);
    expect(results[0]).toMatchObject({ MsgTime: 1_500_000_001 });
    const again = await group('import_group_msg', { GroupId, MsgList: MsgList.slice(0, 2) });
    expect(again.ImportMsgResult).toEqual(results.slice(0, 2));
    const said = await saidIn(GroupId);
    expect(textsOf(said)).toEqual(['b', 'a']);
    expect(said[0]).toMatchObject({ MsgTimeStamp: 1_500_000_002 });
    const live = await newGroup('AVChatRoom');
    const toLive = { GroupId: live.GroupId, MsgList: [item(Math.floor(Date.now() / 1_000) - 1, 'a')] };
    expect(await group('import_group_msg', toLive)).toMatchObject({ ErrorCode: 10007 });
  });

  it('are brought in as read, and given to members as unread by number', async () => {
    const [alice = '', bob = '', carol = ''] = await world.newUsers(3);
    const made = await group('import_group', {
      Type: 'Public',
      Name: 'n',
      Owner_Account: alice,
      CreateTime: 1_500_000_000,
    });
    const GroupId = String(made.GroupId);
    const bring = async (from: number, RecentContactFlag?: number) => {
      const MsgList = [1, 2].map((at) => ({
        From_Account: alice,
        SendTime: from + at,
        Random: from + at,
        MsgBody: textBody(`${from + at}`),
      }));
      const answer = await group('import_group_msg', { GroupId, MsgList, RecentContactFlag });
      expect((answer.ImportMsgResult as Reply[]).map(({ Result }) => Result)).toEqual([0, 0]);
    };
    const addMember = async (Member_Account: string, UnreadMsgNum: number) => {
      const MemberList = [{ Member_Account, UnreadMsgNum }];
      expect((await group('import_group_member', { GroupId, MemberList })).MemberList).toMatchObject([
        { Result: 1 },
      ]);
    };
    await bring(1_500_000_000);
    expect((await world.conversation(alice, GroupId))?.lastMessage).toBeUndefined();
    await bring(1_500_000_010, 1);
    expect((await world.conversation(alice, GroupId))?.lastMessage?.timeMs).toBe(1_500_000_012_000n);
    await addMember(bob, 3);
    await addMember(carol, 99);
    const unread = async () =>
      Promise.all(
        [alice, bob, carol].map(async (user) => (await world.conversation(user, GroupId))?.unreadCount),
      );
    expect(await unread()).toEqual([0n, 3n, 4n]);
    await bring(1_500_000_020);
    expect(await unread()).toEqual([0n, 0n, 0n]);
    expect((await world.conversation(alice, GroupId))?.lastMessage?.timeMs).toBe(1_500_000_012_000n);
  });

  it.each([
    ['no such group', { GroupId: 'nothing' }, 10010],
    ['a sender who does not exist', { From_Account: 'nobody' }, 10019],
    ['an empty MsgBody', { MsgBody: [] }, 10004],
    ['an unknown MsgType', { MsgBody: [{ MsgType: 'TIMOther', MsgContent: {} }] }, 10004],
    ['12 KiB and more', { MsgBody: textBody('x'.repeat(12_288)) }, 80002],
  ])('are refused with %s', async (_what, change, code) => {
    const { GroupId } = await newGroup();
    expect(await send(GroupId, 'hi', change)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });

  it('of live groups are neither stored nor for some', async () => {
    const { GroupId, users } = await newGroup('AVChatRoom');
    expect(await send(GroupId, 'hi')).toMatchObject(OK);
    const history = await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 1 });
    expect(history).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10044 });
    expect(await send(GroupId, 'hi', { To_Account: users })).toMatchObject({ ErrorCode: 10007 });
    expect(await send(GroupId, 'hi', { GroupAtInfo: [{ GroupAtAllFlag: 1 }] })).toMatchObject({
      ErrorCode: 10007,
    });
  });

  it('above the rate are dropped, and say so', async () => {
    const { GroupId } = await newGroup();
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) => send(GroupId, `${index}`, { MsgPriority: 'Lowest' })),
    );
    const dropped = answers.filter(({ MsgDropReason }) => MsgDropReason === 'MsgFreqCtrl');
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped[0]).toMatchObject({ ...OK, MsgSeq: 0 });
    expect(answers.filter(({ MsgDropReason }) => MsgDropReason === '').length).toBeGreaterThan(0);
  });

  it('count who is there in live groups only [parity: rest v4/group_open_http_svc/get_online_member_num]', async () => {
    const live = await newGroup('AVChatRoom');
    expect(await group('get_online_member_num', { GroupId: live.GroupId })).toMatchObject({
      ...OK,
      OnlineMemberNum: 0,
    });
    const other = await newGroup();
    expect(await group('get_online_member_num', { GroupId: other.GroupId })).toMatchObject({
      ErrorCode: 10007,
    });
  });

  it('of the platform reach members [parity: rest v4/group_open_http_svc/send_group_system_notification]', async () => {
    const { GroupId, users } = await newGroup();
    const [alice = '', bob = ''] = users;
    const phones = await Promise.all([alice, bob].map((user) => world.gateway.connect(APP, user)));
    const toldTo = (at: number) => bodiesTo(phones[at]).filter((body) => body.includes('look'));
    const named = { GroupId, Content: 'look', ToMembers_Account: [bob, ADMIN] };
    expect(await group('send_group_system_notification', named)).toMatchObject(OK);
    await waitFor(() => toldTo(1).length === 1);
    expect(toldTo(0)).toEqual([]);
    expect(await group('send_group_system_notification', { GroupId, Content: 'look all' })).toMatchObject(OK);
    await waitFor(() => toldTo(0).length === 1 && toldTo(1).length === 2);
  });

  it('and notices are no one-to-one messages', async () => {
    const { users } = await newGroup();
    const phone = await world.gateway.connect(APP, users[0] ?? '');
    await group('create_group', { Type: 'Public', Name: 'n', Owner_Account: users[0] });
    await waitFor(() => bodiesTo(phone).some((body) => body.includes('TIMGroupSystemNoticeElem')));
    expect(await world.call('openim/get_c2c_unread_msg_num', { To_Account: users[0] })).toMatchObject({
      ...OK,
      AllC2CUnreadMsgNum: 0,
    });
  });
});
