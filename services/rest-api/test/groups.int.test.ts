// The commands about groups as a whole: every field, option, item result and refusal.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

const { JoinOption, Role } = groupv1;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = (command: string, body: unknown, code: number) =>
  groupRefusal(world, command, body, code);

const requestOf = (method: string): Record<string, unknown> => world.callsOf(method)[0]?.request ?? {};

const CREATION_REFUSALS: RefusalRow[] = [
  ['no Type', { Type: undefined }, 10004],
  ['an empty Type', { Type: '' }, 10004],
  ['a Type that is a number', { Type: 1 }, 10004],
  ['no Name', { Name: undefined }, 10004],
  ['a Name that is a number', { Name: 1 }, 10004],
  ['an Owner_Account of 33 bytes', { Owner_Account: 'a'.repeat(33) }, 10004],
  ['a GroupId of 97 bytes', { GroupId: 'a'.repeat(97) }, 10015],
  ['a GroupId outside ASCII', { GroupId: 'zoë' }, 10015],
  ['a MaxMemberCount that is a string', { MaxMemberCount: '5' }, 10004],
  ['a MaxMemberCount of 0', { MaxMemberCount: 0 }, 10004],
  ['an unknown ApplyJoinOption', { ApplyJoinOption: 'Free' }, 10004],
  ['the InviteJoinOption of applications', { InviteJoinOption: 'DisableApply' }, 10004],
  ['a SupportTopic of 2', { SupportTopic: 2 }, 10004],
  ['an EnablePermission that is a boolean', { EnablePermission: true }, 10004],
  ['a DefaultPermission with a fraction', { DefaultPermission: 0.5 }, 10004],
  ['AppDefinedData that is an object', { AppDefinedData: { Key: 'a', Value: 'b' } }, 10004],
  ['AppDefinedData without Key', { AppDefinedData: [{ Value: 'b' }] }, 10004],
  ['a Key of 17 bytes', { AppDefinedData: [{ Key: 'a'.repeat(17), Value: '' }] }, 10004],
  ['a Key with a dash', { AppDefinedData: [{ Key: 'a-b', Value: '' }] }, 10004],
  ['the Key __proto__', { AppDefinedData: [{ Key: '__proto__', Value: '' }] }, 10004],
  ['a Value that is a number', { AppDefinedData: [{ Key: 'a', Value: 1 }] }, 10004],
];

