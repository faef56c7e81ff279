// Users delete and clear what they see, on devices that hear of it late, twice or never.
import { TYPES } from '../constants/types.js';
import type { Message } from '../model/message.js';
import { chatOf, listAt, offline, textsOf, unreadAt } from '../testing/changes-world.js';
import { groupOfTwo } from '../testing/group-world.js';
import { World } from '../testing/world.js';

describe('what a user deletes', () => {
  it('is gone on all devices of the user, and nobody else [parity: sdk deleteMessage]', async () => {
    const world = new World();
    const { alice, bob, phone, messages } = await chatOf(world, '1', '2', '3');
    const [one, , three] = bob.received as [Message, Message, Message];
    const { messageList } = await world.done(bob.chat.deleteMessage([one, three]));
    expect(messageList).toEqual([one, three]);
    await world.clock.pass(1_000);
    for (const device of [bob, phone]) {
      expect(device.received.map(({ isDeleted }) => isDeleted)).toEqual([true, false, true]);
      expect(device.chat.findMessage(one.ID)).toBe(null);
      expect(await textsOf(world, device, 'C2Calice')).toEqual(['2']);
      expect(listAt(device)[0]?.lastMessage.messageForShow).toBe('2');
    }
    expect(messages.map(({ isDeleted }) => isDeleted)).toEqual([false, false, false]);
    expect(await textsOf(world, alice, 'C2Cbob')).toEqual(['1', '2', '3']);
    expect(listAt(await world.ready('bob'))[0]?.lastMessage.messageForShow).toBe('2');
  });

  it('stays deleted whatever is late: a page, a push, the news of it', async () => {
    const world = new World();
    const { bob, phone } = await chatOf(world, '1', '2');
    const message = bob.received[1] as Message;
    world.server.faults.onCall = ({ method }) => (method === 11 ? { afterMs: 0 } : 'answer');
    const page = phone.chat.getMessageList({ conversationID: 'C2Calice' });
    await world.done(bob.chat.deleteMessage([message]));
    const { data } = await page;
    expect(data.messageList.filter(({ isDeleted }) => !isDeleted).map(({ payload }) => payload.text)).toEqual(
      ['1'],
    );
    await offline(world, phone, async () => {
      await world.done(bob.chat.deleteMessage([bob.received[0] as Message]));
    });
    expect(phone.received.map(({ isDeleted }) => isDeleted)).toEqual([true, true]);
    expect(listAt(phone)[0]?.lastMessage.messageForShow).toBe('');
    // The call is lost: nobody tells this device, and it asks.
    const { phone: other } = { phone };
    const [third] = [world.server.sendText('alice', 'bob', '3')];
    await world.clock.pass(500);
    world.server.faults.onCall = ({ method }) => (method === 19 ? 'lose answer' : 'answer');
    const held = other.received.at(-1) as Message;
    await expect(world.done(other.chat.deleteMessage([held]), 60_000)).rejects.toMatchObject({ code: 2801 });
    expect(held.isDeleted).toBe(true);
    expect(world.server.model.visible({ user: 'bob', peer: 'alice' })).not.toContain(third);
  });

  it('never reached the server: it leaves this device only', async () => {
    const world = new World();
    const { alice } = await chatOf(world, '1');
    world.server.faults.onCall = ({ method }) => (method === 10 ? { code: 20006 } : 'answer');
    const { message } = alice.sendText('bob', 'no');
    await world.clock.pass(500);
    await world.done(alice.chat.deleteMessage([message]));
    expect(message.isDeleted).toBe(true);
    expect(alice.chat.findMessage(message.ID)).toBe(null);
    const refused = (messages: Message[]) =>
      expect(world.done(alice.chat.deleteMessage(messages))).rejects.toMatchObject({ code: 6017 });
    await refused([]);
    await refused(Array.from({ length: 31 }, () => message));
    const other = alice.chat.createTextMessage({ to: 'x', conversationType: 'C2C', payload: { text: '' } });
    await refused([message, other]);
  });
});

describe('a cleared history', () => {
  it('is empty on all devices of the user, without unread messages, and goes on [parity: sdk clearHistoryMessage]', async () => {
    const world = new World();
    const { alice, bob, phone } = await chatOf(world, '1', '2');
    const conversationID = 'C2Calice';
    expect(await world.done(bob.chat.clearHistoryMessage(conversationID))).toEqual({ conversationID });
    for (const device of [bob, phone]) {
      expect(device.received.every(({ isDeleted }) => isDeleted)).toBe(true);
      expect(await textsOf(world, device, conversationID)).toEqual([]);
      expect(unreadAt(device)).toBe(0);
      expect(listAt(device)[0]).toMatchObject({ conversationID, lastMessage: { messageForShow: '' } });
    }
    expect(await textsOf(world, alice, 'C2Cbob')).toEqual(['1', '2']);
    alice.sendText('bob', '3');
    await world.clock.pass(1_000);
    for (const device of [bob, phone, await world.ready('bob')]) {
      expect(await textsOf(world, device, conversationID)).toEqual(['3']);
      expect(unreadAt(device)).toBe(1);
    }
  });

  it('of a group reaches a device that was away', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    for (const text of ['1', '2']) alice.sendToGroup('team', text);
    await world.clock.pass(1_000);
    const phone = await world.ready('bob');
    await offline(world, bob, async () => {
      await world.done(phone.chat.clearHistoryMessage('GROUPteam'));
      alice.sendToGroup('team', '3');
      await world.clock.pass(500);
    });
    await world.clock.pass(5_000);
    expect(await textsOf(world, bob, 'GROUPteam')).toEqual(['3']);
    const { data } = await bob.chat.getConversationProfile('GROUPteam');
    expect(data.conversation).toMatchObject({ unreadCount: 1, lastMessage: { messageForShow: '3' } });
    expect(TYPES.CONV_GROUP).toBe(data.conversation.type);
  });
});
