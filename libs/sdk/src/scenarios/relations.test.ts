// Friends, applications, friend groups and the blocklist: what apps ask and change, and what all devices are told of it.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Friend, FriendApplicationList, FriendGroup } from '../model/relation-sdk.js';
import { type Device, World } from '../testing/world.js';

const SOURCE = 'AddSource_Type_Web';
const lastTold = <T>(device: Device, name: string): T | undefined => device.told<T>(name).at(-1);
const idsOf = (friends: readonly Friend[] | undefined) => friends?.map(({ userID }) => userID);

async function trio() {
  const world = new World();
  const [alice, phone] = [await world.ready('alice'), await world.ready('alice')];
  const bob = await world.ready('bob');
  return { world, alice, phone, bob };
}

const addTo = (device: Device, to: string, more: object = {}) =>
  device.chat.addFriend({ to, source: SOURCE, wording: 'hi', ...more });

describe('friends', () => {
  it('are added, and all devices of both are told [parity: sdk getFriendList, sdk addFriend, event FRIEND_LIST_UPDATED]', async () => {
    const { world, alice, phone, bob } = await trio();
    await world.done(bob.chat.updateMyProfile({ nick: 'Bob' }));
    expect(await world.done(alice.chat.getFriendList())).toEqual([]);
    const added = await world.done(addTo(alice, 'bob', { remark: 'my friend', groupName: 'work' }));
    expect(added).toEqual({ userID: 'bob', code: 0, message: '' });
    const wanted = {
      ...{ userID: 'bob', remark: 'my friend', groupList: ['work'], source: SOURCE, wording: 'hi' },
      ...{ profile: { userID: 'bob', nick: 'Bob' }, friendCustomField: [] },
    };
    expect(await world.done(alice.chat.getFriendList())).toMatchObject([wanted]);
    expect(lastTold(phone, EVENT.FRIEND_LIST_UPDATED)).toMatchObject([wanted]);
    expect(lastTold(alice, EVENT.FRIEND_LIST_UPDATED)).toMatchObject([wanted]);
    expect(idsOf(lastTold(bob, EVENT.FRIEND_LIST_UPDATED))).toEqual(['alice']);
    await world.done(addTo(alice, 'carol', { type: TYPES.SNS_ADD_TYPE_SINGLE }));
    expect(idsOf(await world.done(alice.chat.getFriendList()))).toEqual(['bob', 'carol']);
    const checked = await world.done(
      alice.chat.checkFriend({
        userIDList: ['carol', 'bob', 'dave', 'nobody'],
        type: TYPES.SNS_CHECK_TYPE_BOTH,
      }),
    );
    expect(checked.successUserIDList.map(({ relation }) => relation)).toEqual([
      TYPES.SNS_TYPE_A_WITH_B,
      TYPES.SNS_TYPE_BOTH_WAY,
      TYPES.SNS_TYPE_NO_RELATION,
    ]);
    expect(checked.failureUserIDList).toEqual([{ userID: 'nobody', code: 30003, message: 'refused' }]);
  });

  it('are checked, changed and deleted [parity: sdk checkFriend, sdk updateFriend, sdk getFriendProfile, sdk deleteFriend]', async () => {
    const { world, alice, phone, bob } = await trio();
    for (const user of ['bob', 'carol', 'dave']) await world.done(addTo(alice, user));
    expect(idsOf(await world.done(phone.chat.getFriendList()))).toEqual(['bob', 'carol', 'dave']);
    const custom = [{ key: 'Tag_SNS_Custom_Since', value: 'school' }];
    const changed = await world.done(
      alice.chat.updateFriend({ userID: 'bob', remark: 'B', friendCustomField: custom }),
    );
    expect(changed).toMatchObject({ userID: 'bob', remark: 'B', friendCustomField: custom });
    expect(lastTold<Friend[]>(phone, EVENT.FRIEND_LIST_UPDATED)?.[0]).toEqual(changed);
    const named = await world.done(alice.chat.getFriendProfile({ userIDList: ['erin', 'bob'] }));
    expect(named).toEqual({
      friendList: [changed],
      failureUserIDList: [{ userID: 'erin', code: 30001, message: 'no friend' }],
    });
    const single = { userIDList: ['bob', 'bob'], type: TYPES.SNS_CHECK_TYPE_SINGLE };
    const checked = await world.done(bob.chat.checkFriend({ ...single, userIDList: ['alice'] }));
    expect(checked.successUserIDList[0]?.relation).toBe(TYPES.SNS_TYPE_A_WITH_B);
    await world.done(alice.chat.deleteFriend({ userIDList: ['carol'], type: TYPES.SNS_DELETE_TYPE_SINGLE }));
    const deleted = await world.done(alice.chat.deleteFriend({ userIDList: ['bob', 'erin'] }));
    expect(deleted).toEqual({
      successUserIDList: [{ userID: 'bob', code: 0 }],
      failureUserIDList: [{ userID: 'erin', code: 31704, message: 'refused' }],
    });
    for (const device of [alice, phone]) {
      expect(idsOf(await world.done(device.chat.getFriendList()))).toEqual(['dave']);
    }
    expect(lastTold(bob, EVENT.FRIEND_LIST_UPDATED)).toEqual([]);
    expect(world.server.relations.of('carol').friends.size).toBe(1);
  });

  it('give their conversations the remark, and their profiles are kept', async () => {
    const { world, alice, bob } = await trio();
    world.server.profiles.watchers.push('alice');
    bob.sendText('alice', 'hi');
    await world.clock.pass(500);
    await world.done(alice.chat.getFriendList());
    await world.done(addTo(alice, 'bob', { remark: 'B' }));
    const remark = async () =>
      (await world.done(alice.chat.getConversationProfile('C2Cbob'))).conversation.remark;
    expect(await remark()).toBe('B');
    await world.done(bob.chat.updateMyProfile({ nick: 'Bob' }));
    expect((await world.done(alice.chat.getFriendList()))[0]?.profile.nick).toBe('Bob');
    // A change that this device was not told of.
    world.server.faults.onPush = () => 'drop';
    await world.done(bob.chat.updateMyProfile({ nick: 'Bobby' }));
    world.server.faults.onPush = () => 'deliver';
    for (const connection of world.server.connectionsOf('alice')) connection.cut();
    await world.clock.pass(5_000);
    expect((await world.done(alice.chat.getFriendList()))[0]?.profile.nick).toBe('Bobby');
    await world.done(alice.chat.deleteFriend({ userIDList: ['bob'] }));
    expect(await remark()).toBe('');
  });
});

