// What is said in groups: order, counts, mentions, pages.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Conversation } from '../model/conversation.js';
import { groupIDs, groupOfTwo, tipsOf, unreadIn } from '../testing/group-world.js';
import { type Device, World } from '../testing/world.js';

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

  it('mention who was away: his devices know of it, until one of them reads', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const away = bob.chat.logout();
    await world.clock.pass(500);
    await away;
    for (const atUserList of [['bob'], ['carol'], [TYPES.MSG_AT_ALL]]) {
      alice.send(
        alice.chat.createTextAtMessage({
          to: 'team',
          conversationType: TYPES.CONV_GROUP,
          payload: { text: 'look', atUserList },
        }),
      );
    }
    alice.sendToGroup('team', 'nobody');
    await world.clock.pass(500);
    const [tablet, phone] = [await world.ready('bob'), await world.ready('bob')];
    const mentionsOn = async ({ chat }: Device) => {
      const [team] = (await chat.getConversationList(['GROUPteam'])).data.conversationList;
      return team?.groupAtInfoList;
    };
    const expected = [
      { from: 'alice', messageSequence: 1, atTypeArray: [TYPES.CONV_AT_ME] },
      { from: 'alice', messageSequence: 3, atTypeArray: [TYPES.CONV_AT_ALL] },
    ];
    expect([await mentionsOn(tablet), await mentionsOn(phone)]).toEqual([expected, expected]);
    await world.done(tablet.chat.setMessageRead({ conversationID: 'GROUPteam' }));
    await world.clock.pass(500);
    expect([await mentionsOn(tablet), await mentionsOn(phone)]).toEqual([[], []]);
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

  it('are not announced, or not counted into the total, by the wish of the member', async () => {
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
