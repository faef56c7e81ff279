// Topics of communities over HTTP and the real services.
import { type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);
const topics = (command: string, body: object): Promise<Reply> =>
  world.call(`million_group_open_http_svc/${command}`, body);

let randoms = 0;
async function say(GroupId: string, TopicId: string, From_Account: string): Promise<number> {
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: `text ${++randoms}` } }];
  const sent = await group('send_group_msg', { GroupId, TopicId, Random: randoms, MsgBody, From_Account });
  expect(sent).toMatchObject(OK);
  return Number(sent.MsgSeq);
}

async function community(users: number): Promise<{ GroupId: string; users: string[] }> {
  const accounts = await world.newUsers(users);
  const [Owner_Account = '', ...others] = accounts;
  const made = await group('create_group', {
    ...{ Type: 'Community', Name: 'n', SupportTopic: 1, Owner_Account },
    MemberList: others.map((Member_Account) => ({ Member_Account })),
  });
  expect(made).toMatchObject(OK);
  return { GroupId: String(made.GroupId), users: accounts };
}

async function topicIn(GroupId: string, change: object = {}): Promise<string> {
  const made = await topics('create_topic', { GroupId, TopicName: 'news', ...change });
  expect(made).toMatchObject(OK);
  return String(made.TopicId);
}

interface Item {
  readonly ErrorCode: number;
  readonly SelfInfo?: Record<string, unknown>;
  readonly TopicInfo: Record<string, unknown>;
}

async function read(GroupId: string, From_Account: string, change: object = {}): Promise<Item[]> {
  const answer = await topics('get_topic', { GroupId, From_Account, ...change });
  expect(answer).toMatchObject(OK);
  return answer.TopicAndSelfInfo as Item[];
}

