// Messages of a group that grow while they are written, over HTTP and the real services.
import { waitFor } from '@parley/testkit';
import { APP, type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);
const stream = (body: object): Promise<Reply> => world.call('stream_msg/send_group_stream_msg', body);

async function newGroup(Type = 'Public'): Promise<{ GroupId: string; From_Account: string; member: string }> {
  const [Owner_Account = '', member = ''] = await world.newUsers(2);
  const MemberList = Type === 'AVChatRoom' ? undefined : [{ Member_Account: member }];
  const made = await group('create_group', { Type, Name: 'n', Owner_Account, MemberList });
  expect(made).toMatchObject(OK);
  return { GroupId: String(made.GroupId), From_Account: Owner_Account, member };
}

const chunk = (Index: number, Markdown: string, IsLast?: number | boolean) => ({
  ...{ EventType: 'data', Index, Markdown },
  ...(IsLast === undefined ? {} : { IsLast }),
});
const bodyOf = (Chunks: object[], more: object = {}) => [
  { MsgType: 'TIMStreamElem', MsgContent: { CompatibleText: 'update', Chunks, ...more } },
];

async function streamsIn(GroupId: string): Promise<Reply[]> {
  const page = await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 20 });
  expect(page).toMatchObject(OK);
  const bodies = (page.RspMsgList as { MsgBody: { MsgType: string; MsgContent: Reply }[] }[]).flatMap(
    ({ MsgBody }) => MsgBody,
  );
  return bodies.flatMap(({ MsgType, MsgContent }) =>
    MsgType === 'TIMCustomElem' ? [{ ...JSON.parse(String(MsgContent.Data)), Desc: MsgContent.Desc }] : [],
  );
}

describe('a message that grows', () => {
  it('is one message, and its members are told of each part [parity: rest v4/stream_msg/send_group_stream_msg]', async () => {
    const { GroupId, From_Account, member } = await newGroup();
    const { connectionId } = await world.gateway.connect(APP, member);
    await world.gateway.enterRoom(connectionId, GroupId);
    const named = { GroupId, From_Account };
    const first = { ...named, MsgRandom: 7, MsgBody: bodyOf([chunk(0, 'Hel')]), CloudCustomData: 'mark' };
    const begun = await stream(first);
    expect(begun).toMatchObject({ ...OK, MsgSeq: expect.any(Number), MsgTime: expect.any(Number) });
    const { StreamMsgID } = begun;
    expect(StreamMsgID).toEqual(expect.any(String));
    expect((await stream(first)).StreamMsgID).toBe(StreamMsgID);
    const go = (...Chunks: object[]) =>
      stream({ ...named, Random: 8, MsgBody: bodyOf(Chunks, { StreamMsgID }) });
    expect(await go(chunk(1, 'lo ', 0))).toMatchObject({ ...OK, StreamMsgID, MsgSeq: begun.MsgSeq });
    expect(await go(chunk(1, 'lo ', 0))).toMatchObject(OK);
    expect(await streamsIn(GroupId)).toEqual([
      { chatbotPlugin: 2, src: 2, chunks: ['Hel', 'lo '], isFinished: 0, Desc: 'update' },
    ]);
    expect(await go(chunk(3, 'x'))).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10004 });
    expect(await go(chunk(2, '**you**', true))).toMatchObject(OK);
    expect(await go(chunk(3, 'more'))).toMatchObject({ ErrorCode: 10007 });
    expect(await streamsIn(GroupId)).toMatchObject([{ chunks: ['Hel', 'lo ', '**you**'], isFinished: 1 }]);
    const told = () =>
      world.gateway
        .pushesTo(connectionId)
        .flatMap(({ event }) => (event.case === 'change' ? [event.value] : []));
    await waitFor(() => told().length === 2);
    expect(world.gateway.messagesTo(connectionId)).toHaveLength(1);
  });

  it('is refused when it is none, or is continued where it is not', async () => {
    const { GroupId, From_Account } = await newGroup();
    const other = await newGroup();
    const named = { GroupId, From_Account, MsgRandom: 1 };
    const { StreamMsgID } = await stream({ ...named, MsgBody: bodyOf([chunk(1, 'a')]) });
    const next = bodyOf([chunk(2, 'b')], { StreamMsgID });
    for (const more of [
      { MsgBody: undefined },
      { MsgBody: [] },
      { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }] },
      { MsgBody: bodyOf([]) },
      { MsgBody: bodyOf([chunk(2, 'a')]) },
      { MsgBody: bodyOf([{ ...chunk(0, 'a'), EventType: 'end' }]) },
      { MsgBody: bodyOf([{ ...chunk(0, 'a'), Markdown: 1 }]) },
      { MsgBody: bodyOf(Array.from({ length: 101 }, (_, at) => chunk(at, ''))) },
      { MsgBody: bodyOf([chunk(2, 'b')], { StreamMsgID: 'x' }) },
      { MsgBody: next, MsgRandom: undefined },
      { MsgBody: next, From_Account: other.From_Account },
      { MsgBody: next, GroupId: other.GroupId },
    ]) {
      expect(await stream({ ...named, ...more })).toMatchObject({ ErrorCode: 10004 });
    }
    expect(await stream({ ...named, GroupId: 'none', MsgBody: next })).toMatchObject({ ErrorCode: 10010 });
    const live = await newGroup('AVChatRoom');
    const inLive = { ...named, GroupId: live.GroupId, MsgBody: bodyOf([chunk(0, 'a')]) };
    expect(await stream(inLive)).toMatchObject({ ErrorCode: 10044 });
    expect(await streamsIn(GroupId)).toMatchObject([{ chunks: ['a'] }]);
  });
});
