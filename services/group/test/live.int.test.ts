// Live groups: who is there, their admins, and types of an app's own that are live.
import { type ConnectionId, ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { type FakeGateway, waitFor } from '@parley/testkit';
import { APP, admin, codeOf, GroupWorld, service, user } from './support/group-world.js';

const { Role } = groupv1;

let world: GroupWorld;
afterEach(() => world.close());

describe('people in a live group', () => {
  let gateway: FakeGateway;
  beforeEach(async () => {
    world = await GroupWorld.open();
    gateway = await world.test.startGateway();
  });

  const connect = async (name: string): Promise<ConnectionId> =>
    (await gateway.connect(APP, name)).connectionId;
  const count = async (groupId: string, as = admin): Promise<number> =>
    (await world.groups.countOnline({ groupId }, as)).count;

  it('are counted where they are connected, and once however many devices they have', async () => {
    const groupId = await world.group('AVChatRoom');
    expect(await count(groupId)).toBe(0);
    for (const name of ['mia', 'mia', 'max', 'moe']) await connect(name);
    for (const name of ['mia', 'max']) await world.groups.joinGroup({ groupId }, user(name));
    world.clock.advance(1_000);
    expect([await count(groupId), await count(groupId, user('moe'))]).toEqual([2, 2]);
    await world.groups.quitGroup({ groupId }, user('mia'));
    expect(await count(groupId)).toBe(2); // a number stands for a second
    world.clock.advance(1_000);
    expect(await count(groupId)).toBe(1);
  });

  it('are told from those who are not there', async () => {
    const groupId = await world.group('AVChatRoom');
    for (const name of ['mia', 'max', 'moe']) await connect(name);
    for (const name of ['mia', 'moe']) await world.groups.joinGroup({ groupId }, user(name));
    const check = async (id: string, userIds: string[]) =>
      (await world.groups.checkVisitors({ groupId: id, userIds }, admin)).userIds;
    expect(await check(groupId, ['moe', 'max', 'mia', 'nobody', 'moe'])).toEqual(['moe', 'mia']);
    await world.groups.quitGroup({ groupId }, user('mia'));
    expect(await check(groupId, ['mia'])).toEqual([]);
    const other = await world.group('Public');
    expect(await codeOf(check(other, ['mia']))).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(await codeOf(check(groupId, []))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    const crowd = Array.from({ length: 501 }, (_, at) => `u${at}`);
    expect(await codeOf(check(groupId, crowd))).toBe(ErrorCode.GROUP_TOO_MANY_ACCOUNTS);
  });

  it('are those of all gateways that live', async () => {
    const groupId = await world.group('AVChatRoom');
    const { rooms, sessions } = world.test.platform;
    const others = ['gateway-2', 'gateway-3'] as (typeof world.test.platform.nodeId)[];
    for (const [at, node] of others.entries()) {
      await sessions.renewLease(node, 60_000);
      await rooms.register({ appId: APP, groupId }, node, [1_000, 200][at]);
    }
    expect(await count(groupId)).toBe(1_200);
    for (const node of others.slice(1)) await sessions.dropLease(node);
    world.clock.advance(1_000);
    expect(await count(groupId)).toBe(1_000);
  });
});

describe('admins of a live group', () => {
  beforeEach(async () => {
    world = await GroupWorld.open();
  });

  const change = (groupId: string, userIds: string[], appoint = true) =>
    world.groups.changeLiveAdmins({ groupId, userIds, appoint }, admin);
  const adminsOf = async (groupId: string) => (await world.groups.listLiveAdmins({ groupId }, admin)).userIds;
  const roleOf = async (groupId: string, userId: string) =>
    (await world.groups.getSendFacts({ groupId, userId }, service)).role;

  it('are appointed without being there, lead it, and stay until they are dismissed', async () => {
    const groupId = await world.group('AVChatRoom');
    await change(groupId, ['anna', 'adam']);
    await change(groupId, ['anna']);
    expect(await adminsOf(groupId)).toEqual(['anna', 'adam']);
    expect([await roleOf(groupId, 'anna'), await roleOf(groupId, 'mia')]).toEqual([Role.ADMIN, Role.MEMBER]);
    for (const as of ['adam', 'anna']) {
      await world.groups.joinGroup({ groupId }, user(as));
      await world.groups.quitGroup({ groupId }, user(as));
    }
    expect(await adminsOf(groupId)).toEqual(['anna', 'adam']);
    await change(groupId, ['adam', 'mia'], false);
    expect(await adminsOf(groupId)).toEqual(['anna']);
    expect(await roleOf(groupId, 'adam')).toBe(Role.MEMBER);
    await waitFor(() => world.messages.notices('adam').length === 2);
    expect(world.messages.notices('anna').map(({ content }) => content.ReportType)).toEqual([9]);
    expect(world.messages.notices('adam').map(({ content }) => content.ReportType)).toEqual([9, 10]);
    expect(world.messages.notices('mia')).toEqual([]);
  });

  it('are named no longer once their accounts are gone, and hold no place', async () => {
    const groupId = await world.group('AVChatRoom');
    await change(groupId, ['a1', 'a2', 'a3', 'a4', 'a5']);
    for (const gone of ['a2', 'olga']) world.messages.deleted.add(gone);
    expect(await adminsOf(groupId)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']); // looked at a moment ago
    world.clock.advance(60_001);
    await change(groupId, ['a6']);
    expect(await adminsOf(groupId)).toEqual(['a1', 'a3', 'a4', 'a5', 'a6']);
    expect((await world.info(groupId)).owner).toBe('');
    expect(await roleOf(groupId, 'a2')).toBe(Role.MEMBER);
    world.messages.deleted.add('a1');
    world.clock.advance(60_001);
    await world.info(groupId);
    await waitFor(async () => (await roleOf(groupId, 'a1')) === Role.MEMBER);
    expect(world.messages.notices('a2').map(({ content }) => content.ReportType)).toEqual([9]);
  });

  it('mute visitors, and neither each other nor the owner', async () => {
    const groupId = await world.group('AVChatRoom');
    await change(groupId, ['anna', 'adam']);
    const mute = (userId: string, as: string) =>
      codeOf(world.groups.modifyMember({ groupId, userId, muteSeconds: 60 }, user(as)));
    const refused = ErrorCode.GROUP_NO_PERMISSION;
    expect(await mute('mia', 'anna')).toBe(0);
    expect([await mute('adam', 'anna'), await mute('olga', 'anna'), await mute('mia', 'max')]).toEqual([
      refused,
      refused,
      refused,
    ]);
    const facts = await world.groups.getSendFacts({ groupId, userId: 'mia' }, service);
    expect(facts.mutedUntilS).toBeGreaterThan(0);
  });

  it('are five at most, and refused as a whole', async () => {
    const groupId = await world.group('AVChatRoom');
    await change(groupId, ['a1', 'a2', 'a3', 'a4']);
    const { GROUP_TOO_MANY_ACCOUNTS: tooMany, GROUP_BAD_PARAMETER: bad } = ErrorCode;
    expect(await codeOf(change(groupId, ['a5', 'a6']))).toBe(tooMany);
    expect(await codeOf(change(groupId, ['1', '2', '3', '4', '5', '6']))).toBe(tooMany);
    expect(await codeOf(change(groupId, []))).toBe(bad);
    expect(await codeOf(change(groupId, ['olga']))).toBe(bad);
    expect(await codeOf(change(groupId, ['a5', 'nobody']))).toBe(ErrorCode.GROUP_ACCOUNT_NOT_FOUND);
    expect(await codeOf(change('none', ['a5']))).toBe(ErrorCode.GROUP_NOT_FOUND);
    await change(groupId, ['a5', 'a1']);
    expect(await adminsOf(groupId)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  });

  it('are for live groups and for back ends only', async () => {
    const groupId = await world.group('Public');
    const refused = ErrorCode.GROUP_NO_PERMISSION;
    expect(await codeOf(change(groupId, ['anna']))).toBe(refused);
    expect(await codeOf(adminsOf(groupId))).toBe(refused);
    const live = await world.group('AVChatRoom');
    const byOwner = world.groups.changeLiveAdmins(
      { groupId: live, userIds: ['anna'], appoint: true },
      user('olga'),
    );
    expect(await codeOf(byOwner)).not.toBe(0);
  });
});

describe('a live type of the app', () => {
  const customTypes = JSON.stringify([{ name: 'Stage', base: 'AVChatRoom', rateMax: 100 }]);

  it('is live wherever groups are shown, and has admins and a number of visitors', async () => {
    world = await GroupWorld.open({ customTypes });
    const groupId = await world.group('Stage');
    const other = await world.group('Public');
    expect([(await world.info(groupId)).live, (await world.info(other)).live]).toEqual([true, false]);
    const { group } = await world.groups.modifyGroup({ groupId, fields: { name: 'new' } }, admin);
    const joined = await world.groups.joinGroup({ groupId }, user('mia'));
    expect([group?.live, joined.group?.live]).toEqual([true, true]);
    expect((await world.groups.countOnline({ groupId }, admin)).count).toBe(0);
    const userIds = ['anna'];
    await world.groups.changeLiveAdmins({ groupId, userIds, appoint: true }, admin);
    expect((await world.groups.listLiveAdmins({ groupId }, admin)).userIds).toEqual(userIds);
  });

  it('counts for the number of live groups that an app may have', async () => {
    world = await GroupWorld.open({ customTypes, liveGroupsMax: 2 });
    await world.group('Stage');
    await world.group('AVChatRoom');
    expect(await codeOf(world.group('Stage'))).toBe(ErrorCode.GROUP_LIVE_LIMIT);
    expect(await codeOf(world.group('AVChatRoom'))).toBe(ErrorCode.GROUP_LIVE_LIMIT);
    await world.group('Public');
  });
});
