// The commands about members: every field, alias, item result and refusal.
import { groupv1 } from '@parley/proto';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

const { MemberResult, ReceiveOption, Role } = groupv1;

let world: World;
beforeEach(async () => {
  world = new World();
  world.messages.getStandings = async ({ members }) => ({ standings: members.map(() => ({})) });
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = (command: string, body: unknown, code: number) =>
  groupRefusal(world, command, body, code);

const requestOf = (method: string): Record<string, unknown> => world.callsOf(method)[0]?.request ?? {};

/** The refusals of a command with a list of UserIDs. */
const listRefusals = (name: string, max: number): RefusalRow[] => [
  ['no GroupId', { GroupId: undefined }, 10004],
  ['a GroupId outside ASCII', { GroupId: 'zoë' }, 10015],
  [`no ${name}`, { [name]: undefined }, 10004],
  [`a ${name} that is a string`, { [name]: 'bob' }, 10004],
  [`an empty ${name}`, { [name]: [] }, 10004],
  [`a number in ${name}`, { [name]: [1] }, 10004],
  [`a name in ${name} that is no UserID`, { [name]: ['a'.repeat(33)] }, 10004],
  [`${max + 1} in ${name}`, { [name]: many(max + 1, (index) => `u${index}`) }, 10005],
];

const memberOf = (userId: string, role = Role.MEMBER) => ({
  userId,
  role,
  joinTimeS: 5,
  receiveOption: ReceiveOption.DISCARD,
});

describe('get_group_member_info', () => {
  const PATH = `${SVC}/get_group_member_info`;
  beforeEach(() => {
    world.groups.listMembers = async ({ limit, offset }) => ({
      members: many(Math.min(limit, 3), (index) => memberOf(`u${index + offset}`)),
      memberNum: 300,
      nextCursor: '',
    });
  });

  it('answers members with everything', async () => {
    world.messages.getStandings = async () => ({ standings: [{ readSeq: 4n, lastSentMs: 9_000n }] });
    expect((await world.call(PATH, { GroupId: 'g1', Limit: 1, Offset: 7 })).body).toEqual({
      ...OK,
      MemberNum: 300,
      MemberList: [
        {
          Member_Account: 'u7',
          Role: 'Member',
          JoinTime: 5,
          MsgSeq: 4,
          MsgFlag: 'Discard',
          LastSendMsgTime: 9,
          NameCard: '',
          MuteUntil: 0,
          ShutUpUntil: 0,
        },
      ],
    });
    expect(requestOf('ListMembers')).toEqual({ groupId: 'g1', roles: [], limit: 1, offset: 7, cursor: '' });
    expect(requestOf('GetStandings')).toMatchObject({ members: [{ user: 'u7', groupId: 'g1' }] });
  });

  it('puts pages together up to Limit', async () => {
    world.groups.listMembers = async ({ cursor, limit }) => ({
      members: many(limit, (index) => memberOf(`u${cursor}${index}`)),
      nextCursor: `${cursor}x`,
    });
    const { body } = await world.call(PATH, { GroupId: 'g1', Limit: 250, MemberInfoFilter: ['Role'] });
    expect(body.MemberList).toHaveLength(250);
    const asked = world.callsOf('ListMembers').map(({ request }) => [request.cursor, request.limit]);
    expect(asked).toEqual([
      ['', 200],
      ['x', 50],
    ]);
  });

  it('answers what the filters name', async () => {
    world.groups.listMembers = async () => ({
      members: [{ ...memberOf('bob', Role.ADMIN), custom: { a: '1', b: '2' } }],
    });
    const body = {
      GroupId: 'g1',
      MemberInfoFilter: ['JoinTime', 'ShutUpUntil'],
      MemberRoleFilter: ['Owner', 'Admin'],
      AppDefinedDataFilter_GroupMember: ['b'],
    };
    expect((await world.call(PATH, body)).body.MemberList).toEqual([
      {
        Member_Account: 'bob',
        JoinTime: 5,
        MuteUntil: 0,
        ShutUpUntil: 0,
        AppMemberDefinedData: [{ Key: 'b', Value: '2' }],
      },
    ]);
    expect(requestOf('ListMembers').roles).toEqual([Role.OWNER, Role.ADMIN]);
    expect(world.callsOf('GetConversation')).toEqual([]);
  });

  it('pages communities by Next', async () => {
    world.groups.listMembers = async ({ cursor }) => ({
      members: [memberOf('bob')],
      nextCursor: cursor === '' ? 'page2' : '',
    });
    const first = { GroupId: '@TGS#_c1', Limit: 6_000, Offset: 3, Next: '' };
    expect((await world.call(PATH, first)).body).toMatchObject({ ...OK, Next: 'page2' });
    expect(requestOf('ListMembers')).toMatchObject({ cursor: '', limit: 100, offset: 0 });
    expect((await world.call(PATH, { GroupId: '@TGS#_c1', Next: 'page2' })).body).toMatchObject({ Next: '' });
    expect((await world.call(PATH, { GroupId: 'g1' })).body).not.toHaveProperty('Next');
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['a Limit of 6,001', { Limit: 6_001 }, 10004],
    ['a negative Offset', { Offset: -1 }, 10004],
    ['an unknown role', { MemberRoleFilter: ['Boss'] }, 10004],
    ['a MemberInfoFilter that is a string', { MemberInfoFilter: 'Role' }, 10004],
    ['a Next of a community that is a number', { GroupId: '@TGS#_c1', Next: 0 }, 10004],
  ])('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { GroupId: 'g1', ...(change as object) }, code),
  );
});

describe('get_specified_group_member_info', () => {
  const PATH = `${SVC}/get_specified_group_member_info`;

  it('answers those who are members and have the role', async () => {
    world.groups.getMembers = async () => ({ members: [memberOf('alice', Role.OWNER), memberOf('bob')] });
    const body = {
      GroupId: 'g1',
      Member_List_Account: ['alice', 'bob', 'carol', 'bob'],
      MemberInfoFilter: ['Role'],
      MemberRoleFilter: ['Owner'],
    };
    expect((await world.call(PATH, body)).body).toEqual({
      ...OK,
      GroupId: 'g1',
      MemberList: [{ Member_Account: 'alice', Role: 'Owner' }],
    });
    expect(requestOf('GetMembers').userIds).toEqual(['alice', 'bob', 'carol']);
  });

  it.each<RefusalRow>(listRefusals('Member_List_Account', 50))('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { GroupId: 'g1', Member_List_Account: ['bob'], ...(change as object) }, code),
  );
});

const ITEM_REFUSALS: RefusalRow[] = [
  ['no GroupId', { GroupId: undefined }, 10004],
  ['no MemberList', { MemberList: undefined }, 10004],
  ['an empty MemberList', { MemberList: [] }, 10004],
  ['a string in MemberList', { MemberList: ['bob'] }, 10004],
  ['an item without account', { MemberList: [{}] }, 10004],
  ['an account that is a number', { MemberList: [{ Member_Account: 1 }] }, 10004],
  ['301 members', { MemberList: many(301, (index) => ({ Member_Account: `u${index}` })) }, 10005],
];

describe('add_group_member', () => {
  const PATH = `${SVC}/add_group_member`;
  const RESULTS = [
    MemberResult.FAILED,
    MemberResult.ADDED,
    MemberResult.ALREADY_MEMBER,
    MemberResult.WAITING,
  ];

  it('answers a result for every item, in the order asked', async () => {
    world.groups.addMembers = async ({ members }) => ({
      members: members.map(({ userId }, at) => ({ userId, result: RESULTS[at] ?? MemberResult.FAILED })),
    });
    const accounts = ['a', 'b', 'zoë', 'c', 'd', 'b'];
    const body = {
      GroupId: 'g1',
      MemberList: accounts.map((Member_Account) => ({ Member_Account, Role: 'Admin' })),
    };
    expect((await world.call(PATH, body)).body).toEqual({
      ...OK,
      MemberList: [0, 1, 0, 2, 3, 1].map((Result, at) => ({ Member_Account: accounts[at], Result })),
    });
    const { members, ...asked } = requestOf('AddMembers');
    expect(asked).toEqual({ groupId: 'g1', silent: false, isImport: false });
    expect(members).toMatchObject(['a', 'b', 'c', 'd'].map((userId) => ({ userId, role: Role.UNSPECIFIED })));
  });

  it('can be silent, and asks nobody about nothing', async () => {
    world.groups.addMembers = async () => ({});
    await world.call(PATH, { GroupId: 'g1', Silence: 1, MemberList: [{ Member_Account: 'a' }] });
    expect(requestOf('AddMembers').silent).toBe(true);
    const { body } = await world.call(PATH, { GroupId: 'g1', MemberList: [{ Member_Account: 'zoë' }] });
    expect(body).toEqual({ ...OK, MemberList: [{ Member_Account: 'zoë', Result: 0 }] });
    expect(world.callsOf('AddMembers')).toHaveLength(1);
  });

  it.each<RefusalRow>([...ITEM_REFUSALS, ['a Silence of 2', { Silence: 2 }, 10004]])(
    'refuses %s',
    (_what, change, code) =>
      expectRefusal(
        PATH,
        { GroupId: 'g1', MemberList: [{ Member_Account: 'b' }], ...(change as object) },
        code,
      ),
  );

  it.each([10007, 10010, 10014, 10016, 10019, 10026, 10037, 10038])(
    'answers what the service says: %d',
    async (code) => {
      world.groups.addMembers = refusing(code, 'says the service');
      await expectRefusal(PATH, { GroupId: 'g1', MemberList: [{ Member_Account: 'b' }] }, code);
    },
  );
});

describe('import_group_member', () => {
  const PATH = `${SVC}/import_group_member`;

  it('brings members in with role, time and unread count, and tells nobody', async () => {
    world.groups.addMembers = async () => ({ members: [{ userId: 'b', result: MemberResult.ADDED }] });
    const item = { Member_Account: 'b', Role: 'Admin', JoinTime: 1_448_357_837, UnreadMsgNum: 5 };
    const { body } = await world.call(PATH, {
      GroupId: 'g1',
      MemberList: [item, { Member_Account: 'gone' }],
    });
    expect(body).toEqual({
      ...OK,
      MemberList: [
        { Member_Account: 'b', Result: 1 },
        { Member_Account: 'gone', Result: 0 },
      ],
    });
    const { members, ...asked } = requestOf('AddMembers');
    expect(asked).toEqual({ groupId: 'g1', silent: true, isImport: true });
    expect(members).toMatchObject([
      { userId: 'b', role: Role.ADMIN, joinTimeS: 1_448_357_837, unreadCount: 5 },
      { userId: 'gone' },
    ]);
  });

  it.each<RefusalRow>([
    ...ITEM_REFUSALS,
    ['the role Owner', { MemberList: [{ Member_Account: 'b', Role: 'Owner' }] }, 10004],
    ['a JoinTime that is a string', { MemberList: [{ Member_Account: 'b', JoinTime: '1' }] }, 10004],
    ['a negative UnreadMsgNum', { MemberList: [{ Member_Account: 'b', UnreadMsgNum: -1 }] }, 10004],
  ])('refuses %s', (_what, change, code) =>
    expectRefusal(
      PATH,
      { GroupId: 'g1', MemberList: [{ Member_Account: 'b' }], ...(change as object) },
      code,
    ),
  );
});

describe('delete_group_member', () => {
  const PATH = `${SVC}/delete_group_member`;

  it('removes up to 500', async () => {
    world.groups.removeMembers = async () => ({});
    const users = many(500, (index) => `u${index}`);
    const body = { GroupId: 'g1', Silence: 1, Reason: 'spam', MemberToDel_Account: [...users] };
    expect((await world.call(PATH, body)).body).toEqual(OK);
    expect(requestOf('RemoveMembers')).toEqual({
      groupId: 'g1',
      userIds: users,
      reason: 'spam',
      silent: true,
    });
  });

  it.each<RefusalRow>([
    ...listRefusals('MemberToDel_Account', 500),
    ['a Reason that is a number', { Reason: 1 }, 10004],
  ])('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { GroupId: 'g1', MemberToDel_Account: ['bob'], ...(change as object) }, code),
  );
});

describe('modify_group_member_info', () => {
  const PATH = `${SVC}/modify_group_member_info`;
  const request = { GroupId: 'g1', Member_Account: 'bob' };
  beforeEach(() => {
    world.groups.modifyMember = async () => ({});
  });

  it('changes what is given', async () => {
    const body = {
      ...request,
      Role: 'Admin',
      MsgFlag: 'AcceptNotNotifyExceptAt',
      NameCard: '',
      MuteTime: 60,
      AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
    };
    expect((await world.call(PATH, body)).body).toEqual(OK);
    expect(requestOf('ModifyMember')).toEqual({
      groupId: 'g1',
      userId: 'bob',
      role: Role.ADMIN,
      receiveOption: ReceiveOption.NOT_NOTIFY_EXCEPT_AT,
      nameCard: '',
      muteSeconds: 60,
      custom: { k: 'v' },
    });
    await world.call(PATH, request);
    const bare = world.callsOf('ModifyMember')[1]?.request ?? {};
    expect([bare.role, bare.nameCard, bare.muteSeconds]).toEqual([Role.UNSPECIFIED, undefined, undefined]);
  });

  it.each([
    [{ ShutUpTime: 5 }, 5],
    [{ MuteTime: 0, ShutUpTime: 5 }, 0],
  ])('reads the mute under both names: %p', async (body, seconds) => {
    await world.call(PATH, { ...request, ...body });
    expect(requestOf('ModifyMember').muteSeconds).toBe(seconds);
  });

  it.each<RefusalRow>([
    ['no Member_Account', { Member_Account: undefined }, 10004],
    ['the role Owner', { Role: 'Owner' }, 10004],
    ['an unknown MsgFlag', { MsgFlag: 'Loud' }, 10004],
    ['a MuteTime above 32 bits', { MuteTime: 4_294_967_296 }, 10004],
    ['a NameCard that is a number', { NameCard: 1 }, 10004],
    ['AppMemberDefinedData without Key', { AppMemberDefinedData: [{ Value: 'v' }] }, 10004],
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));
});

describe('get_role_in_group', () => {
  const PATH = `${SVC}/get_role_in_group`;

  it('answers everybody asked about', async () => {
    world.groups.getMembers = async () => ({
      members: [memberOf('o', Role.OWNER), memberOf('a', Role.ADMIN), memberOf('m')],
    });
    const { body } = await world.call(PATH, { GroupId: 'g1', User_Account: ['m', 'x', 'o', 'a'] });
    expect(body).toEqual({
      ...OK,
      UserIdList: [
        { Member_Account: 'm', Role: 'Member' },
        { Member_Account: 'x', Role: 'NotMember' },
        { Member_Account: 'o', Role: 'Owner' },
        { Member_Account: 'a', Role: 'Admin' },
      ],
    });
  });

  it.each<RefusalRow>(listRefusals('User_Account', 500))('refuses %s', (_what, change, code) =>
    expectRefusal(PATH, { GroupId: 'g1', User_Account: ['bob'], ...(change as object) }, code),
  );
});
