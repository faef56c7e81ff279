// The group commands over HTTP and the real services: groups and their members.
import { ADMIN, APP, type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };
const FOREVER = 4_294_967_295;

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);

/** A group of the owner and members, as the test needs one. */
async function newGroup(change: object = {}): Promise<string> {
  const answer = await group('create_group', { Type: 'Public', Name: 'n', ...change });
  expect(answer).toMatchObject(OK);
  return String(answer.GroupId);
}

async function infoOf(GroupId: string): Promise<Reply> {
  const answer = await group('get_group_info', { GroupIdList: [GroupId] });
  expect(answer).toMatchObject(OK);
  return (answer.GroupInfo as Reply[])[0] ?? {};
}

const accountsOf = (list: unknown): string[] =>
  (list as { Member_Account: string }[]).map(({ Member_Account }) => Member_Account);

const asMembers = (accounts: readonly string[]) => accounts.map((Member_Account) => ({ Member_Account }));

describe('groups over REST', () => {
  it('are created, shown, changed and ended [parity: rest v4/group_open_http_svc/create_group, rest v4/group_open_http_svc/get_group_info, rest v4/group_open_http_svc/modify_group_base_info, rest v4/group_open_http_svc/destroy_group]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const GroupId = await newGroup({
      Owner_Account: alice,
      GroupId: 'own id',
      Introduction: 'i',
      MaxMemberCount: 50,
      AppDefinedData: [{ Key: 'k', Value: 'v' }],
      MemberList: [{ Member_Account: bob, Role: 'Admin', NameCard: 'B' }],
    });
    expect(GroupId).toBe('own id');
    const created = await infoOf(GroupId);
    expect(created).toMatchObject({
      ErrorCode: 0,
      GroupId,
      Type: 'Public',
      Name: 'n',
      Introduction: 'i',
      Owner_Account: alice,
      MemberNum: 2,
      MaxMemberNum: 50,
      ApplyJoinOption: 'NeedPermission',
      InviteJoinOption: 'DisableInvite',
      MuteAllMember: 'Off',
      ShutUpAllMember: 'Off',
      HistoryMsgBeforeJoin: 'Off',
      Appid: APP,
      AppDefinedData: [{ Key: 'k', Value: 'v' }],
    });
    expect(created.MemberList).toMatchObject([
      { Member_Account: alice, Role: 'Owner', MuteUntil: 0 },
      { Member_Account: bob, Role: 'Admin', NameCard: 'B' },
    ]);
    const change = { Name: 'n2', MuteAllMember: 'On', AppDefinedData: [{ Key: 'k', Value: '' }] };
    expect(await group('modify_group_base_info', { GroupId, ...change, From_Account: alice })).toMatchObject(
      OK,
    );
    const changed = await infoOf(GroupId);
    expect(changed).toMatchObject({ Name: 'n2', Introduction: 'i', ShutUpAllMember: 'On' });
    expect(changed).not.toHaveProperty('AppDefinedData');
    expect(Number(changed.InfoSeq)).toBeGreaterThan(Number(created.InfoSeq));
    expect(await group('create_group', { Type: 'Public', Name: 'n', GroupId })).toMatchObject({
      ErrorCode: 10021,
    });
    const again = { Type: 'Public', Name: 'n', GroupId, Owner_Account: alice };
    expect(await group('create_group', again)).toMatchObject({ ErrorCode: 10025 });
    expect(await group('destroy_group', { GroupId })).toMatchObject(OK);
    expect(await infoOf(GroupId)).toMatchObject({ ErrorCode: 10010 });
    expect(await group('destroy_group', { GroupId })).toMatchObject({ ErrorCode: 10010 });
  });

  it.each([
    ['Work', 'Private', '@TGS#'],
    ['Meeting', 'ChatRoom', '@TGS#'],
    ['AVChatRoom', 'AVChatRoom', '@TGS#'],
    ['Community', 'Community', '@TGS#_@TGS#c'],
  ])('of the type %s are shown as %s', async (Type, wire, prefix) => {
    const [alice = ''] = await world.newUsers(1);
    const GroupId = await newGroup({ Type, Owner_Account: alice });
    expect(GroupId.startsWith(prefix)).toBe(true);
    expect(await infoOf(GroupId)).toMatchObject({ ErrorCode: 0, Type: wire, NextMsgSeq: expect.any(Number) });
  });

  it.each([
    ['an unknown type', { Type: 'BChatRoom' }, 10004],
    ['an owner who does not exist', { Owner_Account: 'nobody' }, 10019],
    ['a GroupId of servers', { GroupId: '@TGS#a' }, 10015],
    ['a GroupId of 49 bytes', { GroupId: 'a'.repeat(49) }, 10015],
    ['members of a live group', { Type: 'AVChatRoom', MemberList: [{ Member_Account: ADMIN }] }, 10007],
  ])('are not created with %s', async (_what, change, code) => {
    const answer = await group('create_group', { Type: 'Public', Name: 'n', ...change });
    expect(answer).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  });

  it('are listed by app and by user [parity: rest v4/group_open_http_svc/get_appid_group_list, rest v4/group_open_http_svc/get_joined_group_list]', async () => {
    const [alice = ''] = await world.newUsers(1);
    const first = await newGroup({ Owner_Account: alice });
    const second = await newGroup({ Owner_Account: alice, Type: 'Meeting' });
    const joined = await group('get_joined_group_list', { Member_Account: alice });
    expect(joined).toMatchObject({ ...OK, TotalCount: 2 });
    const list = joined.GroupIdList as Reply[];
    expect(new Set(list.map(({ GroupId }) => GroupId))).toEqual(new Set([first, second]));
    expect(list.find(({ GroupId }) => GroupId === first)).toMatchObject({
      Type: 'Public',
      SelfInfo: { Role: 'Owner', MsgFlag: 'AcceptAndNotify' },
    });
    const filter = { GroupType: 'ChatRoom', ResponseFilter: { GroupBaseInfoFilter: ['Name'] } };
    expect((await group('get_joined_group_list', { Member_Account: alice, ...filter })).GroupIdList).toEqual([
      { GroupId: second, Name: 'n' },
    ]);
    const seen: unknown[] = [];
    let Next = 0;
    do {
      const page = await group('get_appid_group_list', { Limit: 2, Next, GroupType: 'Meeting' });
      expect(page).toMatchObject(OK);
      seen.push(...(page.GroupIdList as Reply[]).map(({ GroupId }) => GroupId));
      Next = Number(page.Next);
    } while (Next !== 0);
    expect(seen).toContain(second);
    expect(seen).not.toContain(first);
  });

  it('of Work are listed once somebody has said something, unless they are asked for', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const GroupId = await newGroup({ Type: 'Work', Owner_Account: alice, MemberList: asMembers([bob]) });
    const listed = async (change: object = {}) => {
      const answer = await group('get_joined_group_list', { Member_Account: bob, ...change });
      return [answer.TotalCount, (answer.GroupIdList as Reply[]).map((item) => item.GroupId)];
    };
    expect(await listed()).toEqual([0, []]);
    expect(await listed({ WithNoActiveGroups: 1 })).toEqual([1, [GroupId]]);
    expect(await world.say(alice, GroupId)).toBe(0);
    expect(await listed()).toEqual([1, [GroupId]]);
    expect(await listed({ Offset: 1 })).toEqual([1, []]);
  });

  it('show when members spoke last, and how far they have read', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const GroupId = await newGroup({ Owner_Account: alice, MemberList: asMembers([bob]) });
    const startS = Math.floor(Date.now() / 1_000);
    expect(await world.say(alice, GroupId)).toBe(0);
    const { MemberList } = await group('get_group_member_info', { GroupId });
    const [ofAlice, ofBob] = [alice, bob].map((user) =>
      (MemberList as Reply[]).find(({ Member_Account }) => Member_Account === user),
    );
    expect(ofBob).toMatchObject({ LastSendMsgTime: 0 });
    expect(Number(ofAlice?.LastSendMsgTime)).toBeGreaterThanOrEqual(startS);
    const { GroupIdList } = await group('get_joined_group_list', { Member_Account: alice });
    const { LastSendMsgTime, MsgSeq } = ofAlice ?? {};
    expect(GroupIdList).toMatchObject([{ GroupId, SelfInfo: { LastSendMsgTime, MsgSeq } }]);
    expect(Number(MsgSeq)).toBeGreaterThan(Number(ofBob?.MsgSeq));
  });

  it('are handed over, also when they have no owner [parity: rest v4/group_open_http_svc/change_group_owner]', async () => {
    const [alice = '', bob = '', carol = ''] = await world.newUsers(3);
    const GroupId = await newGroup({ MemberList: asMembers([alice, bob]) });
    expect((await infoOf(GroupId)).Owner_Account).toBe('');
    expect(await group('change_group_owner', { GroupId, NewOwner_Account: alice })).toMatchObject(OK);
    expect(await group('change_group_owner', { GroupId, NewOwner_Account: bob })).toMatchObject(OK);
    expect((await infoOf(GroupId)).Owner_Account).toBe(bob);
    const toStranger = await group('change_group_owner', { GroupId, NewOwner_Account: carol });
    expect(toStranger).toMatchObject({ ErrorCode: 10007 });
    const live = await newGroup({ Type: 'AVChatRoom', Owner_Account: alice });
    expect(await group('change_group_owner', { GroupId: live, NewOwner_Account: bob })).toMatchObject({
      ErrorCode: 10007,
    });
  });

  it('are brought in with their time, and members with theirs [parity: rest v4/group_open_http_svc/import_group, rest v4/group_open_http_svc/import_group_member]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const imported = await group('import_group', {
      Type: 'Work',
      Name: 'n',
      Owner_Account: alice,
      CreateTime: 1_448_357_837,
    });
    expect(imported).toMatchObject(OK);
    const GroupId = String(imported.GroupId);
    const MemberList = [
      { Member_Account: bob, JoinTime: 1_448_357_900 },
      { Member_Account: alice },
      { Member_Account: 'nobody' },
    ];
    expect((await group('import_group_member', { GroupId, MemberList })).MemberList).toEqual([
      { Member_Account: bob, Result: 1 },
      { Member_Account: alice, Result: 2 },
      { Member_Account: 'nobody', Result: 0 },
    ]);
    const info = await infoOf(GroupId);
    expect(info).toMatchObject({ CreateTime: 1_448_357_837, MemberNum: 2 });
    expect((info.MemberList as Reply[]).find(({ Member_Account }) => Member_Account === bob)).toMatchObject({
      JoinTime: 1_448_357_900,
    });
    const live = { Type: 'AVChatRoom', Name: 'n', Owner_Account: alice };
    expect(await group('import_group', live)).toMatchObject({ ErrorCode: 10007 });
  });
});