describe('friend applications', () => {
  it('wait for an answer, read or not [parity: sdk getFriendApplicationList, sdk acceptFriendApplication, sdk setFriendApplicationRead, event FRIEND_APPLICATION_LIST_UPDATED]', async () => {
    const { world, alice, phone, bob } = await trio();
    world.server.relations.allowTypes.set('bob', 'confirm');
    await world.done(alice.chat.updateMyProfile({ nick: 'Alice', avatar: 'https://a' }));
    expect((await world.done(addTo(alice, 'bob', { remark: 'B' }))).code).toBe(30539);
    const list = await world.done(bob.chat.getFriendApplicationList());
    expect(list).toEqual({
      friendApplicationList: [
        {
          ...{ userID: 'alice', nick: 'Alice', avatar: 'https://a', source: SOURCE, wording: 'hi' },
          ...{ time: expect.any(Number), type: TYPES.SNS_APPLICATION_SENT_TO_ME },
        },
      ],
      unreadCount: 1,
    });
    expect(lastTold(bob, EVENT.FRIEND_APPLICATION_LIST_UPDATED)).toEqual(list);
    const sent = lastTold<FriendApplicationList>(phone, EVENT.FRIEND_APPLICATION_LIST_UPDATED);
    expect(sent?.friendApplicationList[0]).toMatchObject({
      ...{ userID: 'bob', type: TYPES.SNS_APPLICATION_SENT_BY_ME },
    });
    expect(sent?.unreadCount).toBe(0);
    await world.done(bob.chat.setFriendApplicationRead());
    expect((await world.done(bob.chat.getFriendApplicationList())).unreadCount).toBe(0);
    await world.done(
      bob.chat.acceptFriendApplication({ userID: 'alice', type: TYPES.SNS_APPLICATION_AGREE_AND_ADD }),
    );
    for (const device of [alice, phone, bob]) {
      const { friendApplicationList } = await world.done(device.chat.getFriendApplicationList());
      expect(friendApplicationList).toEqual([]);
      expect(await world.done(device.chat.getFriendList())).toHaveLength(1);
    }
  });

  it('are refused and deleted [parity: sdk refuseFriendApplication, sdk deleteFriendApplication]', async () => {
    const { world, alice, bob } = await trio();
    world.server.relations.allowTypes.set('bob', 'confirm');
    const counts = async () =>
      Promise.all(
        [alice, bob].map(
          async ({ chat }) =>
            (await world.done(chat.getFriendApplicationList())).friendApplicationList.length,
        ),
      );
    await world.done(addTo(alice, 'bob'));
    expect(await counts()).toEqual([1, 1]);
    await world.done(bob.chat.refuseFriendApplication({ userID: 'alice' }));
    expect(await counts()).toEqual([0, 0]);
    await world.done(addTo(alice, 'bob'));
    const mine = { userID: 'bob', type: TYPES.SNS_APPLICATION_SENT_BY_ME };
    await world.done(alice.chat.deleteFriendApplication(mine));
    expect(await counts()).toEqual([0, 0]);
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    await refused(alice.chat.deleteFriendApplication(mine), 31804);
    await refused(bob.chat.refuseFriendApplication({ userID: 'alice' }), 30614);
    const accept = { userID: 'alice', type: TYPES.SNS_APPLICATION_AGREE };
    await refused(bob.chat.acceptFriendApplication(accept), 30614);
  });
});

