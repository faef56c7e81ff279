// Mutes, bans, unread counts, attributes and counters of groups: every field, alias and refusal.
import { groupv1 } from '@parley/proto';
import { groupRefusal, many, OK, refusing, SVC } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

const { AttributeMode, CounterMode } = groupv1;

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const expectRefusal = (command: string, body: unknown, code: number) =>
  groupRefusal(world, command, body, code);

const requestOf = (method: string): Record<string, unknown> => world.callsOf(method)[0]?.request ?? {};
const TOPIC = 'g1@TOPIC#_t1';

describe('forbid_send_msg', () => {
  const PATH = `${SVC}/forbid_send_msg`;
  const request = { GroupId: 'g1', Members_Account: ['bob'], MuteTime: 60 };
  beforeEach(() => {
    world.groups.muteMembers = async () => ({});
  });

  it('mutes and unmutes', async () => {
    expect((await world.call(PATH, request)).body).toEqual(OK);
    await world.call(PATH, { ...request, MuteTime: 0 });
    await world.call(PATH, { ...request, MuteTime: undefined, ShutUpTime: 4_294_967_295 });
    await world.call(PATH, { ...request, TopicId: TOPIC });
    const asked = world.callsOf('MuteMembers').map((call) => call.request);
    expect(asked[0]).toEqual({ groupId: 'g1', userIds: ['bob'], seconds: 60 });
    expect(asked.map(({ seconds }) => seconds)).toEqual([60, 0, 4_294_967_295, 60]);
    expect(asked[3]?.groupId).toBe(TOPIC);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no Members_Account', { Members_Account: undefined }, 10004],
    ['501 members', { Members_Account: many(501, (index) => `u${index}`) }, 10005],
    ['no MuteTime', { MuteTime: undefined }, 10004],
    ['a MuteTime that is a string', { MuteTime: '60' }, 10004],
    ['a topic of another group', { TopicId: 'g2@TOPIC#_t1' }, 10015],
    ['a TopicId that is a number', { TopicId: 1 }, 10004],
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));
});

describe('get_group_muted_account and get_group_shutted_uin', () => {
  it.each(['get_group_muted_account', 'get_group_shutted_uin'])(
    '%s answers both names of all',
    async (command) => {
      world.groups.listMuted = async () => ({ users: [{ userId: 'bob', untilS: 77 }] });
      expect((await world.call(`${SVC}/${command}`, { GroupId: 'g1', TopicId: TOPIC })).body).toEqual({
        ...OK,
        GroupId: 'g1',
        MutedAccountList: [{ Member_Account: 'bob', MutedUntil: 77 }],
        ShuttedUinList: [{ Member_Account: 'bob', ShuttedUntil: 77 }],
      });
      expect(requestOf('ListMuted')).toEqual({ groupId: TOPIC });
      await expectRefusal(`${SVC}/${command}`, {}, 10004);
    },
  );
});

describe('bans', () => {
  const request = { GroupId: 'g1', Members_Account: ['bob', 'bob'], Duration: 60 };
  beforeEach(() => {
    world.groups.banMembers = async () => ({});
  });

  it('are made and lifted', async () => {
    const body = { ...request, Description: 'd'.repeat(1_000) };
    expect((await world.call(`${SVC}/ban_group_member`, body)).body).toEqual(OK);
    expect((await world.call(`${SVC}/unban_group_member`, request)).body).toEqual(OK);
    const asked = world.callsOf('BanMembers').map((call) => call.request);
    const who = { groupId: 'g1', userIds: ['bob'] };
    expect(asked).toEqual([
      { ...who, seconds: 60, description: body.Description },
      { ...who, seconds: 0, description: '' },
    ]);
  });

  it.each<RefusalRow>([
    ['no Duration', { Duration: undefined }, 10004],
    ['a Duration of 0', { Duration: 0 }, 10004],
    ['21 members', { Members_Account: many(21, (index) => `u${index}`) }, 10005],
    ['a Description of 1,001 bytes', { Description: `${'é'.repeat(500)}a` }, 10004],
  ])('are refused with %s', (_what, change, code) =>
    expectRefusal(`${SVC}/ban_group_member`, { ...request, ...(change as object) }, code),
  );

  it('are refused where the service refuses them', async () => {
    world.groups.banMembers = refusing(10007, 'says the service');
    await expectRefusal(`${SVC}/ban_group_member`, request, 10007);
    await expectRefusal(`${SVC}/unban_group_member`, request, 10007);
  });

  describe('get_group_ban_member', () => {
    const PATH = `${SVC}/get_group_ban_member`;
    const banned = many(150, (index) => ({ userId: `u${index}`, untilS: index + 1 }));
    beforeEach(() => {
      world.groups.listBanned = async ({ cursor, limit }) => {
        const start = Number(cursor);
        const end = start + limit;
        return { users: banned.slice(start, end), nextCursor: end < banned.length ? String(end) : '' };
      };
    });
    const page = async (body: object) => {
      const answer = (await world.call(PATH, { GroupId: 'g1', ...body })).body;
      const list = answer.BannedAccountList as { Member_Account: string; BannedUntil: number }[];
      return [list.length, list[0], answer.NextOffset];
    };

    it('pages by offset', async () => {
      expect(await page({ Offset: 0 })).toEqual([100, { Member_Account: 'u0', BannedUntil: 1 }, 100]);
      expect(await page({ Offset: 100 })).toEqual([50, { Member_Account: 'u100', BannedUntil: 101 }, 0]);
      expect(await page({ Offset: 95, Limit: 10 })).toEqual([
        10,
        { Member_Account: 'u95', BannedUntil: 96 },
        105,
      ]);
      expect(await page({ Offset: 140, Limit: 10 })).toEqual([
        10,
        { Member_Account: 'u140', BannedUntil: 141 },
        0,
      ]);
      expect(await page({ Offset: 150 })).toEqual([0, undefined, 0]);
    });

    it.each<RefusalRow>([
      ['no Offset', {}, 10004],
      ['a Limit of 101', { Offset: 0, Limit: 101 }, 10004],
    ])('refuses %s', (_what, body, code) =>
      expectRefusal(PATH, { GroupId: 'g1', ...(body as object) }, code),
    );
  });
});

