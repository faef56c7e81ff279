// The commands about live groups only: every field and refusal.
import { ErrorCode } from '@parley/kernel';
import { groupRefusal, many, OK, refusing } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

const SVC = 'group_open_avchatroom_http_svc';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

describe('modify_admin', () => {
  const PATH = `${SVC}/modify_admin`;
  const request = { GroupId: 'g1', CommandType: 1, Admin_Account: ['anna', 'adam', 'anna'] };
  beforeEach(() => {
    world.groups.changeLiveAdmins = async () => ({});
  });

  it('appoints and dismisses', async () => {
    expect((await world.call(PATH, request)).body).toEqual(OK);
    expect((await world.call(PATH, { ...request, CommandType: 2 })).body).toEqual(OK);
    const userIds = ['anna', 'adam'];
    expect(world.callsOf('ChangeLiveAdmins').map((call) => call.request)).toEqual([
      { groupId: 'g1', userIds, appoint: true },
      { groupId: 'g1', userIds, appoint: false },
    ]);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no CommandType', { CommandType: undefined }, 10004],
    ['a CommandType of its own', { CommandType: 3 }, 10004],
    ['a CommandType that is a string', { CommandType: '1' }, 10004],
    ['no Admin_Account', { Admin_Account: undefined }, 10004],
    ['nobody', { Admin_Account: [] }, 10004],
    ['what is no UserID', { Admin_Account: [''] }, 10004],
    ['six admins', { Admin_Account: many(6, (index) => `u${index}`) }, 10005],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, PATH, { ...request, ...(change as object) }, code),
  );

  it.each([ErrorCode.GROUP_NO_PERMISSION, ErrorCode.GROUP_NOT_FOUND, ErrorCode.GROUP_ACCOUNT_NOT_FOUND])(
    'answers %d as the service says it',
    async (code) => {
      world.groups.changeLiveAdmins = refusing(code, 'says the service');
      await groupRefusal(world, PATH, request, code);
    },
  );
});

/** Everybody but the last one has a profile. */
function scriptProfiles(): void {
  world.profiles.getProfiles = async ({ userIds, tags }) => ({
    results: userIds.map((userId, at) => ({
      profile: {
        userId,
        items:
          at === userIds.length - 1
            ? []
            : tags.map((tag) => ({ tag, value: { case: 'text', value: `${tag.slice(-4)} of ${userId}` } })),
      },
    })),
  });
}

describe('get_admin_list', () => {
  it('lists them', async () => {
    scriptProfiles();
    world.groups.listLiveAdmins = async () => ({ userIds: ['anna', 'adam'] });
    expect((await world.call(`${SVC}/get_admin_list`, { GroupId: 'g1' })).body).toEqual({
      ...OK,
      Admin_List: [
        { Admin_Account: 'anna', NickName: 'Nick of anna', Avatar: 'mage of anna' },
        { Admin_Account: 'adam', NickName: '', Avatar: '' },
      ],
    });
    await groupRefusal(world, `${SVC}/get_admin_list`, {}, 10004);
  });
});

describe('check_members', () => {
  const PATH = `${SVC}/check_members`;
  const request = { GroupId: 'g1', Member_Account: ['bob', 'carol', 'bob'] };

  it('answers who is there', async () => {
    world.groups.checkVisitors = async () => ({ userIds: ['carol'] });
    expect((await world.call(PATH, request)).body).toEqual({ ...OK, Member_Account: ['carol'] });
    expect(world.callsOf('CheckVisitors')[0]?.request).toEqual({ groupId: 'g1', userIds: ['bob', 'carol'] });
    world.groups.checkVisitors = async () => ({});
    expect((await world.call(PATH, request)).body).toEqual({ ...OK, Member_Account: [] });
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no Member_Account', { Member_Account: undefined }, 10004],
    ['501 members', { Member_Account: many(501, (index) => `u${index}`) }, 10005],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, PATH, { ...request, ...(change as object) }, code),
  );

  it('says so when a gateway does not answer', async () => {
    world.groups.checkVisitors = refusing(ErrorCode.UNAVAILABLE, 'a gateway is away');
    const { body } = await world.call(PATH, request);
    expect(body).toMatchObject({ ActionStatus: 'FAIL' });
  });
});

