// Permission groups of communities over HTTP and the real services.
import { type Reply, RestWorld } from './harness/rest-world.js';

const OK = { ActionStatus: 'OK', ErrorCode: 0 };

let world: RestWorld;
beforeAll(async () => {
  world = await RestWorld.start();
});
afterAll(() => world.close());

const call = (command: string, body: object): Promise<Reply> =>
  world.call(`group_open_http_svc/${command}`, body);

async function community(users: number, change: object = {}): Promise<{ GroupId: string; users: string[] }> {
  const accounts = await world.newUsers(users);
  const [Owner_Account = '', ...others] = accounts;
  const made = await call('create_group', {
    ...{ Type: 'Community', Name: 'n', SupportTopic: 1, Owner_Account, ...change },
    MemberList: others.map((Member_Account) => ({ Member_Account })),
  });
  expect(made).toMatchObject(OK);
  return { GroupId: String(made.GroupId), users: accounts };
}

async function groupIn(GroupId: string, change: object = {}): Promise<string> {
  const made = await call('create_permission_group', { GroupId, PermissionGroupName: 'helpers', ...change });
  expect(made).toMatchObject(OK);
  return String(made.PermissionGroupId);
}

async function topicIn(GroupId: string, change: object = {}): Promise<string> {
  const made = await world.call('million_group_open_http_svc/create_topic', {
    ...{ GroupId, TopicName: 'news', ...change },
  });
  expect(made).toMatchObject(OK);
  return String(made.TopicId);
}

const accounts = (users: readonly string[]) => users.map((Member_Account) => ({ Member_Account }));

