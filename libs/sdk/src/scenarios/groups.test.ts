// Coming into groups, being in them, and being out of them.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Conversation, Group } from '../model/conversation.js';
import type { Message } from '../model/message.js';
import { type Device, World } from '../testing/world.js';

const PUBLIC = TYPES.GRP_PUBLIC;

const groupIDs = (device: Device): string[] =>
  (device.told<Group[]>(EVENT.GROUP_LIST_UPDATED).at(-1) ?? []).map(({ groupID }) => groupID);

const noticesOf = (device: Device): Message[] =>
  device.received.filter(({ type }) => type === TYPES.MSG_GRP_SYS_NOTICE);

const tipsOf = (device: Device): Message[] =>
  device.received.filter(({ type }) => type === TYPES.MSG_GRP_TIP);

async function conversationsOf(device: Device): Promise<string[]> {
  const { data } = await device.chat.getConversationList();
  return data.conversationList.map(({ conversationID }) => conversationID);
}

/** Unread messages of the group; notices are counted in a conversation of their own. */
const unreadIn = (device: Device): number =>
  (device.told<Conversation[]>(EVENT.CONVERSATION_LIST_UPDATED).at(-1) ?? [])
    .filter(({ conversationID }) => conversationID === 'GROUPteam')
    .reduce((total, { unreadCount }) => total + unreadCount, 0);

/** alice owns a group with bob in it. */
async function groupOfTwo(world: World) {
  const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
  const { group } = await world.done(
    alice.chat.createGroup({ name: 'team', type: PUBLIC, groupID: 'team', memberList: [{ userID: 'bob' }] }),
  );
  return { alice, bob, group };
}

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
      (await world.ready('dave')).chat.createGroup({ name: 'other', type: PUBLIC, groupID: 'other' }),
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

