// What follows from a change: rooms of connections, events, facts that others remember.
import type { ConnectionId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { type FakeGateway, waitFor } from '@parley/testkit';
import { APP, admin, GroupWorld, service, user } from './support/group-world.js';

describe('rooms', () => {
  let world: GroupWorld;
  let gateway: FakeGateway;
  beforeEach(async () => {
    world = await GroupWorld.open();
    gateway = await world.test.startGateway();
  });
  afterEach(() => world.close());

  const connect = async (name: string) => (await gateway.connect(APP, name)).connectionId;
  const isIn = (connection: ConnectionId, groupId: string) => gateway.roomsOf(connection).includes(groupId);
  const eventsTo = (connection: ConnectionId) =>
    gateway
      .pushesTo(connection)
      .flatMap(({ event }) => (event.case === 'group' ? [event.value.event.case] : []));

  it('are entered and left as members come and go', async () => {
    const [olga, mia, max] = [await connect('olga'), await connect('mia'), await connect('max')];
    const groupId = await world.group('Meeting', { members: ['mia'] });
    await waitFor(() => isIn(olga, groupId) && isIn(mia, groupId));
    await world.groups.joinGroup({ groupId }, user('max'));
    await waitFor(() => isIn(max, groupId));
    await world.groups.quitGroup({ groupId }, user('mia'));
    await waitFor(() => !isIn(mia, groupId));
    await world.groups.banMembers({ groupId, userIds: ['max'], seconds: 60 }, admin);
    await waitFor(() => !isIn(max, groupId));
    await world.groups.destroyGroup({ groupId }, admin);
    await waitFor(() => !isIn(olga, groupId));
  });

  it('of live groups are entered and left without a row', async () => {
    const mia = await connect('mia');
    const groupId = await world.group('AVChatRoom', { owner: 'olga' });
    await world.groups.joinGroup({ groupId }, user('mia'));
    expect(isIn(mia, groupId)).toBe(true);
    expect(await world.info(groupId)).toMatchObject({ memberNum: 0, maxMemberNum: 0 });
    expect((await world.groups.listRooms({ user: 'mia' }, service)).groupIds).toEqual([]);
    await world.groups.quitGroup({ groupId }, user('mia'));
    expect(isIn(mia, groupId)).toBe(false);
    await world.groups.joinGroup({ groupId }, user('mia'));
    await world.groups.banMembers({ groupId, userIds: ['mia'], seconds: 60 }, user('olga'));
    await waitFor(() => !isIn(mia, groupId));
    await waitFor(() => world.messages.tips(groupId).some((one) => one.content.OpType === 10));
  });

  it('of live groups hear of visitors, while they are few', async () => {
    const groupId = await world.group('AVChatRoom');
    const names = Array.from({ length: 15 }, (_, at) => `v${at}`);
    await Promise.all(names.map((name) => world.groups.joinGroup({ groupId }, user(name))));
    await waitFor(() => world.messages.tips(groupId).length === 10);
    world.clock.advance(1_000);
    await world.groups.quitGroup({ groupId }, user('v0'));
    await waitFor(() => world.messages.tips(groupId).length === 11);
    const [last] = world.messages.tips(groupId).slice(-1);
    expect(last!.content).toEqual({
      OpType: 2,
      Operator_Account: 'v0',
      MemberList: [{ Member_Account: 'v0' }],
    });
  });

  it('hear of attributes, counters and the end', async () => {
    const mia = await connect('mia');
    const groupId = await world.group('Public', { members: ['mia'] });
    await waitFor(() => isIn(mia, groupId));
    const attributes = [{ key: 'k', value: 'v' }];
    await world.groups.changeAttributes({ groupId, mode: groupv1.AttributeMode.UPSERT, attributes }, admin);
    const counters = [{ key: 'n', value: 1n }];
    await world.groups.changeCounters({ groupId, mode: groupv1.CounterMode.SET, counters }, admin);
    await waitFor(() => eventsTo(mia).length === 2);
    expect(eventsTo(mia)).toEqual(['attributesChanged', 'countersChanged']);
  });

  it('are set again when a gateway was away', async () => {
    const mia = await connect('mia');
    gateway.failure = new Error('away');
    const groupId = await world.group('Public', { members: ['mia'] });
    await waitFor(() => world.messages.notices('mia').length > 0);
    expect(isIn(mia, groupId)).toBe(false);
    gateway.failure = undefined;
    await waitFor(() => isIn(mia, groupId));
    world.test.logged.takeErrors();
  });

  it('are counted by who is connected', async () => {
    await connect('mia');
    const groupId = await world.group('Public', { members: ['mia', 'max'] });
    const count = async () => (await world.groups.countOnline({ groupId }, user('mia'))).count;
    expect(await count()).toBe(1);
    await connect('max');
    expect(await count()).toBe(1);
    world.clock.advance(10_000);
    expect(await count()).toBe(2);
  });
});

describe('what others remember', () => {
  it('is declared stale: one member, or the whole group', async () => {
    const world = await GroupWorld.open();
    const notices: string[] = [];
    await world.test.platform.coordination.subscribe('group:changed', (notice) => notices.push(notice));
    const groupId = await world.group('Public', { members: ['mia'] });
    await world.groups.addMembers({ groupId, members: [{ userId: 'zoe' }] }, admin);
    await world.groups.muteMembers({ groupId, userIds: ['max'], seconds: 9 }, admin);
    await world.groups.modifyGroup({ groupId, fields: { muteAll: true } }, admin);
    await world.groups.modifyMember({ groupId, userId: 'zoe', role: groupv1.Role.ADMIN }, admin);
    await waitFor(() => notices.length >= 5);
    const group = `${APP} ${groupId}`;
    expect(notices).toEqual([group, `${group} zoe`, `${group} max`, group, `${group} zoe`]);
    await world.close();
  });

  it('does not hold a change up when the message service is away: it is done once that is back', async () => {
    const world = await GroupWorld.open();
    const groupId = await world.group('Meeting');
    world.messages.isAway = true;
    await expect(world.groups.joinGroup({ groupId }, user('mia'))).rejects.toMatchObject({
      isRetryable: true,
    });
    // It is decided, and so seen.
    expect((await world.groups.getSendFacts({ groupId, userId: 'mia' }, service)).isMember).toBe(true);
    world.messages.isAway = false;
    await waitFor(async () => {
      await world.groups.getGroups({ groupIds: [groupId] }, admin);
      return world.messages.isOpen(groupId, 'mia');
    });
    expect((await world.info(groupId)).memberNum).toBe(2);
    await world.close();
  });
});

describe('facts of a type', () => {
  it('are those of its row, also for types of the installation', async () => {
    const customTypes = JSON.stringify([
      {
        name: 'Desk',
        base: 'Public',
        countsUnread: false,
        rateMax: 1_000,
        may: { quit: '', kickMember: 'OX' },
      },
    ]);
    const world = await GroupWorld.open({ customTypes });
    const facts: Record<string, string> = {};
    for (const type of ['Work', 'Public', 'Meeting', 'AVChatRoom', 'Community', 'Desk']) {
      const groupId = await world.group(type);
      const of = await world.groups.getSendFacts({ groupId, userId: 'olga' }, service);
      const names = [
        'storesHistory',
        'countsUnread',
        'takesTargeted',
        'takesAtAll',
        'takesRecall',
        'takesReceipts',
      ];
      const letters = names.map((name) => (Reflect.get(of, name) === true ? 'y' : 'n')).join('');
      facts[of.type] = `${letters} ${of.rateMax}`;
      expect(of).toMatchObject({ exists: true, isMember: true, role: groupv1.Role.OWNER });
    }
    expect(facts).toEqual({
      Private: 'yyyyyy 40',
      Public: 'yyyyyy 40',
      ChatRoom: 'ynyyyy 40',
      AVChatRoom: 'nnnnnn 40',
      Community: 'yynyyn 40',
      Desk: 'ynyyyy 1000',
    });
    const desk = await world.group('Desk', { members: ['mia'] });
    await expect(world.groups.quitGroup({ groupId: desk }, user('mia'))).rejects.toMatchObject({
      code: 10_007,
    });
    await world.close();
  });
});
