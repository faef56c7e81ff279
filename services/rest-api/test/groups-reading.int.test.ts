// get_group_info and get_joined_group_list: every field, filter, item result and refusal.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { APP, type RefusalRow, World } from './harness.js';

const { JoinOption, ReceiveOption, Role } = groupv1;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = (command: string, body: unknown, code: number) =>
  groupRefusal(world, command, body, code);

const requestOf = (method: string): Record<string, unknown> => world.callsOf(method)[0]?.request ?? {};

const GROUP = {
  groupId: 'g1',
  type: 'Public',
  name: 'n',
  introduction: 'i',
  notification: 'no',
  faceUrl: 'f',
  owner: 'alice',
  createTimeS: 100,
  infoSeq: 4n,
  lastInfoTimeS: 200,
  memberNum: 2,
  maxMemberNum: 50,
  applyJoinOption: JoinOption.NEED_PERMISSION,
  inviteJoinOption: JoinOption.DISABLED,
  muteAll: true,
  historyBeforeJoin: false,
  custom: { a: 'b', c: 'd' },
};
const GROUP_JSON = {
  GroupId: 'g1',
  Type: 'Public',
  Name: 'n',
  Introduction: 'i',
  Notification: 'no',
  FaceUrl: 'f',
  Owner_Account: 'alice',
  CreateTime: 100,
  InfoSeq: 4,
  LastInfoTime: 200,
  LastMsgTime: 1_700_000_000,
  NextMsgSeq: 10,
  MemberNum: 2,
  MaxMemberNum: 50,
  ApplyJoinOption: 'NeedPermission',
  InviteJoinOption: 'DisableInvite',
  MuteAllMember: 'On',
  ShutUpAllMember: 'On',
  HistoryMsgBeforeJoin: 'Off',
  SupportTopic: 0,
  Appid: APP,
  HugeGroupFlag: 0,
};
const MEMBER = {
  userId: 'alice',
  role: Role.OWNER,
  joinTimeS: 100,
  nameCard: 'A',
  receiveOption: ReceiveOption.NOTIFY,
  mutedUntilS: 0,
  custom: { k: 'v' },
};
const SELF_JSON = {
  Role: 'Owner',
  JoinTime: 100,
  MsgSeq: 6,
  MsgFlag: 'AcceptAndNotify',
  LastSendMsgTime: 1_700_000_001,
  NameCard: 'A',
  MuteUntil: 0,
  ShutUpUntil: 0,
};

/** The group service knows g1 and its one member, the message service what was said and read in it. */
function scriptOneGroup(): void {
  world.groups.getGroups = async ({ groupIds }) => ({
    groups: groupIds.map((groupId) =>
      groupId === 'gone'
        ? { groupId, code: ErrorCode.GROUP_NOT_FOUND, info: 'no such group' }
        : { groupId, group: { ...GROUP, groupId } },
    ),
  });
  world.groups.listMembers = async () => ({ members: [MEMBER], memberNum: 1 });
  world.messages.getHeads = async ({ groupIds }) => ({
    heads: groupIds.map(() => ({ seq: 9n, lastTimeMs: 1_700_000_000_999n })),
  });
  world.messages.getStandings = async ({ members }) => ({
    standings: members.map(() => ({ readSeq: 6n, lastSentMs: 1_700_000_001_999n })),
  });
}

