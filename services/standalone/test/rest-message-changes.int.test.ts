// Messages recalled, modified and deleted over HTTP and the real services.
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
const textBody = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];

describe('one-to-one messages', () => {
  async function say(from: string, to: string, text: string): Promise<string> {
    const sent = await openim('sendmsg', {
      ...{ SyncOtherMachine: 1, From_Account: from, To_Account: to, MsgRandom: text.length },
      MsgBody: textBody(text),
    });
    expect(sent).toMatchObject(OK);
    return String(sent.MsgKey);
  }

  async function history(operator: string, peer: string): Promise<Reply[]> {
    const page = await openim('admin_getroammsg', {
      ...{ Operator_Account: operator, Peer_Account: peer, MaxCnt: 100 },
      ...{ MinTime: 0, MaxTime: 4_000_000_000 },
    });
    return page.MsgList as Reply[];
  }

  it('are recalled at any age, once [parity: rest v4/openim/admin_msgwithdraw]', async () => {
    const [From_Account = '', To_Account = ''] = await world.newUsers(2);
    const MsgKey = await say(From_Account, To_Account, 'oops');
    const recall = { From_Account, To_Account, MsgKey };
    expect(await openim('admin_msgwithdraw', recall)).toMatchObject(OK);
    expect(await history(To_Account, From_Account)).toMatchObject([{ MsgKey, MsgFlagBits: 8, MsgBody: [] }]);
    expect(await openim('get_c2c_unread_msg_num', { To_Account })).toMatchObject({ AllC2CUnreadMsgNum: 0 });
    expect(await openim('admin_msgwithdraw', recall)).toMatchObject({ ErrorCode: 20023 });
    const other = { ...recall, MsgKey: '1_2_3' };
    expect(await openim('admin_msgwithdraw', other)).toMatchObject({ ErrorCode: 20022 });
    expect(await openim('admin_msgwithdraw', { ...recall, MsgKey: 'x' })).toMatchObject({ ErrorCode: 90054 });
    const nobody = { ...recall, To_Account: undefined };
    expect(await openim('admin_msgwithdraw', nobody)).toMatchObject({ ErrorCode: 90003 });
  });

  it('are overwritten, one part or both [parity: rest v4/openim/modify_c2c_msg]', async () => {
    const [From_Account = '', To_Account = ''] = await world.newUsers(2);
    const MsgKey = await say(From_Account, To_Account, 'draft');
    const named = { From_Account, To_Account, MsgKey };
    expect(await openim('modify_c2c_msg', { ...named, MsgBody: textBody('final') })).toMatchObject(OK);
    expect(await openim('modify_c2c_msg', { ...named, CloudCustomData: 'mark' })).toMatchObject(OK);
    expect(await history(From_Account, To_Account)).toMatchObject([
      { MsgKey, MsgFlagBits: 0, MsgBody: textBody('final'), CloudCustomData: 'mark' },
    ]);
    expect(await openim('modify_c2c_msg', named)).toMatchObject({ ErrorCode: 90010 });
    expect(await openim('modify_c2c_msg', { ...named, MsgBody: {} })).toMatchObject({ ErrorCode: 90007 });
    const unknown = { ...named, MsgKey: '1_2_3', CloudCustomData: '' };
    expect(await openim('modify_c2c_msg', unknown)).toMatchObject({ ErrorCode: 20022 });
  });

  it('are deleted from one side [parity: rest v4/openim/delete_c2c_msg_ramble]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const one = await say(alice, bob, '1');
    const two = await say(alice, bob, '22');
    const ask = { Operator_Account: bob, Peer_Account: alice };
    const deleted = await openim('delete_c2c_msg_ramble', { ...ask, MsgKeyList: [one, 'bad'] });
    expect(deleted).toMatchObject({ ...OK, InvalidMsgKeyList: ['bad'] });
    expect((await history(bob, alice)).map((message) => message.MsgKey)).toEqual([two]);
    expect((await history(alice, bob)).map((message) => message.MsgKey)).toEqual([one, two]);
    const none = { ...ask, MsgKeyList: [] };
    expect(await openim('delete_c2c_msg_ramble', none)).toMatchObject({ ErrorCode: 90054 });
  });
});

