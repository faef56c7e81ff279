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

describe('get_admin_list', () => {
  it('lists them', async () => {
    world.groups.listLiveAdmins = async () => ({ userIds: ['anna', 'adam'] });
    expect((await world.call(`${SVC}/get_admin_list`, { GroupId: 'g1' })).body).toEqual({
      ...OK,
      Admin_List: [{ Admin_Account: 'anna' }, { Admin_Account: 'adam' }],
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
