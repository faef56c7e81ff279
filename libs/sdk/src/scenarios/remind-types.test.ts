// Conversations with users whose messages a user does not want to be told of.
import { TYPES } from '../constants/types.js';
import type { Conversation } from '../model/conversation.js';
import { type Device, World } from '../testing/world.js';

const withAlice = async (device: Device): Promise<Conversation> => {
  const [found] = (await device.chat.getConversationList(['C2Calice'])).data.conversationList;
  if (found === undefined) throw new Error('there is no conversation');
  return found;
};

describe('the remind type of a conversation with a user', () => {
  it('holds here and on a device that comes later [parity: sdk setMessageRemindType]', async () => {
    const world = new World();
    const bob = await world.ready('bob');
    const say = async (text: string) => {
      world.server.sendText('alice', 'bob', text);
      await world.clock.pass(500);
    };
    const set = (messageRemindType: TYPES) =>
      world.done(bob.chat.setMessageRemindType({ userIDList: ['alice'], messageRemindType }));
    await say('one');
    expect((await withAlice(bob)).messageRemindType).toBe(TYPES.MSG_REMIND_ACPT_AND_NOTE);
    expect(await set(TYPES.MSG_REMIND_ACPT_NOT_NOTE)).toEqual({
      successUserIDList: ['alice'],
      failureUserIDList: [],
    });
    await say('two');
    const { messageRemindType, unreadCount } = await withAlice(bob);
    expect([messageRemindType, unreadCount, bob.chat.getTotalUnreadMessageCount()]).toEqual([
      TYPES.MSG_REMIND_ACPT_NOT_NOTE,
      2,
      0,
    ]);
    await set(TYPES.MSG_REMIND_DISCARD);
    await say('three');
    expect(bob.textsFrom('alice')).toEqual(['one', 'two']);
    const tablet = await world.ready('bob');
    expect((await withAlice(tablet)).messageRemindType).toBe(TYPES.MSG_REMIND_DISCARD);
    await set(TYPES.MSG_REMIND_ACPT_AND_NOTE);
    await say('four');
    expect(bob.textsFrom('alice')).toEqual(['one', 'two', 'four']);
  });

  it('is told to devices that are there', async () => {
    const world = new World();
    const [bob, tablet] = [await world.ready('bob'), await world.ready('bob')];
    world.server.sendText('alice', 'bob', 'one');
    await world.clock.pass(500);
    const messageRemindType = TYPES.MSG_REMIND_ACPT_NOT_NOTE;
    const userIDList = ['alice', 'nobody yet'];
    await world.done(bob.chat.setMessageRemindType({ userIDList, messageRemindType }));
    await world.clock.pass(500);
    expect((await withAlice(tablet)).messageRemindType).toBe(messageRemindType);
  });

  it('is set for 1 to 30 users', async () => {
    const world = new World();
    const bob = await world.ready('bob');
    const messageRemindType = TYPES.MSG_REMIND_DISCARD;
    const crowd = Array.from({ length: 31 }, (_, at) => `user-${at}`);
    for (const userIDList of [[], crowd]) {
      const call = bob.chat.setMessageRemindType({ userIDList, messageRemindType });
      await expect(call).rejects.toMatchObject({ code: 6017 });
    }
    const data = await world.done(
      bob.chat.setMessageRemindType({ userIDList: crowd.slice(1), messageRemindType }),
    );
    expect(data.successUserIDList).toHaveLength(30);
  });
});