describe('messages of groups', () => {
  let alice = '';
  let GroupId = '';
  beforeEach(async () => {
    [alice = ''] = await world.newUsers(1);
    ({ GroupId } = (await group('create_group', { Type: 'Public', Name: 'n', Owner_Account: alice })) as {
      GroupId: string;
    });
  });

  async function say(Text: string, From_Account?: string): Promise<number> {
    const sent = await group('send_group_msg', {
      ...{ GroupId, Random: Text.length, MsgBody: textBody(Text) },
      ...(From_Account === undefined ? {} : { From_Account }),
    });
    return Number(sent.MsgSeq);
  }

  const listed = async (WithRecalledMsg: 0 | 1) =>
    (await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 20, WithRecalledMsg }))
      .RspMsgList as Reply[];

  it('are recalled, each with a code [parity: rest v4/group_open_http_svc/group_msg_recall]', async () => {
    const MsgSeq = await say('oops');
    const asked = { GroupId, MsgSeqList: [{ MsgSeq }, { MsgSeq: 999 }, { MsgSeq }], Reason: 'typo' };
    expect(await group('group_msg_recall', asked)).toMatchObject({
      ...OK,
      RecallRetList: [
        { MsgSeq, RetCode: 0 },
        { MsgSeq: 999, RetCode: 10030 },
        { MsgSeq, RetCode: 10032 },
      ],
    });
    expect((await listed(0)).some((message) => message.MsgSeq === MsgSeq)).toBe(false);
    expect(await listed(1)).toContainEqual(expect.objectContaining({ MsgSeq, IsPlaceMsg: 2, MsgBody: [] }));
    const many = { GroupId, MsgSeqList: Array.from({ length: 11 }, () => ({ MsgSeq })) };
    expect(await group('group_msg_recall', many)).toMatchObject({ ErrorCode: 10004 });
    const live = await group('create_group', { Type: 'AVChatRoom', Name: 'n' });
    const inLive = { GroupId: live.GroupId, MsgSeqList: [{ MsgSeq: 1 }] };
    expect(await group('group_msg_recall', inLive)).toMatchObject({ ErrorCode: 10033 });
  });

  it('of one sender are recalled [parity: rest v4/group_open_http_svc/delete_group_msg_by_sender]', async () => {
    const his = [await say('1', alice), await say('22', alice)];
    const other = await say('333');
    const asked = { GroupId, Sender_Account: alice };
    expect(await group('delete_group_msg_by_sender', asked)).toMatchObject(OK);
    const seqs = (await listed(0)).map((message) => message.MsgSeq);
    expect(seqs).toContain(other);
    for (const seq of his) expect(seqs).not.toContain(seq);
    expect(await group('delete_group_msg_by_sender', { GroupId })).toMatchObject({ ErrorCode: 10004 });
  });

  it('are overwritten [parity: rest v4/openim/modify_group_msg]', async () => {
    const MsgSeq = await say('draft');
    const changed = { GroupId, MsgSeq, MsgBody: textBody('final') };
    expect(await openim('modify_group_msg', changed)).toMatchObject(OK);
    expect(await listed(1)).toContainEqual(
      expect.objectContaining({ MsgSeq, IsPlaceMsg: 0, MsgBody: textBody('final') }),
    );
    expect(await openim('modify_group_msg', { GroupId, MsgSeq })).toMatchObject({ ErrorCode: 90010 });
  });

  it('are cleared for members, not for admins [parity: rest v4/group_open_http_svc/clear_group_msg]', async () => {
    const MsgSeq = await say('old');
    expect(await group('clear_group_msg', { GroupId, MsgSeq })).toMatchObject(OK);
    expect(await listed(1)).toContainEqual(expect.objectContaining({ MsgSeq, MsgBody: textBody('old') }));
    expect(await world.seen(alice, GroupId)).not.toContain(BigInt(MsgSeq));
    const next = await say('newer');
    expect(await world.seen(alice, GroupId)).toEqual([BigInt(next)]);
    const community = await group('create_group', { Type: 'Community', Name: 'n' });
    const inCommunity = { GroupId: community.GroupId };
    expect(await group('clear_group_msg', inCommunity)).toMatchObject({ ErrorCode: 10007 });
  });
});