describe('create_group', () => {
  const PATH = `${SVC}/create_group`;
  const request = { Type: 'Public', Name: 'n' };
  beforeEach(() => {
    world.groups.createGroup = async () => ({ group: { groupId: 'g1' } });
  });

  it('creates a group with all that can be said of it', async () => {
    const body = {
      ...request,
      Owner_Account: 'alice',
      GroupId: 'g1',
      Introduction: 'i',
      Notification: 'no',
      FaceUrl: 'https://f',
      MaxMemberCount: 50,
      ApplyJoinOption: 'FreeAccess',
      InviteJoinOption: 'DisableInvite',
      SupportTopic: 1,
      EnablePermission: 1,
      DefaultPermission: 65,
      AppDefinedData: [
        { Key: 'a', Value: 'b\u0000' },
        { Key: 'c', Value: '' },
      ],
      AppMemberDefinedData: [{ Key: 'x', Value: 'y' }],
      MemberList: [
        { Member_Account: 'bob', Role: 'Admin', NameCard: 'B' },
        {
          Member_Account: 'carol',
          JoinTime: 1_500_000_000,
          AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
        },
      ],
    };
    expect((await world.call(PATH, body)).body).toEqual({ ...OK, GroupId: 'g1' });
    const asked = requestOf('CreateGroup');
    expect(asked).toMatchObject({
      owner: 'alice',
      type: 'Public',
      groupId: 'g1',
      supportTopic: true,
      isImport: false,
      fields: {
        name: 'n',
        introduction: 'i',
        notification: 'no',
        faceUrl: 'https://f',
        maxMemberNum: 50,
        applyJoinOption: JoinOption.FREE,
        inviteJoinOption: JoinOption.DISABLED,
        enablePermission: true,
        defaultPermission: 65n,
        custom: { a: 'b\u0000', c: '' },
      },
      members: [
        { userId: 'bob', role: Role.ADMIN, nameCard: 'B' },
        { userId: 'carol', joinTimeS: 1_500_000_000, custom: { k: 'v' } },
      ],
    });
    expect(asked.creationId).not.toBe('');
  });

  it('leaves to the service what nobody said', async () => {
    await world.call(PATH, {
      ...request,
      GroupId: '',
      Owner_Account: '',
      MemberList: [],
      Introduction: null,
    });
    const { fields, ...asked } = requestOf('CreateGroup');
    expect(asked).toMatchObject({ owner: '', groupId: '', members: [], supportTopic: false });
    expect(fields).toMatchObject({ name: 'n', custom: {}, applyJoinOption: JoinOption.UNSPECIFIED });
    expect((fields as groupv1.GroupFields).introduction).toBeUndefined();
  });

  it.each([
    ['Private', 'Private'],
    ['Work', 'Private'],
    ['Public', 'Public'],
    ['ChatRoom', 'ChatRoom'],
    ['Meeting', 'ChatRoom'],
    ['AVChatRoom', 'AVChatRoom'],
    ['Community', 'Community'],
    ['Guild', 'Guild'],
  ])('takes the type %s as %s', async (Type, type) => {
    await world.call(PATH, { ...request, Type });
    expect(requestOf('CreateGroup').type).toBe(type);
  });

  it('is another group at every call', async () => {
    await world.call(PATH, request);
    await world.call(PATH, request);
    const ids = world.callsOf('CreateGroup').map((call) => call.request.creationId);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it.each<RefusalRow>([
    ...CREATION_REFUSALS,
    ['a MemberList that is an object', { MemberList: {} }, 10004],
    ['a string in MemberList', { MemberList: ['bob'] }, 10004],
    ['a member without account', { MemberList: [{}] }, 10004],
    ['a member whose account is no UserID', { MemberList: [{ Member_Account: 'a'.repeat(33) }] }, 10004],
    ['a second owner', { MemberList: [{ Member_Account: 'bob', Role: 'Owner' }] }, 10004],
    ['101 members', { MemberList: many(101, (index) => ({ Member_Account: `u${index}` })) }, 10005],
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));

  it.each([10019, 10021, 10025, 10036, 10037, 10038, 10059, 11000, 80001])(
    'answers what the service says: %d',
    async (code) => {
      world.groups.createGroup = refusing(code, 'says the service');
      const { body } = await world.call(PATH, request);
      expect(body).toEqual({ ActionStatus: 'FAIL', ErrorCode: code, ErrorInfo: 'says the service' });
    },
  );
});

describe('import_group', () => {
  const PATH = `${SVC}/import_group`;
  const request = { Type: 'Work', Name: 'n' };
  beforeEach(() => {
    world.groups.createGroup = async () => ({ group: { groupId: 'g1' } });
  });

  it('brings a group in with its time', async () => {
    const body = { ...request, Owner_Account: 'alice', CreateTime: 1_448_357_837, MaxMemberCount: 7 };
    expect((await world.call(PATH, body)).body).toEqual({ ...OK, GroupId: 'g1' });
    expect(requestOf('CreateGroup')).toMatchObject({
      owner: 'alice',
      type: 'Private',
      isImport: true,
      createTimeS: 1_448_357_837,
      fields: { maxMemberNum: 7 },
    });
  });

  it.each<RefusalRow>([
    ...CREATION_REFUSALS,
    ['a CreateTime that is a string', { CreateTime: '1448357837' }, 10004],
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));
});

describe('get_appid_group_list', () => {
  const PATH = `${SVC}/get_appid_group_list`;

  it('answers a page', async () => {
    world.groups.listAppGroups = async () => ({ totalCount: 3n, groupIds: ['g1', 'g2'], next: 7n });
    expect((await world.call(PATH, { Limit: 2, Next: 5, GroupType: 'Meeting' })).body).toEqual({
      ...OK,
      TotalCount: 3,
      GroupIdList: [{ GroupId: 'g1' }, { GroupId: 'g2' }],
      Next: 7,
    });
    expect(requestOf('ListAppGroups')).toEqual({ type: 'ChatRoom', next: 5n, limit: 2 });
  });

  it.each([
    ['nothing', {}, { type: '', next: 0n, limit: 10_000 }],
    ['the old name of the type', { Type: 'Public' }, { type: 'Public', next: 0n, limit: 10_000 }],
    ['both names', { Type: 'Public', GroupType: 'Private' }, { type: 'Private', next: 0n, limit: 10_000 }],
    ['a Limit of 0', { Limit: 0 }, { type: '', next: 0n, limit: 10_000 }],
  ])('takes %s', async (_what, body, asked) => {
    world.groups.listAppGroups = async () => ({});
    expect((await world.call(PATH, body)).body).toEqual({ ...OK, TotalCount: 0, GroupIdList: [], Next: 0 });
    expect(requestOf('ListAppGroups')).toEqual(asked);
  });

  it('may be called once a second', async () => {
    world.groups.listAppGroups = async () => ({});
    expect((await world.call(PATH, {})).body).toMatchObject(OK);
    expect((await world.call(PATH, {})).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10006 });
    world.clock.advance(1_000);
    expect((await world.call(PATH, {})).body).toMatchObject(OK);
  });

  it('answers 10018 when the page has more than 1 MiB', async () => {
    world.groups.listAppGroups = async () => ({ groupIds: many(10_000, () => '"'.repeat(48)) });
    expect((await world.call(PATH, {})).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10018 });
  });

  it.each<RefusalRow>([
    ['a Limit of 10,001', { Limit: 10_001 }, 10004],
    ['a Next that is a string', { Next: '0' }, 10004],
    ['a negative Next', { Next: -1 }, 10004],
    ['a GroupType that is a number', { GroupType: 1 }, 10004],
  ])('refuses %s', (_what, body, code) => expectRefusal(PATH, body, code));
});