describe('get_members', () => {
  const PATH = `${SVC}/get_members`;

  it('lists them, a page at a time', async () => {
    world.groups.listVisitors = async () => ({
      visitors: [
        { userId: 'bob', sinceMs: 1_700_000_000_999n },
        { userId: 'carol', sinceMs: 1_700_000_000_000n },
      ],
      nextBeforeMs: 1_700_000_000_999n,
    });
    scriptProfiles();
    const request = { GroupId: 'g1', Timestamp: 1_800_000_000_000, Mark: 1_000 };
    expect((await world.call(PATH, request)).body).toEqual({
      ...OK,
      MemberList: [
        { Member_Account: 'bob', JoinTime: 1_700_000_000, NickName: 'Nick of bob', Avatar: 'mage of bob' },
        { Member_Account: 'carol', JoinTime: 1_700_000_000, NickName: '', Avatar: '' },
      ],
      NextTimestamp: 1_700_000_000_999,
    });
    world.groups.listVisitors = async () => ({});
    expect((await world.call(PATH, { GroupId: 'g1', Timestamp: 0 })).body).toEqual({
      ...OK,
      MemberList: [],
      NextTimestamp: 0,
    });
    expect(world.callsOf('ListVisitors').map((call) => call.request)).toEqual([
      { groupId: 'g1', beforeMs: 1_800_000_000_000n, mark: 1_000, limit: 500 },
      { groupId: 'g1', beforeMs: 0n, mark: 0, limit: 500 },
    ]);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['a Timestamp that is a string', { Timestamp: '0' }, 10004],
    ['a negative Mark', { Mark: -1 }, 10004],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, PATH, { GroupId: 'g1', ...(change as object) }, code),
  );
});

describe('modify_user_info', () => {
  const PATH = `${SVC}/modify_user_info`;
  const request = {
    GroupId: 'g1',
    CommandType: 1,
    MemberList: [
      { Member_Account: 'bob', Marks: [1_001, 1_000] },
      { Member_Account: 'carol', Marks: [1_000] },
      { Member_Account: 'dave', Marks: [1_000, 1_001] },
    ],
  };

  it('marks those together who get the same marks, and answers for whom it was done', async () => {
    world.groups.markVisitors = async ({ marks }) => ({
      userIds: marks.length === 1 ? ['carol'] : ['dave'],
    });
    expect((await world.call(PATH, request)).body).toEqual({
      ...OK,
      CommandType: 1,
      MemberList: [
        { Member_Account: 'carol', Marks: [1_000] },
        { Member_Account: 'dave', Marks: [1_000, 1_001] },
      ],
    });
    await world.call(PATH, { ...request, CommandType: 2 });
    expect(world.callsOf('MarkVisitors').map((call) => call.request)).toEqual([
      { groupId: 'g1', userIds: ['bob', 'dave'], marks: [1_000, 1_001], set: true },
      { groupId: 'g1', userIds: ['carol'], marks: [1_000], set: true },
      { groupId: 'g1', userIds: ['bob', 'dave'], marks: [1_000, 1_001], set: false },
      { groupId: 'g1', userIds: ['carol'], marks: [1_000], set: false },
    ]);
  });

  it('fails when it was done for nobody', async () => {
    world.groups.markVisitors = refusing(ErrorCode.GROUP_BAD_PARAMETER, 'nobody is there');
    await groupRefusal(world, PATH, request, 10004);
  });

  const item = (change: object) => ({ MemberList: [{ Member_Account: 'bob', Marks: [1_000], ...change }] });
  it.each<RefusalRow>([
    ['no CommandType', { CommandType: undefined }, 10004],
    ['no MemberList', { MemberList: undefined }, 10004],
    ['no marks', item({ Marks: [] }), 10004],
    ['a mark that is a string', item({ Marks: ['1000'] }), 10004],
    ['what is no UserID', item({ Member_Account: '' }), 10004],
    ['501 members', { MemberList: many(501, (at) => ({ Member_Account: `u${at}`, Marks: [1_000] })) }, 10005],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, PATH, { ...request, ...(change as object) }, code),
  );
});

describe('robots', () => {
  it('are added and deleted', async () => {
    world.groups.markVisitors = async ({ userIds }) => ({ userIds });
    const request = { GroupId: 'g1', Member_Account: ['robby', 'robin'] };
    expect((await world.call(`${SVC}/add_robots`, request)).body).toEqual(OK);
    expect((await world.call(`${SVC}/del_robots`, request)).body).toEqual(OK);
    const userIds = ['robby', 'robin'];
    expect(world.callsOf('MarkVisitors').map((call) => call.request)).toEqual([
      { groupId: 'g1', userIds, marks: [500], set: true },
      { groupId: 'g1', userIds, marks: [500], set: false },
    ]);
    await groupRefusal(world, `${SVC}/add_robots`, { GroupId: 'g1', Member_Account: [] }, 10004);
  });
});

describe('send_broadcast_msg', () => {
  const PATH = 'group_open_http_svc/send_broadcast_msg';
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }];

  it('says something in all live groups', async () => {
    world.messages.broadcast = async () => ({ msgSeq: 7, timeMs: 1_700_000_000_999n });
    const request = { From_Account: 'bob', Random: 5, MsgBody, CloudCustomData: 'c' };
    expect((await world.call(PATH, request)).body).toEqual({ ...OK, MsgSeq: 7, MsgTime: 1_700_000_000 });
    const [call] = world.callsOf('Broadcast');
    expect(call?.request).toMatchObject({ from: 'bob', random: 5, cloudCustomData: 'c' });
  });

  it.each<RefusalRow>([
    ['no Random', { Random: undefined }, 10004],
    ['no MsgBody', { MsgBody: undefined }, 10004],
    [
      'a body that is too long',
      { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x'.repeat(12_289) } }] },
      80002,
    ],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, PATH, { Random: 5, MsgBody, ...(change as object) }, code),
  );
});
