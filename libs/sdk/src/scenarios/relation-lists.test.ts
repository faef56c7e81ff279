// The lists of relations that a device keeps, when pushes are lost, repeated or held back and connections are cut.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Friend } from '../model/relation-sdk.js';
import { type Device, World } from '../testing/world.js';

const source = 'AddSource_Type_Web';

const friendsOn = async (world: World, device: Device): Promise<string[]> =>
  (await world.done(device.chat.getFriendList())).map(({ userID }) => userID);

/** Enough for a change whose event is lost. */
const LONG_MS = 2_000;

const calls = (world: World, method: string): number =>
  world.server.calls.filter((call) => call.method === method).length;

/** Two devices of alice; the second has read its lists. */
async function pair() {
  const world = new World();
  const [alice, phone] = [await world.ready('alice'), await world.ready('alice')];
  await world.done(phone.chat.getFriendList());
  await world.done(phone.chat.getBlacklist());
  await world.done(phone.chat.getFriendApplicationList());
  const add = (to: string) => world.done(alice.chat.addFriend({ to, source }));
  return { world, alice, phone, add };
}

describe('lists on a device', () => {
  it('are read once, in pages, and then kept by events', async () => {
    const { world, phone, add } = await pair();
    for (const user of ['bob', 'carol', 'dave', 'erin', 'frank']) await add(user);
    const read = calls(world, 'listFriends');
    expect(await friendsOn(world, phone)).toEqual(['bob', 'carol', 'dave', 'erin', 'frank']);
    expect(calls(world, 'listFriends')).toBe(read);
    const later = await world.ready('alice');
    expect(await friendsOn(world, later)).toHaveLength(5);
    expect(calls(world, 'listFriends')).toBe(read + 3);
  });

  it('are read anew when an event is missing', async () => {
    const { world, phone, add } = await pair();
    world.server.faults.onPush = () => 'drop';
    await add('bob');
    world.server.faults.onPush = () => 'deliver';
    expect(await friendsOn(world, phone)).toEqual([]);
    await add('carol');
    expect(await friendsOn(world, phone)).toEqual(['bob', 'carol']);
  });

  it('are not shown backwards by what comes twice or late', async () => {
    const { world, alice, phone, add } = await pair();
    world.server.faults.onPush = () => 'repeat';
    await add('bob');
    world.server.faults.onPush = () => 'hold';
    await world.done(alice.chat.updateFriend({ userID: 'bob', remark: 'first' }), LONG_MS);
    world.server.faults.onPush = () => 'deliver';
    await world.done(alice.chat.updateFriend({ userID: 'bob', remark: 'second' }), LONG_MS);
    const [bob] = await world.done(phone.chat.getFriendList());
    expect(bob?.remark).toBe('second');
    expect(phone.told<Friend[]>(EVENT.FRIEND_LIST_UPDATED).map(([one]) => one?.remark)).toEqual([
      ...['', 'first', 'second'],
    ]);
  });

  it('are compared after a reconnect, and only those that differ are read', async () => {
    const { world, alice, phone } = await pair();
    const cut = () => {
      for (const connection of world.server.connectionsOf('alice')) connection.cut();
    };
    cut();
    await world.clock.pass(5_000);
    expect([calls(world, 'listFriends'), calls(world, 'listBlocklist')]).toEqual([1, 1]);
    world.server.faults.onPush = () => 'drop';
    await world.done(alice.chat.addToBlacklist({ userIDList: ['bob'] }));
    world.server.faults.onPush = () => 'deliver';
    cut();
    await world.clock.pass(5_000);
    expect(phone.told(EVENT.BLACKLIST_UPDATED)).toEqual([['bob']]);
    expect([calls(world, 'listFriends'), calls(world, 'listBlocklist')]).toEqual([1, 2]);
    for (const connection of world.server.connectionsOf('alice')) connection.resync();
    await world.clock.pass(1_000);
    expect(calls(world, 'listBlocklist')).toBe(2);
  });

  it('that nobody asked for are read when there is news of them', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    world.server.relations.allowTypes.set('bob', 'confirm');
    await world.done(alice.chat.addFriend({ to: 'bob', source }));
    expect(calls(world, 'listFriends')).toBe(0);
    expect(bob.told(EVENT.FRIEND_APPLICATION_LIST_UPDATED)).toMatchObject([{ unreadCount: 1 }]);
  });

  it('of friends follow a group that gets another name, seen or not', async () => {
    const { world, alice, phone, add } = await pair();
    await add('bob');
    await world.done(alice.chat.createFriendGroup({ name: 'work', userIDList: ['bob'] }));
    const groupsOfBob = async () => (await world.done(phone.chat.getFriendList()))[0]?.groupList;
    await world.done(alice.chat.renameFriendGroup({ oldName: 'work', newName: 'office' }));
    expect(await groupsOfBob()).toEqual(['office']);
    world.server.faults.onPush = () => 'drop';
    await world.done(alice.chat.renameFriendGroup({ oldName: 'office', newName: 'club' }), LONG_MS);
    world.server.faults.onPush = () => 'deliver';
    await world.done(alice.chat.createFriendGroup({ name: 'home', userIDList: [] }));
    expect(await groupsOfBob()).toEqual(['club']);
    expect((await world.done(phone.chat.getFriendGroupList())).map(({ name }) => name)).toEqual([
      ...['club', 'home'],
    ]);
  });

  it('show an own change when its call resolves, although nothing of it was pushed', async () => {
    const { world, phone } = await pair();
    world.server.faults.onPush = () => 'drop';
    await world.done(phone.chat.addFriend({ to: 'bob', source }), LONG_MS);
    expect(await friendsOn(world, phone)).toEqual(['bob']);
    await world.done(phone.chat.deleteFriend({ userIDList: ['bob'] }), LONG_MS);
    expect(await friendsOn(world, phone)).toEqual([]);
  });

  it('fail to be read for as long as the service says so, and come then', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onCall = () => ({ code: 30006 });
    await expect(world.done(alice.chat.getFriendList())).rejects.toMatchObject({ code: 30006 });
    world.server.faults.onCall = () => 'answer';
    expect(await friendsOn(world, alice)).toEqual([]);
    const type = TYPES.SNS_CHECK_TYPE_BOTH;
    const { successUserIDList } = await world.done(alice.chat.checkFriend({ userIDList: ['bob'], type }));
    expect(successUserIDList[0]?.relation).toBe(TYPES.SNS_TYPE_NO_RELATION);
  });
});
