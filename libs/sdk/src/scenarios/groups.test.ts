// Coming into groups, being in them, and being out of them.
import { TYPES } from '../constants/types.js';
import {
  conversationsOf,
  groupIDs,
  groupOfTwo,
  noticesOf,
  tipsOf,
  unreadIn,
} from '../testing/group-world.js';
import { World } from '../testing/world.js';

describe('a group', () => {
  it('is made and found by everybody in it [parity: sdk createGroup, sdk getGroupList, sdk getGroupProfile, event GROUP_LIST_UPDATED]', async () => {
    const world = new World();
    const { alice, bob, group } = await groupOfTwo(world);
    expect(group).toMatchObject({
      groupID: 'team',
      name: 'team',
      type: 'Public',
      ownerID: 'alice',
      memberCount: 2,
      joinOption: 'FreeAccess',
      selfInfo: { userID: 'alice', role: 'Owner', messageRemindType: 'AcceptAndNotify' },
    });
    for (const device of [alice, bob]) {
      expect(groupIDs(device)).toEqual(['team']);
      const { groupList } = (await device.chat.getGroupList()).data;
      expect(groupList.map(({ name }) => name)).toEqual(['team']);
    }
    expect((await alice.chat.getGroupList()).data.groupList[0]).toBe(group);
    const profile = await world.done(bob.chat.getGroupProfile({ groupID: 'team' }));
    expect(profile.group.selfInfo).toMatchObject({ userID: 'bob', role: 'Member' });
    expect(noticesOf(bob).map(({ payload }) => payload.operationType)).toEqual([7]);
  });

  it('is known at the next login, with its conversation', async () => {
    const world = new World();
    await groupOfTwo(world);
    world.server.sendText('alice', 'team', 'hello');
    const laptop = await world.ready('bob');
    expect(groupIDs(laptop)).toEqual(['team']);
    const [team] = (await laptop.chat.getConversationList(['GROUPteam'])).data.conversationList;
    expect(team).toMatchObject({
      type: 'GROUP',
      subType: 'Public',
      unreadCount: 1,
      groupProfile: { groupID: 'team', name: 'team', nextMessageSeq: 2 },
      lastMessage: { messageForShow: 'hello', fromAccount: 'alice' },
      userProfile: { userID: '' },
    });
    expect(team?.groupProfile).toBe((await laptop.chat.getGroupList()).data.groupList[0]);
  });

  it('is joined, and the others read so [parity: sdk joinGroup, sdk searchGroupByID]', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    world.server.sendText('alice', 'team', 'before');
    const [carol, second] = [await world.ready('carol'), await world.ready('carol')];
    expect((await world.done(carol.chat.searchGroupByID('team'))).group.name).toBe('team');
    expect((await carol.chat.getGroupList()).data.groupList).toEqual([]);
    const { status, group } = await world.done(carol.chat.joinGroup({ groupID: 'team' }));
    expect([status, group?.memberCount, group?.selfInfo.role]).toEqual(['JoinedSuccess', 3, 'Member']);
    await world.clock.pass(1_000);
    const [tip] = tipsOf(alice);
    expect(tip).toMatchObject({
      conversationID: 'GROUPteam',
      type: 'TIMGroupTipElem',
      payload: {
        operationType: TYPES.GRP_TIP_MBR_JOIN,
        operatorID: 'carol',
        userIDList: ['carol'],
        memberCount: 3,
      },
    });
    expect((await alice.chat.getGroupList()).data.groupList[0]?.memberCount).toBe(3);
    expect(unreadIn(alice)).toBe(0);
    // The tip brings the group to the other device; what was said before joining is nobody's news.
    expect(groupIDs(second)).toEqual(['team']);
    expect(second.textsIn('team')).toEqual([]);
    expect(await conversationsOf(second)).toEqual(['GROUPteam']);
    expect((await world.done(carol.chat.joinGroup({ groupID: 'team' }))).status).toBe('AlreadyInGroup');
  });

  it('is left [parity: sdk quitGroup]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const second = await world.ready('bob');
    bob.sendToGroup('team', 'bye');
    await world.clock.pass(500);
    expect(await world.done(bob.chat.quitGroup('team'))).toEqual({ groupID: 'team' });
    await world.clock.pass(500);
    for (const device of [bob, second]) {
      expect(groupIDs(device)).toEqual([]);
      expect(await conversationsOf(device)).toEqual(['@TIM#SYSTEM']);
    }
    expect(tipsOf(alice).at(-1)?.payload).toMatchObject({
      operationType: 2,
      userIDList: ['bob'],
      memberCount: 1,
    });
    await expect(
      world.done(
        bob.chat.sendMessage(
          bob.chat.createTextMessage({ to: 'team', conversationType: 'GROUP', payload: { text: 'x' } }),
        ),
      ),
    ).rejects.toMatchObject({ code: 10007 });
  });

  it('ends for a member who is removed while connected [parity: sdk deleteGroupMember]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const removed = await world.done(
      alice.chat.deleteGroupMember({ groupID: 'team', userIDList: ['bob'], reason: 'rude' }),
    );
    expect([removed.userIDList, removed.group.memberCount]).toEqual([['bob'], 1]);
    await world.clock.pass(500);
    expect(groupIDs(bob)).toEqual([]);
    expect(await conversationsOf(bob)).toEqual(['@TIM#SYSTEM']);
    expect(noticesOf(bob).at(-1)).toMatchObject({
      conversationID: '@TIM#SYSTEM',
      conversationType: '@TIM#SYSTEM',
      payload: { operationType: 4, groupProfile: { groupID: 'team', name: 'team' }, handleMessage: 'rude' },
    });
    world.server.sendText('alice', 'team', 'gone');
    await world.clock.pass(500);
    expect(bob.textsIn('team')).toEqual([]);
  });

  it('ends for a member who is removed while away, and begins for one who is added', async () => {
    const world = new World();
    const { bob } = await groupOfTwo(world);
    const { group: other } = await world.done(
      (await world.ready('dave')).chat.createGroup({
        name: 'other',
        type: TYPES.GRP_PUBLIC,
        groupID: 'other',
      }),
    );
    world.server.sendText('dave', 'other', 'old');
    world.isUp = false;
    for (const connection of world.server.connectionsOf('bob')) connection.cut();
    await world.clock.pass(100);
    world.server.groups.remove('team', ['bob'], { operator: 'alice' });
    world.server.groups.add(other.groupID, ['bob'], { operator: 'dave', joinType: 2 });
    world.server.sendText('dave', 'other', 'new');
    world.isUp = true;
    await world.clock.pass(20_000);
    expect(groupIDs(bob)).toEqual(['other']);
    expect((await conversationsOf(bob)).sort()).toEqual(['@TIM#SYSTEM', 'GROUPother']);
    expect(bob.textsIn('other')).toEqual(['new']);
    expect(noticesOf(bob).map(({ payload }) => payload.operationType)).toEqual([7, 4, 7]);
    const [conversation] = (await bob.chat.getConversationList(['GROUPother'])).data.conversationList;
    expect([conversation?.unreadCount, conversation?.groupProfile.name]).toEqual([1, 'other']);
  });

  it('ends for all [parity: sdk dismissGroup]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    await world.done(alice.chat.dismissGroup('team'));
    await world.clock.pass(500);
    for (const device of [alice, bob]) expect(groupIDs(device)).toEqual([]);
    expect(noticesOf(bob).at(-1)?.payload.operationType).toBe(5);
    await expect(world.done(bob.chat.getGroupProfile({ groupID: 'team' }))).rejects.toMatchObject({
      code: 10010,
    });
  });

  it('does not keep a login waiting when it cannot be listed', async () => {
    const world = new World();
    await groupOfTwo(world);
    world.server.sendText('carol', 'bob', 'x');
    let isDown = true;
    world.server.faults.onCall = ({ method }) => (method === 45 && isDown ? { code: 91000 } : 'answer');
    const laptop = world.device('bob');
    const login = laptop.login();
    await world.clock.pass(8_000);
    await login;
    expect(laptop.chat.isReady()).toBe(true);
    expect(await conversationsOf(laptop)).toContain('C2Ccarol');
    isDown = false;
    await world.clock.pass(60_000);
    expect(groupIDs(laptop)).toEqual(['team']);
  });
});

describe('who is out of a live group', () => {
  it('learns it by a notice', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const { group } = await world.done(
      alice.chat.createGroup({ name: 'show', type: TYPES.GRP_AVCHATROOM, groupID: 'show' }),
    );
    await world.done(bob.chat.joinGroup({ groupID: 'show' }));
    expect(groupIDs(bob)).toEqual(['show']);
    const live = world.server.groups.require(group.groupID).group;
    world.server.groups.voice.notify('bob', live, { ReportType: 22 });
    await world.clock.pass(500);
    expect(groupIDs(bob)).toEqual([]);
  });
});
