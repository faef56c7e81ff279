// The commands about live groups over HTTP and the real services: who is there, and who leads.
import { LIVE_ROOMS_ID } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { APP, type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };
const TYPES = ['AVChatRoom', 'Stage'];

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start({
    customTypes: JSON.stringify([{ name: 'Stage', base: 'AVChatRoom', rateMax: 100 }]),
  });
});
afterAll(() => world.close());

const group = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);
const live = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_avchatroom_http_svc/${command}`, body);

/** A group and six more accounts than its owner. */
async function newGroup(Type: string): Promise<{ GroupId: string; users: string[] }> {
  const [Owner_Account = '', ...users] = await world.newUsers(7);
  const { GroupId } = await group('create_group', { Type, Name: 'n', Owner_Account });
  return { GroupId: String(GroupId), users };
}

describe.each(TYPES)('a live group of the type %s', (type) => {
  it('has a number of people, and says who is there [parity: rest v4/group_open_avchatroom_http_svc/check_members]', async () => {
    const { GroupId, users } = await newGroup(type);
    const [mia = '', max = '', moe = ''] = users;
    for (const user of [mia, mia, max, moe]) await world.gateway.connect(APP, user);
    for (const user of [mia, max]) await world.join(user, GroupId);
    expect(await group('get_online_member_num', { GroupId })).toMatchObject({ ...OK, OnlineMemberNum: 2 });
    expect(await live('check_members', { GroupId, Member_Account: [moe, max, mia] })).toMatchObject({
      ...OK,
      Member_Account: [max, mia],
    });
    await world.join(moe, GroupId);
    await waitFor(async () => (await group('get_online_member_num', { GroupId })).OnlineMemberNum === 3);
  });

  it('has admins who speak while all are muted [parity: rest v4/group_open_avchatroom_http_svc/modify_admin, rest v4/group_open_avchatroom_http_svc/get_admin_list]', async () => {
    const { GroupId, users } = await newGroup(type);
    const [anna = '', adam = '', mia = ''] = users;
    const said = () => Promise.all([anna, adam, mia].map((user) => world.say(user, GroupId)));
    const appoint = { GroupId, CommandType: 1, Admin_Account: [anna, adam] };
    expect(await live('modify_admin', appoint)).toMatchObject(OK);
    expect(await live('get_admin_list', { GroupId })).toMatchObject({
      ...OK,
      Admin_List: [{ Admin_Account: anna }, { Admin_Account: adam }],
    });
    expect(await group('modify_group_base_info', { GroupId, MuteAllMember: 'On' })).toMatchObject(OK);
    await waitFor(async () => (await world.say(mia, GroupId)) === 10017);
    expect(await said()).toEqual([0, 0, 10017]);
    const dismiss = { GroupId, CommandType: 2, Admin_Account: [adam] };
    expect(await live('modify_admin', dismiss)).toMatchObject(OK);
    expect(await live('get_admin_list', { GroupId })).toMatchObject({
      Admin_List: [{ Admin_Account: anna }],
    });
    await waitFor(async () => (await world.say(adam, GroupId)) === 10017);
    expect(await said()).toEqual([0, 10017, 10017]);
    expect(await live('modify_admin', { ...appoint, Admin_Account: ['nobody'] })).toMatchObject({
      ErrorCode: 10019,
    });
    expect(await live('modify_admin', { ...appoint, Admin_Account: users })).toMatchObject({
      ErrorCode: 10005,
    });
  });

  it('lists its visitors, marks some, and has robots [parity: rest v4/group_open_avchatroom_http_svc/get_members, rest v4/group_open_avchatroom_http_svc/modify_user_info, rest v4/group_open_avchatroom_http_svc/add_robots, rest v4/group_open_avchatroom_http_svc/del_robots]', async () => {
    const { GroupId, users } = await newGroup(type);
    const [mia = '', max = '', robby = ''] = users;
    for (const user of [mia, max]) await world.gateway.connect(APP, user);
    for (const user of [mia, max]) await world.join(user, GroupId);
    const listed = async (Mark?: number) => {
      const reply = await live('get_members', { GroupId, Timestamp: 0, ...(Mark && { Mark }) });
      expect(reply).toMatchObject({ ...OK, NextTimestamp: 0 });
      return (reply.MemberList as Reply[]).map(({ Member_Account }) => Member_Account).sort();
    };
    expect(await listed()).toEqual([mia, max].sort());
    const items = [mia, robby].map((Member_Account) => ({ Member_Account, Marks: [1_000] }));
    const marked = { CommandType: 1, MemberList: items.slice(0, 1) };
    expect(await live('modify_user_info', { GroupId, CommandType: 1, MemberList: items })).toMatchObject({
      ...OK,
      ...marked,
    });
    expect(await listed(1_000)).toEqual([mia]);
    const Member_Account = [robby];
    expect(await live('add_robots', { GroupId, Member_Account })).toMatchObject(OK);
    expect([await listed(), await listed(500)]).toEqual([[mia, max, robby].sort(), [robby]]);
    expect(await live('check_members', { GroupId, Member_Account })).toMatchObject({ Member_Account });
    expect(await live('del_robots', { GroupId, Member_Account })).toMatchObject(OK);
    expect(await live('modify_user_info', { GroupId, ...marked, CommandType: 2 })).toMatchObject(OK);
    expect([await listed(), await listed(1_000), await listed(500)]).toEqual([[mia, max].sort(), [], []]);
    const away = { GroupId, CommandType: 1, MemberList: items.slice(1) };
    expect(await live('modify_user_info', away)).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10004 });
  });

  it('hears what is said in all live groups, once [parity: rest v4/group_open_http_svc/send_broadcast_msg]', async () => {
    const [one, other] = [await newGroup(type), await newGroup('AVChatRoom')];
    const [mia = '', max = '', moe = ''] = one.users;
    const [here, there, away] = await Promise.all(
      [mia, max, moe].map((user) => world.gateway.connect(APP, user)),
    );
    for (const { GroupId } of [one, other]) await world.join(mia, GroupId);
    await world.join(max, other.GroupId);
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'to all' } }];
    const reply = await group('send_broadcast_msg', { From_Account: moe, Random: 7, MsgBody });
    expect(reply).toMatchObject({ ...OK, MsgSeq: expect.any(Number) });
    const heard = (at: typeof here) =>
      (at === undefined ? [] : world.gateway.messagesTo(at.connectionId))
        .filter(({ random, to }) => random !== 0 && to === LIVE_ROOMS_ID)
        .map(({ random }) => random);
    await waitFor(() => heard(there).length > 0);
    expect([here, there, away].map(heard)).toEqual([[7], [7], []]);
    expect(await group('send_broadcast_msg', { From_Account: 'nobody', Random: 8, MsgBody })).toMatchObject({
      ActionStatus: 'FAIL',
    });
  });

  it('is among the groups of who is there, with names and faces of people', async () => {
    const { GroupId, users } = await newGroup(type);
    const [mia = '', max = ''] = users;
    const ProfileItem = [
      { Tag: 'Tag_Profile_IM_Nick', Value: 'Mia' },
      { Tag: 'Tag_Profile_IM_Image', Value: 'https://example.com/mia.png' },
    ];
    expect(await world.call('profile/portrait_set', { From_Account: mia, ProfileItem })).toMatchObject(OK);
    for (const user of [mia, max]) await world.gateway.connect(APP, user);
    await world.join(mia, GroupId);
    const named = { NickName: 'Mia', Avatar: 'https://example.com/mia.png' };
    expect((await live('get_members', { GroupId, Timestamp: 0 })).MemberList).toMatchObject([
      { Member_Account: mia, ...named },
    ]);
    expect(await live('modify_admin', { GroupId, CommandType: 1, Admin_Account: [mia, max] })).toMatchObject(
      OK,
    );
    expect((await live('get_admin_list', { GroupId })).Admin_List).toEqual([
      { Admin_Account: mia, ...named },
      { Admin_Account: max, NickName: '', Avatar: '' },
    ]);
    const listed = async (Member_Account: string, change: object) => {
      const answer = await group('get_joined_group_list', { Member_Account, ...change });
      return (answer.GroupIdList as Reply[]).map((item) => item.GroupId);
    };
    expect(await listed(mia, { GroupType: type })).toEqual([GroupId]);
    expect([await listed(mia, {}), await listed(max, { GroupType: type })]).toEqual([[], []]);
    expect(await listed(mia, { WithHugeGroups: 1 })).toEqual(type === 'AVChatRoom' ? [GroupId] : []);
  });

  it('keeps no members and no messages', async () => {
    const { GroupId } = await newGroup(type);
    const { GroupInfo } = await group('get_group_info', { GroupIdList: [GroupId] });
    const [info = {}] = GroupInfo as Reply[];
    expect(info).toMatchObject({ ErrorCode: 0, Type: type, HugeGroupFlag: 1 });
    expect(info).not.toHaveProperty('MemberList');
    const history = await group('group_msg_get_simple', { GroupId, ReqMsgNumber: 1 });
    expect(history).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 10044 });
    expect(await group('import_group_msg', { GroupId, MsgList: [] })).toMatchObject({ ActionStatus: 'FAIL' });
  });
});

describe('a group that is not live', () => {
  it('has none of these commands', async () => {
    const { GroupId, users } = await newGroup('Public');
    const refused = { ActionStatus: 'FAIL', ErrorCode: 10007 };
    const Admin_Account = users.slice(0, 1);
    expect(await live('modify_admin', { GroupId, CommandType: 1, Admin_Account })).toMatchObject(refused);
    expect(await live('get_admin_list', { GroupId })).toMatchObject(refused);
    expect(await live('check_members', { GroupId, Member_Account: users })).toMatchObject(refused);
    expect(await group('get_online_member_num', { GroupId })).toMatchObject(refused);
  });
});