describe('get_group_info', () => {
  const PATH = `${SVC}/get_group_info`;
  beforeEach(scriptOneGroup);

  it('answers everything when nothing is filtered, and each group for itself', async () => {
    const { body } = await world.call(PATH, { GroupIdList: ['g1', 'gone', 'zoë', 'g1'] });
    expect(body).toEqual({
      ...OK,
      GroupInfo: [
        {
          ErrorCode: 0,
          ErrorInfo: '',
          ...GROUP_JSON,
          AppDefinedData: [
            { Key: 'a', Value: 'b' },
            { Key: 'c', Value: 'd' },
          ],
          MemberList: [
            { Member_Account: 'alice', ...SELF_JSON, AppMemberDefinedData: [{ Key: 'k', Value: 'v' }] },
          ],
        },
        { GroupId: 'gone', ErrorCode: 10010, ErrorInfo: 'no such group' },
        { GroupId: 'zoë', ErrorCode: 10015, ErrorInfo: expect.any(String) },
      ],
    });
    expect(requestOf('GetGroups').groupIds).toEqual(['g1', 'gone']);
  });

  it('answers what the filters name, and asks nobody for the rest', async () => {
    const ResponseFilter = {
      GroupBaseInfoFilter: ['Name', 'ShutUpAllMember'],
      AppDefinedDataFilter_Group: ['c', 'other'],
    };
    const { body } = await world.call(PATH, { GroupIdList: ['g1'], ResponseFilter });
    const flags = { MuteAllMember: 'On', ShutUpAllMember: 'On' };
    expect(body.GroupInfo).toEqual([
      {
        GroupId: 'g1',
        ErrorCode: 0,
        ErrorInfo: '',
        Name: 'n',
        ...flags,
        AppDefinedData: [{ Key: 'c', Value: 'd' }],
      },
    ]);
    expect(world.calls.map(({ method }) => method)).toEqual(['VerifyUserSig', 'GetGroups']);
  });

  it('answers of members what their filters name, and who is online only then', async () => {
    world.auth.queryOnlineStatus = async ({ userIds }) => ({
      users: userIds.map((userId) => ({ userId, status: 1 })),
    });
    const ResponseFilter = { MemberInfoFilter: ['Account', 'Role', 'MuteUntil', 'OnlineStatus'] };
    const { body } = await world.call(PATH, { GroupIdList: ['g1'], ResponseFilter });
    const member = {
      Member_Account: 'alice',
      Role: 'Owner',
      MuteUntil: 0,
      ShutUpUntil: 0,
      OnlineStatus: 'Online',
    };
    expect(body.GroupInfo).toEqual([{ GroupId: 'g1', ErrorCode: 0, ErrorInfo: '', MemberList: [member] }]);
    expect(world.callsOf('GetStandings')).toEqual([]);
  });

  it('answers members by their custom fields alone', async () => {
    const ResponseFilter = { AppDefinedDataFilter_GroupMember: ['k'] };
    const { body } = await world.call(PATH, { GroupIdList: ['g1'], ResponseFilter });
    const member = { Member_Account: 'alice', AppMemberDefinedData: [{ Key: 'k', Value: 'v' }] };
    expect(body.GroupInfo).toMatchObject([{ MemberList: [member] }]);
  });

  it('reads all members of a large group, and where they stand in batches', async () => {
    const pages = [200, 200, 101];
    world.groups.listMembers = async ({ cursor }) => {
      const page = Number(cursor);
      return {
        members: many(pages[page] ?? 0, (index) => ({ userId: `u${page}-${index}` })),
        nextCursor: page === 2 ? '' : String(page + 1),
      };
    };
    const { body } = await world.call(PATH, { GroupIdList: ['g1'] });
    const [{ MemberList = [] } = {}] = body.GroupInfo as { MemberList?: Record<string, unknown>[] }[];
    expect(MemberList).toHaveLength(501);
    expect(MemberList[500]).toMatchObject({ Member_Account: 'u2-100', Role: 'Member' });
    expect(MemberList[500]).toMatchObject({ MsgSeq: 6, LastSendMsgTime: 1_700_000_001 });
    const asked = world.callsOf('GetStandings').map(({ request }) => (request.members as unknown[]).length);
    expect(asked).toEqual([500, 1]);
  });

  it.each(['AVChatRoom', 'Stage', 'Community'])('lists no members of %s', async (type) => {
    const live = type !== 'Community';
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', group: { groupId: 'g1', type, live } }],
    });
    world.messages.getHeads = async () => ({ heads: [{}] });
    const { body } = await world.call(PATH, { GroupIdList: ['g1'] });
    const [item] = body.GroupInfo as Record<string, unknown>[];
    expect(item).not.toHaveProperty('MemberList');
    expect(item).toMatchObject({
      NextMsgSeq: 1,
      LastMsgTime: 0,
      HugeGroupFlag: live ? 1 : 0,
      ...(type === 'Community' ? { EnablePermission: 0, DefaultPermission: 0 } : {}),
    });
    expect(item).not.toHaveProperty('ApplyJoinOption');
  });

  it('says of a group that ends meanwhile that it is gone', async () => {
    world.groups.listMembers = refusing(ErrorCode.GROUP_NOT_FOUND, 'no such group');
    const { body } = await world.call(PATH, { GroupIdList: ['g1'] });
    expect(body).toMatchObject({ ...OK, GroupInfo: [{ GroupId: 'g1', ErrorCode: 10010 }] });
  });

  it('answers 10018 for more than fits', async () => {
    world.groups.listMembers = async () => ({ members: many(200, () => MEMBER), nextCursor: 'more' });
    await expectRefusal(PATH, { GroupIdList: ['g1'] }, 10018);
  });

  it.each<RefusalRow>([
    ['no GroupIdList', {}, 10004],
    ['a GroupIdList that is a string', { GroupIdList: 'g1' }, 10004],
    ['an empty GroupIdList', { GroupIdList: [] }, 10004],
    ['51 groups', { GroupIdList: many(51, (index) => `g${index}`) }, 10004],
    ['a number in GroupIdList', { GroupIdList: [1] }, 10004],
    ['a ResponseFilter that is an array', { GroupIdList: ['g1'], ResponseFilter: [] }, 10004],
    [
      'a filter that is a string',
      { GroupIdList: ['g1'], ResponseFilter: { GroupBaseInfoFilter: 'Name' } },
      10004,
    ],
  ])('refuses %s', (_what, body, code) => expectRefusal(PATH, body, code));
});

