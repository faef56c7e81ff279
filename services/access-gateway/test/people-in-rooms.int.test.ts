// What a gateway says of the people in its rooms: how many they are, and whether somebody is among them.
import { type GroupId, LIVE_ROOMS_ID, type UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { PEOPLE_TOLD_EVERY_MS } from '../src/rooms/room-registrar.js';
import { APP, type Harness, roomOf, startGateway } from './harness.js';

let harness: Harness;
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const enter = (groupId: string, names: string[], countsPeople = false): Promise<void> =>
  harness.delivery.changeRooms(
    { appId: APP, userIds: names as UserId[] },
    { enter: [groupId as GroupId], leave: [], countsPeople },
  );
const leave = (groupId: string, names: string[]): Promise<void> =>
  harness.delivery.changeRooms(
    { appId: APP, userIds: names as UserId[] },
    { enter: [], leave: [groupId as GroupId] },
  );

describe('a room', () => {
  it('whose people are counted has its number in the registry', async () => {
    harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000 });
    const { rooms } = harness.backend.registry;
    const [alice] = [await harness.login('alice'), await harness.login('bob'), await harness.login('carol')];
    await enter('show', ['alice', 'bob'], true);
    await enter('team', ['carol']);
    harness.clock.advance(PEOPLE_TOLD_EVERY_MS);
    await waitFor(async () => (await rooms.countPeople(roomOf('show'))) === 2);
    expect(await rooms.countPeople(roomOf('team'))).toBe(0);
    await alice.close();
    await waitFor(() => harness.metrics.gauges.get('parley.gateway.room_memberships')?.() === 3); // one more in the room of all live groups
    expect(await rooms.countPeople(roomOf('show'))).toBe(2);
    harness.clock.advance(PEOPLE_TOLD_EVERY_MS);
    await waitFor(async () => (await rooms.countPeople(roomOf('show'))) === 1);
  });

  it('is looked through for users', async () => {
    harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000 });
    const phone = await harness.login('alice');
    for (const name of ['alice', 'bob', 'carol']) await harness.login(name);
    await enter('show', ['alice', 'bob']);
    await enter('team', ['carol']);
    const users = ['alice', 'bob', 'carol', 'dora'] as UserId[];
    const find = (groupId: string) => harness.delivery.usersInRoom(roomOf(groupId), users);
    expect(await find('show')).toEqual(['alice', 'bob']);
    expect(await find('nothing')).toEqual([]);
    await leave('show', ['bob']);
    await phone.close();
    expect(await find('show')).toEqual(['alice']);
  });

  it('whose people are counted knows who came last, and since when', async () => {
    harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000 });
    const phone = await harness.login('alice');
    for (const name of ['alice', 'bob', 'carol', 'dora']) await harness.login(name);
    const start = harness.clock.now();
    await enter('show', ['alice'], true);
    for (const name of ['bob', 'carol']) {
      harness.clock.advance(1_000);
      await enter('show', [name, 'alice'], true);
    }
    await enter('team', ['dora']);
    const visitors = (groupId: string) => harness.delivery.visitorsOf(roomOf(groupId));
    const carol = { userId: 'carol', sinceMs: start + 2_000 };
    const alice = { userId: 'alice', sinceMs: start };
    expect(await visitors('show')).toEqual([carol, { userId: 'bob', sinceMs: start + 1_000 }, alice]);
    expect(await visitors('team')).toEqual([]);
    await phone.close();
    await leave('show', ['bob']);
    expect(await visitors('show')).toEqual([carol, alice]);
  });

  it('is told of a user when its people are counted', async () => {
    harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000 });
    const phone = await harness.login('alice');
    await harness.login('alice');
    await harness.login('bob');
    await enter('show', ['alice'], true);
    await enter('next', ['bob'], true);
    await enter('team', ['alice']);
    const visited = (user: string) => harness.delivery.roomsVisitedBy(APP, user as UserId);
    expect(await visited('alice')).toEqual(['show']);
    await phone.close();
    expect(await visited('alice')).toEqual(['show']);
    await leave('show', ['alice']);
    expect([await visited('alice'), await visited('bob'), await visited('dora')]).toEqual([[], ['next'], []]);
  });

  it('of all live groups holds whoever is in one of them, once', async () => {
    harness = await startGateway({ leaseTtlMs: 600_000, idleLimitMs: 3_600_000 });
    for (const name of ['alice', 'bob', 'carol']) await harness.login(name);
    const users = ['alice', 'bob', 'carol'] as UserId[];
    const isIn = () => harness.delivery.usersInRoom({ appId: APP, groupId: LIVE_ROOMS_ID }, users);
    await enter('show', ['alice', 'bob'], true);
    await enter('next', ['alice'], true);
    await enter('team', ['carol', 'alice']);
    expect(await isIn()).toEqual(['alice', 'bob']);
    await leave('show', ['alice', 'bob']);
    expect(await isIn()).toEqual(['alice']);
    await leave('team', ['alice', 'carol']);
    expect(await isIn()).toEqual(['alice']);
    await leave('next', ['alice']);
    expect(await isIn()).toEqual([]);
  });
});