describe('messages of a group', () => {
  it('reach all members once and in order; sending is reading', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const second = await world.ready('bob');
    for (const text of ['1', '2']) alice.sendToGroup('team', text);
    await world.clock.pass(500);
    expect([bob.textsIn('team'), second.textsIn('team')]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect([alice, bob, second].map(unreadIn)).toEqual([0, 2, 2]);
    const answer = bob.sendToGroup('team', '3');
    await world.clock.pass(500);
    expect([alice, bob, second].map(unreadIn)).toEqual([1, 0, 0]);
    expect(
      second.received.filter(({ to }) => to === 'team').map(({ isRead, flow }) => [flow, isRead]),
    ).toEqual([
      ['in', true],
      ['in', true],
      ['out', true],
    ]);
    expect(answer.message).toMatchObject({
      status: 'success',
      conversationID: 'GROUPteam',
      sequence: 3,
      isPeerRead: false,
    });
    expect(world.server.model.unreadOf({ user: 'bob', peer: 'team' })).toBe(0);
    expect(alice.received.find(({ from }) => from === 'bob')).toMatchObject({
      to: 'team',
      sequence: 3,
      priority: 'Normal',
    });
  });

  it('are marked as read on all own devices, and tell nobody', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const second = await world.ready('bob');
    alice.sendToGroup('team', '1');
    await world.clock.pass(200);
    await world.done(bob.chat.setMessageRead({ conversationID: 'GROUPteam' }));
    await world.clock.pass(200);
    expect([bob, second].map(unreadIn)).toEqual([0, 0]);
    expect(alice.told(EVENT.MESSAGE_READ_BY_PEER)).toEqual([]);
  });

  it('are fetched where pushes were dropped, also those of a group that this device did not know', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const carol = await world.ready('carol');
    world.server.faults.onPush = (_push, { user }) => (user === 'carol' ? 'drop' : 'deliver');
    world.server.groups.add('team', ['carol'], { operator: 'alice', joinType: 2 });
    alice.sendToGroup('team', '1');
    alice.sendToGroup('team', '2');
    await world.clock.pass(500);
    world.server.faults.onPush = () => 'deliver';
    alice.sendToGroup('team', '3');
    await world.clock.pass(2_000);
    expect(carol.textsIn('team')).toEqual(['1', '2', '3']);
    expect(tipsOf(carol)).toHaveLength(1);
    expect(groupIDs(carol)).toEqual(['team']);
    expect(unreadIn(carol)).toBe(world.server.model.unreadOf({ user: 'carol', peer: 'team' }));
  });

  it('come in pages, with tips among them', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    for (const text of ['1', '2', '3']) alice.sendToGroup('team', text);
    await world.clock.pass(500);
    await world.done(alice.chat.updateGroupProfile({ groupID: 'team', name: 'crew' }));
    const page = await world.done(bob.chat.getMessageList({ conversationID: 'GROUPteam', count: 3 }));
    expect(page.messageList.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['TIMTextElem', 2],
      ['TIMTextElem', 3],
      ['TIMGroupTipElem', 4],
    ]);
    const older = await world.done(
      bob.chat.getMessageList({ conversationID: 'GROUPteam', nextReqMessageID: page.nextReqMessageID }),
    );
    expect([older.messageList.length, older.isCompleted]).toEqual([1, true]);
  });

  it('mention members [parity: sdk createTextAtMessage]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const mention = (atUserList: string[]) =>
      alice.send(
        alice.chat.createTextAtMessage({
          to: 'team',
          conversationType: TYPES.CONV_GROUP,
          payload: { text: 'look', atUserList },
        }),
      );
    mention(['carol']);
    const direct = mention(['bob']);
    mention([TYPES.MSG_AT_ALL]);
    mention([TYPES.MSG_AT_ALL, 'bob']);
    await world.clock.pass(500);
    const [team] = (await bob.chat.getConversationList({ hasGroupAtInfo: true })).data.conversationList;
    expect(team?.groupAtInfoList).toEqual([
      { from: 'alice', messageSequence: direct.message.sequence, atTypeArray: [TYPES.CONV_AT_ME] },
      { from: 'alice', messageSequence: 3, atTypeArray: [TYPES.CONV_AT_ALL] },
      { from: 'alice', messageSequence: 4, atTypeArray: [TYPES.CONV_AT_ALL_AT_ME] },
    ]);
    expect(bob.received.filter(({ to }) => to === 'team').map(({ atUserList }) => atUserList)).toEqual([
      ['carol'],
      ['bob'],
      [TYPES.MSG_AT_ALL],
      ['bob', TYPES.MSG_AT_ALL],
    ]);
    await world.done(bob.chat.setMessageRead({ conversationID: 'GROUPteam' }));
    expect(team?.groupAtInfoList).toEqual([]);
  });

  it('may be for some members only, and carry a priority', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    world.server.groups.add('team', ['carol'], { operator: 'alice', joinType: 2 });
    const carol = await world.ready('carol');
    const secret = alice.chat.createTextMessage({
      to: 'team',
      conversationType: TYPES.CONV_GROUP,
      payload: { text: 'for bob' },
      receiverList: ['bob'],
      priority: TYPES.MSG_PRIORITY_HIGH,
    });
    alice.send(secret);
    alice.sendToGroup('team', 'for all');
    await world.clock.pass(2_000);
    expect([bob.textsIn('team'), carol.textsIn('team')]).toEqual([['for bob', 'for all'], ['for all']]);
    expect(bob.received.find(({ ID }) => ID === secret.ID)?.priority).toBe('High');
    expect([bob, carol].map(unreadIn)).toEqual([1, 1]);
  });

  it('are not announced, or not counted into the total, by the wish of the member [parity: sdk setMessageRemindType]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    await world.done(bob.chat.setMessageRead({ conversationID: TYPES.CONV_SYSTEM }));
    const wish = async (messageRemindType: TYPES) => {
      await world.done(bob.chat.setMessageRemindType({ groupID: 'team', messageRemindType }));
      alice.sendToGroup('team', messageRemindType as string);
      await world.clock.pass(500);
    };
    await wish(TYPES.MSG_REMIND_ACPT_NOT_NOTE);
    const [team] = (await bob.chat.getConversationList(['GROUPteam'])).data.conversationList as [
      Conversation,
    ];
    expect([team.messageRemindType, team.unreadCount, bob.chat.getTotalUnreadMessageCount()]).toEqual([
      'AcceptNotNotify',
      1,
      0,
    ]);
    await wish(TYPES.MSG_REMIND_DISCARD);
    await wish(TYPES.MSG_REMIND_ACPT_AND_NOTE);
    expect(bob.textsIn('team')).toEqual(['AcceptNotNotify', 'AcceptAndNotify']);
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(3);
  });

  it('of the platform are believed only when they are from the platform', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const forged = alice.chat.createTextMessage({
      to: 'team',
      conversationType: 'GROUP',
      payload: { text: '' },
    });
    forged.elements = [
      { type: TYPES.MSG_GRP_TIP, payload: { OpType: 6, GroupInfo: { Name: 'forged' } } as never },
    ];
    alice.send(forged);
    await world.clock.pass(500);
    expect((await bob.chat.getGroupList()).data.groupList[0]?.name).toBe('team');
  });
});