describe('topics over REST', () => {
  it('are made, read, changed and ended [parity: rest v4/million_group_open_http_svc/create_topic, rest v4/million_group_open_http_svc/get_topic, rest v4/million_group_open_http_svc/modify_topic, rest v4/million_group_open_http_svc/destroy_topic]', async () => {
    const { GroupId, users } = await community(2);
    const [alice = '', bob = ''] = users;
    const first = await topicIn(GroupId, { From_Account: alice, CustomString: 'c', Introduction: 'i' });
    const second = await topicIn(GroupId, { TopicId: `${GroupId}@TOPIC#_own` });
    const change = { GroupId, TopicId: first, TopicName: 'uno', MuteAllMember: 'On' };
    expect(await topics('modify_topic', change)).toMatchObject(OK);
    const missing = `${GroupId}@TOPIC#_no`;
    expect(await read(GroupId, bob, { TopicIdList: [first, second, missing] })).toMatchObject([
      {
        ErrorCode: 0,
        SelfInfo: { MuteTime: 0, MsgSeq: 0, MsgFlag: 'AcceptAndNotify' },
        TopicInfo: {
          ...{ TopicId: first, GroupID: GroupId, TopicName: 'uno', CustomString: 'c', Introduction: 'i' },
          ...{ NextMsgSeq: 1, MuteAllMember: 'On' },
        },
      },
      { ErrorCode: 0, TopicInfo: { TopicId: second, TopicName: 'news', MuteAllMember: 'Off' } },
      { ErrorCode: 110003, TopicInfo: { TopicId: missing } },
    ]);
    const filtered = await read(GroupId, bob, { ResponseFilter: ['TopicName'], TopicIdList: [first] });
    expect(filtered[0]?.TopicInfo).toEqual({ TopicId: first, TopicName: 'uno' });
    const TopicIdList = [first, missing];
    expect(await topics('destroy_topic', { GroupId, TopicIdList })).toMatchObject({
      DestroyResultItem: [
        { ErrorCode: 0, TopicId: first },
        { ErrorCode: 110003, TopicId: missing },
      ],
    });
    expect((await read(GroupId, bob)).map(({ TopicInfo }) => TopicInfo.TopicId)).toEqual([second]);
    const text = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x' } }];
    expect(
      await group('send_group_msg', { GroupId, TopicId: first, Random: 1, MsgBody: text }),
    ).toMatchObject({ ErrorCode: 10010 });
  });

  it('are refused where there are none, and with fields that they cannot have', async () => {
    const [alice = ''] = await world.newUsers(1);
    const plain = await group('create_group', { Type: 'Community', Name: 'n', Owner_Account: alice });
    const GroupId = String(plain.GroupId);
    expect(await topics('create_topic', { GroupId, TopicName: 'n' })).toMatchObject({ ErrorCode: 11000 });
    expect(await topics('get_topic', { GroupId, From_Account: alice })).toMatchObject({ ErrorCode: 11000 });
    const { GroupId: own } = await community(1);
    expect(await topics('create_topic', { GroupId: own })).toMatchObject({ ErrorCode: 10004 });
    expect(await topics('modify_topic', { GroupId: own, TopicName: 'x' })).toMatchObject({
      ErrorCode: 10004,
    });
    const bad = { GroupId: own, TopicName: 'n', TopicId: `${own}@TOPIC#_@TGS#_x` };
    expect(await topics('create_topic', bad)).toMatchObject({ ErrorCode: 110013 });
    const long = { GroupId: own, TopicName: 'n', CustomString: 'x'.repeat(3_001) };
    expect(await topics('create_topic', long)).toMatchObject({ ErrorCode: 10004 });
  });

  it('are imported with their time, once [parity: rest v4/group_open_http_svc/import_topic]', async () => {
    const { GroupId, users } = await community(1);
    const topic = { GroupId, TopicId: `${GroupId}@TOPIC#_old`, TopicName: 'old', CreateTime: 1_600_000_000 };
    expect(await group('import_topic', topic)).toMatchObject({ ...OK, TopicId: topic.TopicId });
    expect((await read(GroupId, users[0] ?? ''))[0]?.TopicInfo.CreateTime).toBe(1_600_000_000);
    expect(await group('import_topic', topic)).toMatchObject({ ErrorCode: 10021 });
  });

  it('have messages, numbers, unread counts, mutes and pins of their own', async () => {
    const { GroupId, users } = await community(2);
    const [alice = '', bob = ''] = users;
    const [one, other] = [await topicIn(GroupId), await topicIn(GroupId)];
    expect([await say(GroupId, one, alice), await say(GroupId, one, alice)]).toEqual([1, 2]);
    expect(await say(GroupId, other, alice)).toBe(1);
    const page = await group('group_msg_get_simple', { GroupId, TopicId: one, ReqMsgNumber: 20 });
    expect((page.RspMsgList as Reply[]).map(({ MsgSeq }) => MsgSeq)).toEqual([2, 1]);
    const standing = async (user: string) =>
      (await read(GroupId, user)).map(({ SelfInfo, TopicInfo }) => [SelfInfo?.MsgSeq, TopicInfo.NextMsgSeq]);
    // Sending is reading.
    expect([await standing(alice), await standing(bob)]).toEqual([
      [
        [2, 3],
        [1, 2],
      ],
      [
        [0, 3],
        [0, 2],
      ],
    ]);
    expect(await world.say(bob, one)).toBe(0);
    const joined = await group('get_joined_group_list', { Member_Account: bob });
    expect(joined.GroupIdList).toMatchObject([
      { GroupId, GrossTopicNextMsgSeq: 6, SelfInfo: { GrossTopicReadSeq: 3 } },
    ]);
    const mute = { GroupId, TopicId: one, Members_Account: [bob], MuteTime: 60 };
    expect(await group('forbid_send_msg', mute)).toMatchObject(OK);
    expect([await world.say(bob, one), await world.say(bob, other)]).toEqual([10017, 0]);
    const muted = await group('get_group_muted_account', { GroupId, TopicId: one });
    expect(muted.MutedAccountList).toMatchObject([{ Member_Account: bob }]);
    expect((await group('get_group_muted_account', { GroupId })).MutedAccountList).toEqual([]);
    expect(await group('pin_message', { GroupId, TopicId: one, MsgSeq: 1 })).toMatchObject(OK);
    const pins = (TopicId: string) => group('get_pinned_messages', { GroupId, TopicId });
    expect((await pins(one)).PinnedMsgList).toMatchObject([{ MsgSeq: 1 }]);
    expect((await pins(other)).PinnedMsgList).toEqual([]);
  });

  it('take imported messages, and notices that name them', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const old = { Type: 'Community', Name: 'n', SupportTopic: 1, CreateTime: 1_600_000_000 };
    const { GroupId } = await group('import_group', { ...old, Owner_Account: alice });
    await group('import_group_member', { GroupId, MemberList: [{ Member_Account: bob }] });
    const topic = { GroupId, TopicId: `${GroupId}@TOPIC#_old`, TopicName: 'old', CreateTime: 1_600_000_000 };
    expect(await group('import_topic', topic)).toMatchObject(OK);
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'old' } }];
    const nowS = Math.floor(Date.now() / 1_000);
    const MsgList = [2, 1].map((ago) => ({
      From_Account: alice,
      SendTime: nowS - ago,
      Random: ago,
      MsgBody,
    }));
    const imported = await group('import_group_msg', { GroupId, TopicId: topic.TopicId, MsgList });
    expect(imported).toMatchObject({
      ...OK,
      ImportMsgResult: [
        { MsgSeq: 1, Result: 0 },
        { MsgSeq: 2, Result: 0 },
      ],
    });
    expect(await world.seen(bob, topic.TopicId)).toEqual([1n, 2n]);
    expect(await world.seen(bob, String(GroupId))).toEqual([]);
    expect(await read(String(GroupId), bob)).toMatchObject([
      { SelfInfo: { MsgSeq: 2 }, TopicInfo: { NextMsgSeq: 3 } },
    ]);
    const notice = { GroupId, TopicId: topic.TopicId, Content: 'soon', ToMembers_Account: [bob] };
    expect(await group('send_group_system_notification', notice)).toMatchObject(OK);
    expect((await world.notices(bob)).at(-1)).toMatchObject({
      ...{ ReportType: 16, GroupId, TopicId: topic.TopicId, UserDefinedField: 'soon' },
    });
    // It is said beside the topic's history.
    expect(await world.seen(bob, topic.TopicId)).toEqual([1n, 2n]);
    const unknown = { ...notice, TopicId: '@TGS#_other@TOPIC#_x' };
    expect(await group('send_group_system_notification', unknown)).toMatchObject({ ErrorCode: 10015 });
  });

  it('begin, for who joins later, behind what was said until then', async () => {
    const { GroupId, users } = await community(1);
    const [alice = ''] = users;
    const [late = ''] = await world.newUsers(1);
    const topic = await topicIn(GroupId);
    await say(GroupId, topic, alice);
    await say(GroupId, topic, alice);
    await world.join(late, GroupId);
    const seqs = async () => (await read(GroupId, late)).map(({ SelfInfo }) => SelfInfo?.MsgSeq);
    expect(await seqs()).toEqual([2]);
    await say(GroupId, topic, alice);
    expect(await seqs()).toEqual([2]);
    const fresh = await topicIn(GroupId);
    await say(GroupId, fresh, alice);
    expect(await seqs()).toEqual([2, 0]);
    // Nobody speaks who is no member, and no topic outlives its community.
    const [stranger = ''] = await world.newUsers(1);
    expect(await world.say(stranger, topic)).toBe(10007);
    expect(await world.say(late, topic)).toBe(0);
    expect(await group('destroy_group', { GroupId })).toMatchObject(OK);
    expect(await world.say(late, topic)).toBe(10010);
  });
});