describe('set_unread_msg_num', () => {
  const PATH = `${SVC}/set_unread_msg_num`;
  const request = { GroupId: 'g1', Member_Account: 'bob', UnreadMsgNum: 5 };

  it('sets the count', async () => {
    world.messages.setUnread = async () => ({ unreadCount: 3n });
    expect((await world.call(PATH, request)).body).toEqual(OK);
    expect(requestOf('SetUnread')).toEqual({ groupId: 'g1', user: 'bob', unreadCount: 5 });
  });

  it.each<RefusalRow>([
    ['no Member_Account', { Member_Account: undefined }, 10004],
    ['no UnreadMsgNum', { UnreadMsgNum: undefined }, 10004],
    ['a negative UnreadMsgNum', { UnreadMsgNum: -1 }, 10004],
  ])('refuses %s', (_what, change, code) => expectRefusal(PATH, { ...request, ...(change as object) }, code));
});

describe('get_online_member_num', () => {
  it('counts in live groups only', async () => {
    const body = { GroupId: 'g1' };
    let live = true;
    world.groups.getGroups = async () => ({
      groups: [{ groupId: 'g1', group: { groupId: 'g1', type: 'Stage', live } }],
    });
    world.groups.countOnline = async () => ({ count: 12 });
    const { body: answer } = await world.call(`${SVC}/get_online_member_num`, body);
    expect(answer).toEqual({ ...OK, OnlineMemberNum: 12 });
    live = false;
    await expectRefusal(`${SVC}/get_online_member_num`, body, 10007);
    expect(world.callsOf('CountOnline')).toHaveLength(1);
  });
});

describe('attributes', () => {
  beforeEach(() => {
    world.groups.changeAttributes = async () => ({});
  });

  it('are read', async () => {
    world.groups.getAttributes = async () => ({
      attributes: [{ key: 'a', value: 'b', seq: 4n }],
      mainSeq: 9n,
    });
    const { body } = await world.call('group_open_attr_http_svc/get_group_attr', { GroupId: 'g1' });
    expect(body).toEqual({ ...OK, GroupAttrAry: [{ key: 'a', value: 'b' }] });
    expect(requestOf('GetAttributes')).toEqual({ groupId: 'g1', keys: [] });
  });

  it.each([
    ['modify_group_attr', AttributeMode.UPSERT, { key: 'a', value: 'b', seq: 0n }],
    ['set_group_attr', AttributeMode.REPLACE, { key: 'a', value: 'b', seq: 0n }],
    ['delete_group_attr', AttributeMode.DELETE, { key: 'a', value: '', seq: 0n }],
    ['clear_group_attr', AttributeMode.CLEAR, undefined],
  ])('%s changes them', async (command, mode, attribute) => {
    const body = { GroupId: 'g1', GroupAttr: [{ key: 'a', value: 'b' }] };
    expect((await world.call(`${SVC}/${command}`, body)).body).toEqual(OK);
    const { attributes, ...asked } = requestOf('ChangeAttributes');
    expect(asked).toMatchObject({ groupId: 'g1', mode });
    expect(asked.mainSeq).toBeUndefined();
    expect(attributes).toMatchObject(attribute === undefined ? [] : [attribute]);
  });

  it.each<RefusalRow>([
    ['no GroupAttr', {}, 10004],
    ['a GroupAttr that is an object', { GroupAttr: {} }, 10004],
    ['an empty GroupAttr', { GroupAttr: [] }, 10004],
    ['a key in capitals', { GroupAttr: [{ Key: 'a', Value: 'b' }] }, 10004],
    ['a value that is a number', { GroupAttr: [{ key: 'a', value: 1 }] }, 10004],
    ['17 attributes', { GroupAttr: many(17, (index) => ({ key: `k${index}`, value: '' })) }, 10047],
  ])('are not set with %s', async (_what, body, code) => {
    await expectRefusal(`${SVC}/set_group_attr`, { GroupId: 'g1', ...(body as object) }, code);
    await expectRefusal(`${SVC}/modify_group_attr`, { GroupId: 'g1', ...(body as object) }, code);
  });

  it.each([10045, 10046, 10048, 10049, 10050, 10056])('answer what the service says: %d', async (code) => {
    world.groups.changeAttributes = refusing(code, 'says the service');
    await expectRefusal(`${SVC}/delete_group_attr`, { GroupId: 'g1', GroupAttr: [{ key: 'a' }] }, code);
  });
});

