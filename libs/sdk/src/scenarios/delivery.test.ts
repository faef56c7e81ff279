import { EVENT } from '../constants/event.js';
import type { Conversation } from '../model/conversation.js';
import type { Message } from '../model/message.js';
import { World } from '../testing/world.js';

describe('receiving', () => {
  it('gives the message as the API shapes it [parity: sdk findMessage, event MESSAGE_RECEIVED]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const { message } = bob.sendText('alice', 'hello');
    await world.clock.pass(100);
    expect(alice.received).toHaveLength(1);
    expect(alice.received[0]).toMatchObject({
      ID: message.ID,
      type: 'TIMTextElem',
      payload: { text: 'hello' },
      conversationID: 'C2Cbob',
      conversationType: 'C2C',
      from: 'bob',
      to: 'alice',
      flow: 'in',
      status: 'success',
      sequence: 1,
      random: message.random,
      isRead: false,
      nick: '',
      avatar: '',
    });
    expect(alice.chat.findMessage(message.ID)).toBe(alice.received[0]);
    expect(alice.chat.findMessage('other')).toBeNull();
    expect(bob.received).toEqual([]);
  });

  it('reaches the other devices of the sender as an own message', async () => {
    const world = new World();
    const [one, two] = [await world.ready('alice'), await world.ready('alice')];
    one.sendText('bob', 'hello');
    await world.clock.pass(100);
    expect(two.received.map(({ flow, conversationID }) => [flow, conversationID])).toEqual([
      ['out', 'C2Cbob'],
    ]);
    expect(one.received).toEqual([]);
    expect(two.chat.getTotalUnreadMessageCount()).toBe(0);
  });

  it('puts messages that overtook each other in order', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const fates = ['hold', 'hold', 'repeat', 'repeat'] as const;
    let place = 0;
    world.server.faults.onPush = () => fates[place++] ?? 'deliver';
    for (const text of ['1', '2', '3', '4']) world.server.sendText('bob', 'alice', text);
    await world.clock.pass(50);
    expect(alice.textsFrom('bob')).toEqual(['1', '2', '3', '4']);
    expect(world.server.calls.some(({ method }) => method === 'syncMessages')).toBe(false);
  });

  it('fetches what was dropped, without a reconnect', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'drop';
    for (const text of ['1', '2', '3']) world.server.sendText('bob', 'alice', text);
    world.server.faults.onPush = () => 'deliver';
    world.server.sendText('bob', 'alice', '4');
    await world.clock.pass(1_000);
    expect(alice.textsFrom('bob')).toEqual(['1', '2', '3', '4']);
    expect(world.server.calls.filter(({ method }) => method === 'syncMessages')).toHaveLength(1);
  });

  it('fetches a long gap page by page', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'drop';
    const texts = Array.from({ length: 950 }, (_, n) => String(n));
    for (const text of texts) world.server.sendText('bob', 'alice', text);
    world.server.connectionsOf('alice')[0]?.resync();
    await world.clock.pass(10_000);
    expect(alice.textsFrom('bob')).toEqual(texts);
    expect(world.server.calls.filter(({ method }) => method === 'syncMessages')).toHaveLength(10);
  });

  it('waits for a pending hole and shows it in its place', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const slow = world.server.model.reserve('bob', 'alice');
    world.server.sendText('bob', 'alice', 'second');
    await world.clock.pass(3_000);
    expect(alice.textsFrom('bob')).toEqual([]);
    slow.append('first');
    await world.clock.pass(5_000);
    expect(alice.textsFrom('bob')).toEqual(['first', 'second']);
  });

  it('passes a void hole', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const lost = world.server.model.reserve('bob', 'alice');
    world.server.sendText('bob', 'alice', 'second');
    await world.clock.pass(1_000);
    lost.abandon();
    await world.clock.pass(5_000);
    expect(alice.textsFrom('bob')).toEqual(['second']);
  });

  it('goes on asking while syncing fails', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const slow = world.server.model.reserve('bob', 'alice');
    slow.append('first'); // stored, never pushed
    world.server.faults.onCall = () => ({ code: 91000 });
    world.server.sendText('bob', 'alice', 'second');
    await world.clock.pass(20_000);
    expect(alice.textsFrom('bob')).toEqual([]);
    world.server.faults.onCall = () => 'answer';
    await world.clock.pass(60_000);
    expect(alice.textsFrom('bob')).toEqual(['first', 'second']);
  });

  it('finds the last message that was dropped', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'drop';
    world.server.sendText('bob', 'alice', 'tail');
    await world.clock.pass(8 * 60_000);
    expect(alice.textsFrom('bob')).toEqual(['tail']);
  });

  it('reports what is pushed while the first list is on its way', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', 'old');
    const alice = world.device('alice');
    world.server.faults.onCall = ({ method }) => (method === 13 ? { afterMs: 500 } : 'answer');
    const login = alice.login();
    await world.clock.pass(100);
    await login;
    world.server.sendText('bob', 'alice', 'early');
    world.server.sendText('carol', 'alice', 'stranger');
    await world.clock.pass(1_000);
    expect(alice.textsFrom('bob')).toEqual(['early']);
    expect(alice.textsFrom('carol')).toEqual(['stranger']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(3);
    const order = alice.events.map(({ name }) => name);
    expect(order.indexOf(EVENT.SDK_READY)).toBeLessThan(order.indexOf(EVENT.MESSAGE_RECEIVED));
  });

  it('does not report history at a fresh login [parity: event CONVERSATION_LIST_UPDATED]', async () => {
    const world = new World();
    for (const text of ['1', '2']) world.server.sendText('bob', 'alice', text);
    const alice = await world.ready('alice');
    expect(alice.received).toEqual([]);
    const [conversation] = alice.told<Conversation[]>(EVENT.CONVERSATION_LIST_UPDATED).at(-1) ?? [];
    expect(conversation).toMatchObject({
      conversationID: 'C2Cbob',
      type: 'C2C',
      unreadCount: 2,
      lastMessage: { messageForShow: '2', fromAccount: 'bob', type: 'TIMTextElem', payload: { text: '2' } },
      userProfile: { userID: 'bob' },
    });
  });

  it('shows an online-only message once, and counts and keeps nothing', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    world.server.faults.onPush = () => 'repeat';
    const typing = bob.chat.createCustomMessage({
      to: 'alice',
      conversationType: 'C2C',
      payload: { data: 'typing' },
    });
    const sent = bob.chat.sendMessage(typing, { onlineUserOnly: true });
    await world.clock.pass(100);
    expect((await sent).data.message.status).toBe('success');
    expect(alice.received.map(({ payload }) => payload.data)).toEqual(['typing']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(0);
    expect((await alice.chat.getConversationList()).data.conversationList).toEqual([]);
  });

  it('does not count or list what is marked so', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    bob.sendText('alice', 'counted');
    await world.clock.pass(100);
    const quiet = bob.chat.createTextMessage({
      to: 'alice',
      conversationType: 'C2C',
      payload: { text: 'quiet' },
    });
    void bob.chat.sendMessage(quiet, {
      messageControlInfo: { excludedFromUnreadCount: true, excludedFromLastMessage: true },
    });
    await world.clock.pass(100);
    expect(alice.textsFrom('bob')).toEqual(['counted', 'quiet']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(1);
    const { conversationList } = (await alice.chat.getConversationList()).data;
    expect(conversationList[0]?.lastMessage.messageForShow).toBe('counted');
  });

  it('tells the app of a listener that throws, and goes on', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    alice.chat.on(EVENT.MESSAGE_RECEIVED, () => {
      throw new Error('app');
    });
    world.server.sendText('bob', 'alice', '1');
    world.server.sendText('bob', 'alice', '2');
    await world.clock.pass(100);
    expect(alice.textsFrom('bob')).toEqual(['1', '2']);
    expect(alice.told<{ code: number }>(EVENT.ERROR).map(({ code }) => code)).toEqual([2109, 2109]);
  });

  it('sends one event for the messages of one frame [parity: event TOTAL_UNREAD_MESSAGE_COUNT_UPDATED]', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'hold';
    world.server.sendText('bob', 'alice', '1');
    world.server.sendText('bob', 'alice', '2');
    world.server.faults.onPush = () => 'deliver';
    world.server.sendText('bob', 'alice', '3');
    await world.clock.pass(100);
    expect(alice.told<Message[]>(EVENT.MESSAGE_RECEIVED).map((messages) => messages.length)).toEqual([3]);
    expect(alice.told<number>(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED)).toEqual([3]);
  });
});