describe('friend groups', () => {
  it('are made, filled, renamed and deleted [parity: sdk getFriendGroupList, sdk createFriendGroup, sdk addToFriendGroup, sdk removeFromFriendGroup, sdk renameFriendGroup, sdk deleteFriendGroup, event FRIEND_GROUP_LIST_UPDATED]', async () => {
    const { world, alice, phone } = await trio();
    for (const user of ['bob', 'carol']) await world.done(addTo(alice, user));
    expect(await world.done(phone.chat.getFriendGroupList())).toEqual([]);
    const groupsOnPhone = () => lastTold<FriendGroup[]>(phone, EVENT.FRIEND_GROUP_LIST_UPDATED);
    const made = await world.done(
      alice.chat.createFriendGroup({ name: 'work', userIDList: ['bob', 'erin'] }),
    );
    expect(made).toEqual({
      friendGroup: { name: 'work', userIDList: ['bob'], count: 1 },
      failureUserIDList: [{ userID: 'erin', code: 32216, message: 'refused' }],
    });
    expect(groupsOnPhone()).toEqual([made.friendGroup]);
    await expect(
      world.done(alice.chat.createFriendGroup({ name: 'work', userIDList: [] })),
    ).rejects.toMatchObject({ code: 30001 });
    const more = await world.done(alice.chat.addToFriendGroup({ name: 'work', userIDList: ['carol'] }));
    expect(more.friendGroup).toEqual({ name: 'work', userIDList: ['bob', 'carol'], count: 2 });
    const less = await world.done(alice.chat.removeFromFriendGroup({ name: 'work', userIDList: ['bob'] }));
    expect(less.friendGroup.userIDList).toEqual(['carol']);
    const renamed = await world.done(alice.chat.renameFriendGroup({ oldName: 'work', newName: 'office' }));
    expect(renamed).toEqual({ name: 'office', userIDList: ['carol'], count: 1 });
    expect(groupsOnPhone()).toEqual([renamed]);
    expect((await world.done(phone.chat.getFriendList()))[1]?.groupList).toEqual(['office']);
    expect(await world.done(alice.chat.deleteFriendGroup({ name: 'office' }))).toEqual(renamed);
    for (const device of [alice, phone]) {
      expect(await world.done(device.chat.getFriendGroupList())).toEqual([]);
      expect((await world.done(device.chat.getFriendList()))[1]?.groupList).toEqual([]);
    }
    await expect(world.done(alice.chat.deleteFriendGroup({ name: 'office' }))).rejects.toMatchObject({
      code: 30001,
    });
  });
});

describe('the blocklist', () => {
  it('ends friendships on both sides [parity: sdk getBlacklist, sdk addToBlacklist, sdk removeFromBlacklist, event BLACKLIST_UPDATED]', async () => {
    const { world, alice, phone, bob } = await trio();
    await world.done(addTo(alice, 'bob'));
    const blocked = await world.done(alice.chat.addToBlacklist({ userIDList: ['bob', 'carol', 'nobody'] }));
    expect(blocked).toEqual(['bob', 'carol']);
    expect(await world.done(alice.chat.getBlacklist())).toEqual(['bob', 'carol']);
    expect(lastTold(phone, EVENT.BLACKLIST_UPDATED)).toEqual(['bob', 'carol']);
    expect(await world.done(bob.chat.getFriendList())).toEqual([]);
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    await refused(addTo(bob, 'alice'), 30525);
    await refused(addTo(alice, 'bob'), 30515);
    expect(await world.done(alice.chat.removeFromBlacklist({ userIDList: ['carol'] }))).toEqual(['carol']);
    expect(lastTold(phone, EVENT.BLACKLIST_UPDATED)).toEqual(['bob']);
    await refused(alice.chat.addToBlacklist({ userIDList: ['nobody'] }), 30003);
  });
});

describe('calls about relations', () => {
  it('are refused for what is malformed', async () => {
    const { world, alice } = await trio();
    const { chat } = alice;
    const many = Array.from({ length: 1_001 }, (_, at) => `u${at}`);
    const type = TYPES.SNS_TYPE_BOTH_WAY;
    const bad: Promise<{ data: unknown }>[] = [
      chat.addFriend({ to: '', source: SOURCE }),
      chat.addFriend({ to: 'bob', source: '' }),
      chat.addFriend({ to: 'bob', source: SOURCE, type }),
      chat.deleteFriend({ userIDList: [] }),
      chat.deleteFriend({ userIDList: many.slice(0, 101) }),
      chat.checkFriend({ userIDList: many, type: TYPES.SNS_CHECK_TYPE_BOTH }),
      chat.getFriendProfile({ userIDList: many.slice(0, 101) }),
      chat.updateFriend({ userID: '' }),
      chat.updateFriend({ userID: 'bob', friendCustomField: [{ key: 'k', value: -1 }] }),
      chat.acceptFriendApplication({ userID: 'bob', type }),
      chat.refuseFriendApplication({ userID: '' }),
      chat.deleteFriendApplication({ userID: 'bob', type }),
      chat.createFriendGroup({ name: '', userIDList: [] }),
      chat.addToFriendGroup({ name: 'x', userIDList: [] }),
      chat.renameFriendGroup({ oldName: 'x', newName: '' }),
      chat.addToBlacklist({ userIDList: many }),
    ];
    for (const call of bad) await expect(world.done(call)).rejects.toMatchObject({ code: 6017 });
  });
});