describe('permission groups over REST', () => {
  it('are made, read, changed and ended [parity: rest v4/group_open_http_svc/create_permission_group, rest v4/group_open_http_svc/get_permission_group, rest v4/group_open_http_svc/modify_permission_group, rest v4/group_open_http_svc/destroy_permission_group]', async () => {
    const { GroupId } = await community(1);
    const one = await groupIn(GroupId, { Permission: 65, CustomString: 'c' });
    expect(one).toMatch(/^@PMG#_@PMG#/);
    const own = await groupIn(GroupId, { PermissionGroupId: '@PMG#_own' });
    const change = { GroupId, PermissionGroupId: own, PermissionGroupName: 'n', Permission: 64 };
    expect(await call('modify_permission_group', change)).toMatchObject(OK);
    expect(await call('get_permission_group', { GroupId, Limit: 1, Next: '' })).toMatchObject({
      PermissionGroupInfoList: [
        {
          ...{ ErrorCode: 0, PermissionGroupId: one, PermissionGroupName: 'helpers' },
          ...{ CustomString: 'c', Permission: 65, MemberCount: 0 },
        },
      ],
    });
    const first = await call('get_permission_group', { GroupId, Limit: 1, Next: '' });
    expect(first.Next).not.toBe('');
    expect(await call('get_permission_group', { GroupId, Limit: 1, Next: first.Next })).toMatchObject({
      PermissionGroupInfoList: [{ PermissionGroupId: own, PermissionGroupName: 'n', Permission: 64 }],
      Next: '',
    });
    const PermissionGroupIdList = [own, '@PMG#_no'];
    expect(await call('get_permission_group', { GroupId, PermissionGroupIdList })).toMatchObject({
      PermissionGroupInfoList: [{ ErrorCode: 0 }, { ErrorCode: 110006, PermissionGroupId: '@PMG#_no' }],
    });
    expect(await call('destroy_permission_group', { GroupId, PermissionGroupIdList })).toMatchObject({
      PermissionGroupResultList: [
        { ErrorCode: 0, PermissionGroupId: own },
        { ErrorCode: 110006, PermissionGroupId: '@PMG#_no' },
      ],
    });
    expect(await call('destroy_permission_group', { GroupId, PermissionGroupIdList: [own] })).toMatchObject({
      PermissionGroupResultList: [{ ErrorCode: 110008, PermissionGroupId: own }],
    });
    expect(await call('modify_permission_group', change)).toMatchObject({ ErrorCode: 110008 });
    expect(await call('create_permission_group', change)).toMatchObject({ ErrorCode: 10021 });
  });

  it('have members [parity: rest v4/group_open_http_svc/add_permission_group_member, rest v4/group_open_http_svc/delete_permission_group_member, rest v4/group_open_http_svc/get_permission_group_member_list]', async () => {
    const { GroupId, users } = await community(3);
    const [alice = '', bob = '', carol = ''] = users;
    const [stranger = ''] = await world.newUsers(1);
    const PermissionGroupId = await groupIn(GroupId);
    const named = { GroupId, PermissionGroupId };
    const MemberList = accounts([bob, stranger, '', carol]);
    expect(await call('add_permission_group_member', { ...named, MemberList })).toMatchObject({
      ...OK,
      MemberList: [
        { Member_Account: bob, Result: 1 },
        { Member_Account: stranger, Result: 0 },
        { Member_Account: '', Result: 0 },
        { Member_Account: carol, Result: 1 },
      ],
    });
    const again = { ...named, MemberList: accounts([bob]) };
    expect(await call('add_permission_group_member', again)).toMatchObject({
      MemberList: [{ Member_Account: bob, Result: 2 }],
    });
    const list = (change: object = {}) =>
      call('get_permission_group_member_list', { ...named, Limit: 1, Next: '', ...change });
    const seen: unknown[] = [];
    let Next: unknown = '';
    do {
      const page = await list({ Next });
      expect(page).toMatchObject(OK);
      seen.push(...(page.MemberList as { Member_Account: string }[]).map((item) => item.Member_Account));
      Next = page.Next;
    } while (Next !== '');
    expect(seen).toEqual([bob, carol].sort());
    const filtered = await list({ Limit: 50, MemberInfoFilter: ['Role'] });
    const [smaller = ''] = [bob, carol].sort();
    expect((filtered.MemberList as unknown[])[0]).toEqual({ Member_Account: smaller, Role: 'Member' });
    expect(
      await call('delete_permission_group_member', { ...named, MemberList: accounts([bob, alice]) }),
    ).toMatchObject({
      ...OK,
      MemberList: [
        { Member_Account: bob, Result: 1 },
        { Member_Account: alice, Result: 1 },
      ],
    });
    expect(await list({ Limit: 50 })).toMatchObject({ MemberList: [{ Member_Account: carol }], Next: '' });
  });

  it('have rights in topics [parity: rest v4/group_open_http_svc/add_topic_permission_group, rest v4/group_open_http_svc/set_topic_permission_group, rest v4/group_open_http_svc/delete_topic_permission_group, rest v4/group_open_http_svc/get_topic_permission_group]', async () => {
    const { GroupId } = await community(1);
    const named = { GroupId, PermissionGroupId: await groupIn(GroupId) };
    const [one, ended] = [await topicIn(GroupId), await topicIn(GroupId)];
    await world.call('million_group_open_http_svc/destroy_topic', { GroupId, TopicIdList: [ended] });
    const never = `${GroupId}@TOPIC#_no`;
    const TopicPermissionList = [one, ended, never].map((TopicId) => ({ TopicId, Permission: 8 }));
    expect(await call('add_topic_permission_group', { ...named, TopicPermissionList })).toMatchObject({
      TopicPermissionResultList: [
        { ErrorCode: 0, TopicId: one },
        { ErrorCode: 110014, TopicId: ended },
        { ErrorCode: 110013, TopicId: never },
      ],
    });
    const single = { ...named, TopicPermissionList: [{ TopicId: one, Permission: 24 }] };
    expect(await call('add_topic_permission_group', single)).toMatchObject({
      TopicPermissionResultList: [{ ErrorCode: 110010 }],
    });
    expect(await call('set_topic_permission_group', single)).toMatchObject({
      TopicPermissionResultList: [{ ErrorCode: 0 }],
    });
    const read = (change: object = {}) => call('get_topic_permission_group', { ...named, ...change });
    expect(await read()).toMatchObject({
      TopicPermissionResultList: [{ ErrorCode: 0, TopicId: one, Permission: 24 }],
    });
    const TopicIdList = [one];
    expect(await call('delete_topic_permission_group', { ...named, TopicIdList })).toMatchObject({
      TopicPermissionResultList: [{ ErrorCode: 0, TopicId: one }],
    });
    for (const answer of [
      await call('delete_topic_permission_group', { ...named, TopicIdList }),
      await call('set_topic_permission_group', single),
      await read({ TopicIdList }),
    ]) {
      expect(answer).toMatchObject({ TopicPermissionResultList: [{ ErrorCode: 110011 }] });
    }
    expect(await read()).toMatchObject({ TopicPermissionResultList: [] });
  });

  it('are refused what they cannot be', async () => {
    const { GroupId } = await community(1);
    const PermissionGroupId = await groupIn(GroupId);
    const named = { GroupId, PermissionGroupId };
    const many = (length: number) => Array.from({ length }, (_, at) => `x${at}`);
    const topics = (length: number) => many(length).map((TopicId) => ({ TopicId, Permission: 1 }));
    const wrong: [string, object, number][] = [
      ['create_permission_group', { GroupId }, 10004],
      ['create_permission_group', { GroupId, PermissionGroupName: 'x'.repeat(151) }, 10004],
      [
        'create_permission_group',
        { GroupId, PermissionGroupName: 'n', CustomString: 'x'.repeat(3_001) },
        10004,
      ],
      ['create_permission_group', { GroupId, PermissionGroupName: 'n', Permission: -1 }, 10004],
      [
        'create_permission_group',
        { GroupId, PermissionGroupName: 'n', PermissionGroupId: '@PMG#_@PMG#x' },
        10004,
      ],
      ['create_permission_group', { GroupId: '@TGS#_none', PermissionGroupName: 'n' }, 10010],
      ['get_permission_group', { GroupId, Limit: 21 }, 10004],
      ['get_permission_group', { GroupId, PermissionGroupIdList: many(21) }, 10004],
      ['destroy_permission_group', { GroupId, PermissionGroupIdList: many(21) }, 10004],
      ['destroy_permission_group', { GroupId, PermissionGroupIdList: [] }, 10004],
      ['modify_permission_group', { GroupId, PermissionGroupId: '@PMG#_no' }, 110006],
      ['add_topic_permission_group', { ...named, TopicPermissionList: topics(51) }, 10004],
      ['add_topic_permission_group', { ...named, TopicPermissionList: [{ TopicId: 'x' }] }, 10004],
      ['delete_topic_permission_group', { ...named, TopicIdList: many(51) }, 10004],
      ['get_topic_permission_group', { GroupId, PermissionGroupId: '@PMG#_no' }, 110006],
      ['add_permission_group_member', { ...named, MemberList: accounts(many(101)) }, 10005],
      [
        'add_permission_group_member',
        { GroupId, PermissionGroupId: 'x', MemberList: accounts(['a']) },
        110006,
      ],
      ['get_permission_group_member_list', { ...named, Limit: 51 }, 10004],
    ];
    for (const [command, body, ErrorCode] of wrong) {
      expect([command, await call(command, body)]).toMatchObject([command, { ErrorCode }]);
    }
    const [alice = ''] = await world.newUsers(1);
    const plain = await call('create_group', { Type: 'Public', Name: 'n', Owner_Account: alice });
    expect(
      await call('create_permission_group', { GroupId: plain.GroupId, PermissionGroupName: 'n' }),
    ).toMatchObject({ ErrorCode: 10007 });
    const bare = await call('create_group', { Type: 'Community', Name: 'n', Owner_Account: alice });
    const inBare = { GroupId: bare.GroupId, PermissionGroupId: await groupIn(String(bare.GroupId)) };
    expect(
      await call('add_topic_permission_group', { ...inBare, TopicPermissionList: topics(1) }),
    ).toMatchObject({ ErrorCode: 11000 });
  });

  it('are in force, with default rights, where a community and its topics say so', async () => {
    const { GroupId } = await community(2, { EnablePermission: 1, DefaultPermission: 64 });
    const info = async () =>
      ((await call('get_group_info', { GroupIdList: [GroupId] })).GroupInfo as Record<string, unknown>[])[0];
    expect(await info()).toMatchObject({ EnablePermission: 1, DefaultPermission: 64 });
    expect(await call('modify_group_base_info', { GroupId, DefaultPermission: 0 })).toMatchObject(OK);
    expect(await info()).toMatchObject({ EnablePermission: 1, DefaultPermission: 0 });
    const TopicId = await topicIn(GroupId, { DefaultPermission: 8 });
    const read = async () =>
      (await world.call('million_group_open_http_svc/get_topic', { GroupId, TopicIdList: [TopicId] }))
        .TopicAndSelfInfo;
    expect(await read()).toMatchObject([{ TopicInfo: { DefaultPermission: 8 } }]);
    const change = { GroupId, TopicId, DefaultPermission: 24 };
    expect(await world.call('million_group_open_http_svc/modify_topic', change)).toMatchObject(OK);
    expect(await read()).toMatchObject([{ TopicInfo: { DefaultPermission: 24 } }]);
  });
});