describe('get_joined_group_list', () => {
  const PATH = `${SVC}/get_joined_group_list`;
  const joined = (groupId: string, change: object = {}) => ({
    group: { ...GROUP, groupId, ...change },
    self: MEMBER,
  });
  beforeEach(() => {
    scriptOneGroup();
    world.groups.getTopics = async () => ({ topics: ['t1', 't2'].map((topicId) => ({ topicId })) });
    // One conversation fits into an answer.
    world.messages.getTopicConversations = async ({ topicIds }) => ({
      conversations: topicIds.slice(0, 1).map((peer) => ({ peer, readSeq: peer === 't1' ? 3n : 4n })),
      answered: 1,
    });
    world.groups.listJoinedGroups = async ({ type, cursor }) => {
      if (type === 'AVChatRoom') return { groups: [joined('live', { type })] };
      if (type === 'Community') return { groups: [joined('c1', { supportTopic: true }), joined('c2')] };
      return cursor === ''
        ? { groups: [joined('g1'), joined('g2')], nextCursor: 'x' }
        : { groups: [joined('g3')] };
    };
  });
  const idsOf = (body: Record<string, unknown>) =>
    (body.GroupIdList as { GroupId: string }[]).map(({ GroupId }) => GroupId);

  it('answers all groups with everything when nothing is filtered', async () => {
    const { body } = await world.call(PATH, { Member_Account: 'alice' });
    expect(body).toMatchObject({ ...OK, TotalCount: 3 });
    expect(idsOf(body)).toEqual(['g1', 'g2', 'g3']);
    expect((body.GroupIdList as unknown[])[0]).toEqual({ ...GROUP_JSON, SelfInfo: SELF_JSON });
  });

  it('answers sums over the topics of a community', async () => {
    const { body } = await world.call(PATH, { Member_Account: 'alice', GroupType: 'Community' });
    expect(body.GroupIdList).toMatchObject([
      { GroupId: 'c1', GrossTopicNextMsgSeq: 20, SelfInfo: { GrossTopicReadSeq: 7 } },
      { GroupId: 'c2', SelfInfo: SELF_JSON },
    ]);
    const ResponseFilter = { GroupBaseInfoFilter: ['Type'] };
    const filtered = { Member_Account: 'alice', GroupType: 'Community', ResponseFilter };
    expect((await world.call(PATH, filtered)).body.GroupIdList).toEqual([
      { GroupId: 'c1', Type: 'Public' },
      { GroupId: 'c2', Type: 'Public' },
    ]);
  });

  it('pages by Offset and Limit', async () => {
    const { body } = await world.call(PATH, { Member_Account: 'alice', Offset: 1, Limit: 1 });
    expect([body.TotalCount, idsOf(body)]).toEqual([3, ['g2']]);
    const { body: rest } = await world.call(PATH, { Member_Account: 'alice', Offset: 2, Limit: 0 });
    expect([rest.TotalCount, idsOf(rest)]).toEqual([3, ['g3']]);
  });

  it('answers what the filters name', async () => {
    const ResponseFilter = { GroupBaseInfoFilter: ['Type'], SelfInfoFilter: ['Role'] };
    const { body } = await world.call(PATH, { Member_Account: 'alice', Limit: 1, ResponseFilter });
    expect(body.GroupIdList).toEqual([{ GroupId: 'g1', Type: 'Public', SelfInfo: { Role: 'Owner' } }]);
    expect(world.callsOf('GetHeads')).toEqual([]);
    const { body: bare } = await world.call(PATH, { Member_Account: 'alice', Limit: 1, ResponseFilter: {} });
    expect(bare.GroupIdList).toEqual([{ GroupId: 'g1' }]);
  });

  it.each([
    ['live groups when asked', { WithHugeGroups: 1 }, ['g1', 'g2', 'g3', 'live']],
    ['those of one type', { GroupType: 'AVChatRoom' }, ['live']],
    ['communities with topics', { GroupType: 'Community', SupportTopic: 1 }, ['c1']],
    ['communities', { GroupType: 'Community', SupportTopic: 0 }, ['c1', 'c2']],
  ])('answers %s', async (_what, change, ids) => {
    const { body } = await world.call(PATH, { Member_Account: 'alice', ...change });
    expect([body.TotalCount, idsOf(body)]).toEqual([ids.length, ids]);
  });

  it('leaves out groups of a hiding type in which nobody has said anything, unless they are wanted', async () => {
    const hidden = { hiddenUntilActive: true };
    world.groups.listJoinedGroups = async () => ({
      groups: [joined('g1'), joined('w1', hidden), joined('w2', hidden)],
    });
    world.messages.getHeads = async ({ groupIds }) => ({
      heads: groupIds.map((groupId) => ({ isActive: groupId === 'w2' })),
    });
    const ResponseFilter = { SelfInfoFilter: ['Role'] };
    const ask = async (change: object) => {
      const { body } = await world.call(PATH, { Member_Account: 'alice', ResponseFilter, ...change });
      return [body.TotalCount, idsOf(body)];
    };
    expect(await ask({})).toEqual([2, ['g1', 'w2']]);
    expect(world.callsOf('GetHeads').map(({ request }) => request.groupIds)).toEqual([['w1', 'w2']]);
    expect(await ask({ WithNoActiveGroups: 1 })).toEqual([3, ['g1', 'w1', 'w2']]);
    expect(await ask({ WithNoActiveGroups: 0, Offset: 1, Limit: 1 })).toEqual([2, ['w2']]);
  });

  it.each<RefusalRow>([
    ['no Member_Account', { Member_Account: undefined }, 10004],
    ['a Limit of 5,001', { Limit: 5_001 }, 10004],
    ['an Offset that is a string', { Offset: '0' }, 10004],
    ['a WithHugeGroups of 2', { WithHugeGroups: 2 }, 10004],
    ['a WithNoActiveGroups that is a boolean', { WithNoActiveGroups: true }, 10004],
    ['topics of another type', { SupportTopic: 1, GroupType: 'Public' }, 10004],
    ['a SelfInfoFilter that is a string', { ResponseFilter: { SelfInfoFilter: 'Role' } }, 10004],
  ])('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { Member_Account: 'alice', ...(change as object) }, code),
  );
});