describe('modify_group_base_info', () => {
  const PATH = `${SVC}/modify_group_base_info`;
  beforeEach(() => {
    world.groups.modifyGroup = async () => ({});
  });

  it('changes what is given', async () => {
    const body = {
      GroupId: 'g1',
      Name: 'n2',
      Introduction: '',
      MaxMemberNum: 500,
      ApplyJoinOption: 'DisableApply',
      InviteJoinOption: 'NeedPermission',
      HistoryMsgBeforeJoin: 'On',
      MuteAllMember: 'Off',
      EnablePermission: 0,
      AppDefinedData: [{ Key: 'a', Value: '' }],
      From_Account: 'alice',
    };
    expect((await world.call(PATH, body)).body).toEqual(OK);
    const { fields, ...asked } = requestOf('ModifyGroup');
    expect(asked).toEqual({ groupId: 'g1', operator: 'alice' });
    expect(fields).toMatchObject({
      name: 'n2',
      introduction: '',
      maxMemberNum: 500,
      applyJoinOption: JoinOption.DISABLED,
      inviteJoinOption: JoinOption.NEED_PERMISSION,
      historyBeforeJoin: true,
      muteAll: false,
      enablePermission: false,
      custom: { a: '' },
    });
    expect((fields as groupv1.GroupFields).notification).toBeUndefined();
  });

  it.each([
    [{ ShutUpAllMember: 'On' }, true],
    [{ MuteAllMember: 'On', ShutUpAllMember: 'Off' }, true],
    [{}, undefined],
  ])('reads the mute of all under both names: %p', async (body, muteAll) => {
    await world.call(PATH, { GroupId: 'g1', ...body });
    expect((requestOf('ModifyGroup').fields as groupv1.GroupFields).muteAll).toBe(muteAll);
  });

  it.each<RefusalRow>([
    ['no GroupId', { Name: 'n' }, 10004],
    ['an empty GroupId', { GroupId: '' }, 10015],
    ['a GroupId that is a number', { GroupId: 1 }, 10004],
    ['a MuteAllMember that is a number', { GroupId: 'g1', MuteAllMember: 1 }, 10004],
    ['a MuteAllMember in lower case', { GroupId: 'g1', MuteAllMember: 'on' }, 10004],
    ['a From_Account that is a number', { GroupId: 'g1', From_Account: 1 }, 10004],
  ])('refuses %s', (_what, body, code) => expectRefusal(PATH, body, code));

  it.each([10007, 10010, 10026, 80001])('answers what the service says: %d', async (code) => {
    world.groups.modifyGroup = refusing(code, 'says the service');
    await expectRefusal(PATH, { GroupId: 'g1', Name: 'n' }, code);
  });
});

describe('destroy_group and change_group_owner', () => {
  it('end a group', async () => {
    world.groups.destroyGroup = async () => ({});
    expect((await world.call(`${SVC}/destroy_group`, { GroupId: 'g1' })).body).toEqual(OK);
    expect(requestOf('DestroyGroup')).toMatchObject({ groupId: 'g1', operator: '' });
    await expectRefusal(`${SVC}/destroy_group`, {}, 10004);
  });

  it('hand it over', async () => {
    world.groups.transferGroup = async () => ({});
    const body = { GroupId: 'g1', NewOwner_Account: 'bob', From_Account: 'alice' };
    expect((await world.call(`${SVC}/change_group_owner`, body)).body).toEqual(OK);
    expect(requestOf('TransferGroup')).toEqual({ groupId: 'g1', newOwner: 'bob', operator: 'alice' });
    await expectRefusal(`${SVC}/change_group_owner`, { GroupId: 'g1' }, 10004);
    await expectRefusal(`${SVC}/change_group_owner`, { GroupId: 'g1', NewOwner_Account: '' }, 10004);
  });
});

describe('group commands', () => {
  const PATH = `${SVC}/destroy_group`;

  it.each([
    ['no JSON', '{"GroupId":', 10011],
    ['an array', '[]', 10011],
  ])('refuse a body that is %s', async (_what, body, code) => {
    expect((await world.call(PATH, body)).body).toMatchObject({ ErrorCode: code });
  });

  it('are for admins: 10007', async () => {
    world.auth.verifyUserSig = async () => ({
      isAdmin: false,
      expiresAtMs: BigInt(world.clock.now() + 1_000),
    });
    expect((await world.call(PATH, { GroupId: 'g1' })).body).toMatchObject({ ErrorCode: 10007 });
  });

  it.each([
    [ErrorCode.INTERNAL, 10002],
    [ErrorCode.GROUP_INTERNAL, 10002],
    [ErrorCode.UNAVAILABLE, 10002],
    [ErrorCode.TIMEOUT, 10002],
    [ErrorCode.UNKNOWN_COMMAND, 10002],
    [ErrorCode.OVERLOADED, 60018],
  ])(
    'turn trouble inside into their own code and say nothing about us: %d becomes %d',
    async (inner, code) => {
      world.groups.destroyGroup = refusing(inner, 'parley.group.v1 at 10.0.0.1');
      const { body } = await world.call(PATH, { GroupId: 'g1' });
      expect(body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
      expect(JSON.stringify(body)).not.toMatch(/parley|10\.0/);
    },
  );
});