describe('counters', () => {
  const UPDATE = `${SVC}/update_group_counter`;
  const item = { Key: 'k', Value: 5 };
  beforeEach(() => {
    world.groups.changeCounters = async () => ({ counters: [{ key: 'k', value: -7n }] });
  });

  it('are read, all or some', async () => {
    world.groups.getCounters = async () => ({ counters: [{ key: 'k', value: 9_007_199_254_740_991n }] });
    const { body } = await world.call(`${SVC}/get_group_counter`, { GroupId: 'g1' });
    expect(body).toEqual({ ...OK, GroupCounter: [{ Key: 'k', Value: Number.MAX_SAFE_INTEGER }] });
    await world.call(`${SVC}/get_group_counter`, { GroupId: 'g1', GroupCounterKeys: ['k', 'k', 'l'] });
    expect(world.callsOf('GetCounters').map(({ request }) => request.keys)).toEqual([[], ['k', 'l']]);
  });

  it.each([
    [undefined, CounterMode.SET],
    ['Set', CounterMode.SET],
    ['Increase', CounterMode.INCREASE],
    ['Decrease', CounterMode.DECREASE],
  ])('are changed: %p', async (Mode, mode) => {
    const { body } = await world.call(UPDATE, { GroupId: 'g1', GroupCounter: [item], Mode });
    expect(body).toEqual({ ...OK, GroupCounter: [{ Key: 'k', Value: -7 }] });
    const { changeId, counters, ...asked } = requestOf('ChangeCounters');
    expect(asked).toEqual({ groupId: 'g1', mode });
    expect(counters).toMatchObject([{ key: 'k', value: 5n }]);
    await world.call(UPDATE, { GroupId: 'g1', GroupCounter: [item], Mode });
    expect(world.callsOf('ChangeCounters')[1]?.request.changeId).not.toBe(changeId);
  });

  it('are deleted, all or some', async () => {
    expect((await world.call(`${SVC}/delete_group_counter`, { GroupId: 'g1' })).body).toEqual(OK);
    await world.call(`${SVC}/delete_group_counter`, { GroupId: 'g1', GroupCounterKeys: ['k'] });
    const asked = world.callsOf('ChangeCounters').map((call) => call.request);
    expect(asked).toMatchObject([
      { mode: CounterMode.DELETE, counters: [] },
      { mode: CounterMode.DELETE, counters: [{ key: 'k' }] },
    ]);
  });

  it.each<RefusalRow>([
    ['no GroupCounter', { GroupCounter: undefined }, 10004],
    ['no Key', { GroupCounter: [{ Value: 1 }] }, 10004],
    ['no Value', { GroupCounter: [{ Key: 'k' }] }, 10004],
    ['a Value with a fraction', { GroupCounter: [{ Key: 'k', Value: 0.5 }] }, 10004],
    ['a Value that JSON does not hold exactly', { GroupCounter: [{ Key: 'k', Value: 2 ** 53 }] }, 10004],
    ['a Mode in lower case', { Mode: 'set' }, 10004],
    ['21 counters', { GroupCounter: many(21, (index) => ({ Key: `k${index}`, Value: 1 })) }, 10063],
  ])('are not changed with %s', (_what, change, code) =>
    expectRefusal(UPDATE, { GroupId: 'g1', GroupCounter: [item], ...(change as object) }, code),
  );

  it('are not asked for by more than 20 keys', () =>
    expectRefusal(
      `${SVC}/get_group_counter`,
      { GroupId: 'g1', GroupCounterKeys: many(21, (index) => `k${index}`) },
      10063,
    ));
});