describe('members over REST', () => {
  it('come, are shown and go [parity: rest v4/group_open_http_svc/add_group_member, rest v4/group_open_http_svc/delete_group_member, rest v4/group_open_http_svc/get_group_member_info, rest v4/group_open_http_svc/get_specified_group_member_info, rest v4/group_open_http_svc/get_role_in_group]', async () => {
    const [alice = '', bob = '', carol = ''] = await world.newUsers(3);
    const GroupId = await newGroup({ Owner_Account: alice });
    const added = await group('add_group_member', {
      GroupId,
      MemberList: asMembers([bob, alice, 'nobody', carol]),
    });
    expect((added.MemberList as Reply[]).map(({ Result }) => Result)).toEqual([1, 2, 0, 1]);
    const all = await group('get_group_member_info', { GroupId });
    expect([all.MemberNum, accountsOf(all.MemberList)]).toEqual([3, [alice, bob, carol].sort()]);
    const page = await group('get_group_member_info', {
      GroupId,
      Limit: 1,
      Offset: 1,
      MemberInfoFilter: ['Role'],
    });
    expect(page).toEqual({
      ...OK,
      ErrorInfo: '',
      MemberNum: 3,
      MemberList: [{ Member_Account: bob, Role: 'Member' }],
    });
    const owners = await group('get_group_member_info', { GroupId, MemberRoleFilter: ['Owner'] });
    expect(accountsOf(owners.MemberList)).toEqual([alice]);
    const named = { GroupId, Member_List_Account: [bob, 'nobody'], MemberInfoFilter: ['MsgFlag'] };
    expect((await group('get_specified_group_member_info', named)).MemberList).toEqual([
      { Member_Account: bob, MsgFlag: 'AcceptAndNotify' },
    ]);
    const del = { GroupId, MemberToDel_Account: [carol, 'nobody'], Reason: 'spam' };
    expect(await group('delete_group_member', del)).toMatchObject(OK);
    expect(
      (await group('get_role_in_group', { GroupId, User_Account: [alice, bob, carol] })).UserIdList,
    ).toEqual([
      { Member_Account: alice, Role: 'Owner' },
      { Member_Account: bob, Role: 'Member' },
      { Member_Account: carol, Role: 'NotMember' },
    ]);
    const owner = { GroupId, MemberToDel_Account: [alice] };
    expect(await group('delete_group_member', owner)).toMatchObject({ ErrorCode: 10007 });
  });

  it('of communities are paged by Next', async () => {
    const users = await world.newUsers(5);
    const GroupId = await newGroup({ Type: 'Community', MemberList: asMembers(users) });
    const seen: string[] = [];
    let Next = '';
    do {
      const page = await group('get_group_member_info', { GroupId, Limit: 2, Next });
      expect(page).toMatchObject({ ...OK, MemberNum: 5 });
      seen.push(...accountsOf(page.MemberList));
      Next = String(page.Next);
    } while (Next !== '');
    expect(seen.sort()).toEqual(users.sort());
  });

  it.each([
    ['add_group_member', { MemberList: [{ Member_Account: ADMIN }] }, 10007],
    ['import_group_member', { MemberList: [{ Member_Account: ADMIN }] }, 10007],
    ['delete_group_member', { MemberToDel_Account: [ADMIN] }, 10004],
    ['modify_group_member_info', { Member_Account: ADMIN, NameCard: 'x' }, 10007],
    ['get_group_member_info', {}, 10007],
    ['get_specified_group_member_info', { Member_List_Account: [ADMIN] }, 10007],
    ['get_role_in_group', { User_Account: [ADMIN] }, 10007],
  ])('are nobody in a live group: %s', async (command, body, code) => {
    const GroupId = await newGroup({ Type: 'AVChatRoom' });
    expect(await group(command, { GroupId, ...body })).toMatchObject({
      ActionStatus: 'FAIL',
      ErrorCode: code,
    });
  });

  it.each([
    'get_group_member_info',
    'destroy_group',
    'get_group_muted_account',
    'clear_group_attr',
    'get_group_counter',
    'get_online_member_num',
  ])('of a group that does not exist: %s answers 10010', async (command) => {
    expect(await group(command, { GroupId: 'nothing' })).toMatchObject({ ErrorCode: 10010 });
  });

  it('are changed [parity: rest v4/group_open_http_svc/modify_group_member_info]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const GroupId = await newGroup({ Owner_Account: alice, MemberList: asMembers([bob]) });
    const change = {
      GroupId,
      Member_Account: bob,
      Role: 'Admin',
      MsgFlag: 'Discard',
      NameCard: 'B',
      MuteTime: 600,
      AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
    };
    expect(await group('modify_group_member_info', change)).toMatchObject(OK);
    const named = { GroupId, Member_List_Account: [bob] };
    const [member] = (await group('get_specified_group_member_info', named)).MemberList as Reply[];
    expect(member).toMatchObject({
      Role: 'Admin',
      MsgFlag: 'Discard',
      NameCard: 'B',
      AppMemberDefinedData: [{ Key: 'k', Value: 'v' }],
    });
    expect(Number(member?.MuteUntil)).toBeGreaterThan(Date.now() / 1_000 + 500);
    expect(member?.ShutUpUntil).toBe(member?.MuteUntil);
    const tooLong = { GroupId, Member_Account: bob, NameCard: 'é'.repeat(26) };
    expect(await group('modify_group_member_info', tooLong)).toMatchObject({ ErrorCode: 10004 });
    const stranger = { GroupId, Member_Account: 'nobody', NameCard: 'x' };
    expect(await group('modify_group_member_info', stranger)).toMatchObject({ ErrorCode: 10007 });
  });

  it('are muted [parity: rest v4/group_open_http_svc/forbid_send_msg, rest v4/group_open_http_svc/get_group_muted_account, alias v4/group_open_http_svc/get_group_shutted_uin]', async () => {
    const [alice = '', bob = ''] = await world.newUsers(2);
    const GroupId = await newGroup({ Owner_Account: alice, MemberList: asMembers([bob]) });
    const mute = (MuteTime: number) =>
      group('forbid_send_msg', { GroupId, Members_Account: [bob], MuteTime });
    expect(await mute(FOREVER)).toMatchObject(OK);
    const muted = await group('get_group_muted_account', { GroupId });
    const [{ MutedUntil } = {}] = muted.MutedAccountList as Reply[];
    expect(muted).toEqual({
      ...OK,
      ErrorInfo: '',
      GroupId,
      MutedAccountList: [{ Member_Account: bob, MutedUntil }],
      ShuttedUinList: [{ Member_Account: bob, ShuttedUntil: MutedUntil }],
    });
    expect(Number(MutedUntil)).toBeGreaterThan(Date.now() / 1_000);
    expect((await group('get_group_shutted_uin', { GroupId })).ShuttedUinList).toHaveLength(1);
    expect(await mute(0)).toMatchObject(OK);
    expect((await group('get_group_muted_account', { GroupId })).MutedAccountList).toEqual([]);
    const work = await newGroup({ Type: 'Work', Owner_Account: alice, MemberList: asMembers([bob]) });
    const inWork = { GroupId: work, Members_Account: [bob], MuteTime: 60 };
    expect(await group('forbid_send_msg', inWork)).toMatchObject({ ErrorCode: 10007 });
  });

  it('are banned [parity: rest v4/group_open_http_svc/ban_group_member, rest v4/group_open_http_svc/unban_group_member, rest v4/group_open_http_svc/get_group_ban_member]', async () => {
    const users = await world.newUsers(4);
    const [alice = '', ...others] = users;
    const GroupId = await newGroup({ Owner_Account: alice, MemberList: asMembers(others) });
    const ban = { GroupId, Members_Account: others, Duration: 600, Description: 'd' };
    expect(await group('ban_group_member', ban)).toMatchObject(OK);
    const first = await group('get_group_ban_member', { GroupId, Limit: 2, Offset: 0 });
    expect([accountsOf(first.BannedAccountList).length, first.NextOffset]).toEqual([2, 2]);
    const second = await group('get_group_ban_member', { GroupId, Limit: 2, Offset: 2 });
    expect([accountsOf(second.BannedAccountList).length, second.NextOffset]).toEqual([1, 0]);
    const back = await group('add_group_member', { GroupId, MemberList: asMembers(others.slice(0, 1)) });
    expect(back).toMatchObject({ MemberList: [{ Result: 0 }] });
    expect((await infoOf(GroupId)).MemberNum).toBe(1);
    expect(await group('unban_group_member', { GroupId, Members_Account: others })).toMatchObject(OK);
    expect((await group('get_group_ban_member', { GroupId, Offset: 0 })).BannedAccountList).toEqual([]);
  });
});
