import { METHOD } from '../calls/method.js';
import { EVENT } from '../constants/event.js';
import type { Message } from '../model/message.js';
import { World } from '../testing/world.js';

describe('read marks', () => {
  it('clear the count on every device of the reader and tell the peer [parity: sdk setMessageRead, sdk getTotalUnreadMessageCount, event MESSAGE_READ_BY_PEER]', async () => {
    const world = new World();
    const [phone, laptop, bob] = [
      await world.ready('alice'),
      await world.ready('alice'),
      await world.ready('bob'),
    ];
    for (const text of ['1', '2', '3']) bob.sendText('alice', text);
    await world.clock.pass(200);
    expect([phone.chat.getTotalUnreadMessageCount(), laptop.chat.getTotalUnreadMessageCount()]).toEqual([
      3, 3,
    ]);
    const read = phone.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await world.clock.pass(200);
    expect(await read).toEqual({ code: 0, data: {} });
    expect([phone.chat.getTotalUnreadMessageCount(), laptop.chat.getTotalUnreadMessageCount()]).toEqual([
      0, 0,
    ]);
    expect(phone.received.every(({ isRead }) => isRead)).toBe(true);
    expect(laptop.told<number>(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED).at(-1)).toBe(0);
    const told = bob.told<Message[]>(EVENT.MESSAGE_READ_BY_PEER).flat();
    expect(told.map(({ payload }) => payload.text)).toEqual(['1', '2', '3']);
    expect(bob.sent.every(({ message }) => message.isPeerRead)).toBe(true);
    const [conversation] = (await bob.chat.getConversationList()).data.conversationList;
    expect(conversation?.lastMessage.isPeerRead).toBe(true);
    expect(conversation?.peerReadTime).toBeGreaterThan(0);
  });

  it('count again from the mark on', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    bob.sendText('alice', '1');
    await world.clock.pass(100);
    void alice.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await world.clock.pass(100);
    bob.sendText('alice', '2');
    await world.clock.pass(100);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(1);
    expect(alice.told<number>(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED)).toEqual([1, 0, 1]);
  });

  it('need no call when nothing is new', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', '1');
    const alice = await world.ready('alice');
    void alice.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await world.clock.pass(100);
    await alice.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await alice.chat.setMessageRead({ conversationID: 'C2Cnobody' });
    expect(world.server.calls.filter(({ method }) => method === 'markRead')).toHaveLength(1);
    await expect(alice.chat.setMessageRead({ conversationID: 'nonsense' })).rejects.toMatchObject({
      code: 6017,
    });
  });

  it('do not cover what is held back by a hole', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.sendText('bob', 'alice', '1');
    const slow = world.server.model.reserve('bob', 'alice');
    world.server.sendText('bob', 'alice', '3');
    await world.clock.pass(100);
    const read = alice.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await world.clock.pass(100);
    await read;
    slow.append('2');
    await world.clock.pass(10_000);
    expect(alice.textsFrom('bob')).toEqual(['1', '2', '3']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(2);
    expect(world.server.model.unreadOf({ user: 'alice', peer: 'bob' })).toBe(2);
  });

  it.each(['pushed', 'found by a sync'])(
    'count a message that comes late below a counted head, %s',
    async (how) => {
      const world = new World();
      const alice = await world.ready('alice');
      world.server.sendText('bob', 'alice', '1');
      const slow = world.server.model.reserve('bob', 'alice');
      world.server.sendText('bob', 'alice', '3');
      world.server.connectionsOf('alice')[0]?.resync();
      await world.clock.pass(100);
      if (how === 'found by a sync') await world.clock.pass(3_000);
      const late = slow.append('2');
      if (how === 'pushed') world.server.pushMessage(late);
      await world.clock.pass(20_000);
      expect(alice.textsFrom('bob')).toEqual(['1', '2', '3']);
      expect(alice.chat.getTotalUnreadMessageCount()).toBe(3);
    },
  );

  it('count a message that comes late while the server is answering without it', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.sendText('bob', 'alice', '1');
    const slow = world.server.model.reserve('bob', 'alice');
    world.server.sendText('bob', 'alice', '3');
    const { model } = world.server;
    const list = model.listConversations.bind(model);
    model.listConversations = (user, changedAfterMs) => {
      model.listConversations = list;
      const answer = list(user, changedAfterMs);
      world.server.pushMessage(slow.append('2'));
      return answer;
    };
    world.server.connectionsOf('alice')[0]?.resync();
    await world.clock.pass(20_000);
    expect(alice.textsFrom('bob')).toEqual(['1', '2', '3']);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(3);
  });

  it('are told again after the call was given up, for the server may have died before it told the others', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.sendText('bob', 'alice', '1');
    await world.clock.pass(100);
    world.server.faults.onCall = () => 'ignore';
    const outcome = expect(alice.chat.setMessageRead({ conversationID: 'C2Cbob' })).rejects.toMatchObject({
      code: 2801,
    });
    await world.clock.pass(16_000);
    await outcome;
    world.server.faults.onCall = () => 'answer';
    await world.clock.pass(30_000);
    const marks = world.server.calls.filter(({ method }) => method === 'markRead');
    expect(marks.at(-1)?.attempt).toBeGreaterThan(0);
    expect(world.server.model.unreadOf({ user: 'alice', peer: 'bob' })).toBe(0);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(0);
  });

  it('stand where the server set them', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    for (const text of ['1', '2', '3']) world.server.sendText('bob', 'alice', text);
    await world.clock.pass(100);
    // A server that knows less than it has told.
    const { model } = world.server;
    const markRead = model.markRead.bind(model);
    model.markRead = (asker) => markRead(asker, 1);
    const read = alice.chat.setMessageRead({ conversationID: 'C2Cbob' });
    await world.clock.pass(1_000);
    await read;
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(2);
    expect(model.unreadOf({ user: 'alice', peer: 'bob' })).toBe(2);
  });

  it('of another device that lie below the first list are counted by the server', async () => {
    const world = new World();
    for (const text of ['1', '2', '3', '4']) world.server.sendText('bob', 'alice', text);
    const alice = await world.ready('alice');
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(4);
    const notice = world.server.model.markRead({ user: 'alice', peer: 'bob' }, 3);
    world.server.push(['alice', 'bob'], { case: 'read', value: notice });
    await world.clock.pass(1_000);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(1);
  });

  it('whose answer is lost for good are learned from the server', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    for (const text of ['1', '2', '3']) world.server.sendText('bob', 'alice', text);
    await world.clock.pass(100);
    world.server.faults.onCall = ({ method }) =>
      method === METHOD.markRead.number ? 'lose answer' : 'answer';
    const read = expect(alice.chat.setMessageRead({ conversationID: 'C2Cbob' })).rejects.toThrow();
    await world.clock.pass(30_000);
    await read;
    expect(world.server.model.unreadOf({ user: 'alice', peer: 'bob' })).toBe(0);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(0);
  });

  it('that only the server can count are asked for until it answers', async () => {
    const world = new World();
    for (const text of ['1', '2', '3', '4']) world.server.sendText('bob', 'alice', text);
    const alice = await world.ready('alice');
    let isAway = true;
    world.server.faults.onCall = ({ method }) =>
      method === METHOD.getConversation.number && isAway ? 'ignore' : 'answer';
    const notice = world.server.model.markRead({ user: 'alice', peer: 'bob' }, 3);
    world.server.push(['alice', 'bob'], { case: 'read', value: notice });
    await world.clock.pass(20_000);
    isAway = false;
    await world.clock.pass(30_000);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(1);
  });

  it('that move while the server is asked about an earlier one are asked for again', async () => {
    const world = new World();
    for (const text of ['1', '2', '3', '4']) world.server.sendText('bob', 'alice', text);
    const alice = await world.ready('alice');
    const { model } = world.server;
    const getConversation = model.getConversation.bind(model);
    let isOlder = true;
    const older = getConversation({ user: 'alice', peer: 'bob' });
    model.getConversation = (asker) => {
      const answer = isOlder ? older : getConversation(asker);
      isOlder = false;
      return answer;
    };
    for (const readSeq of [2, 3]) {
      const notice = model.markRead({ user: 'alice', peer: 'bob' }, readSeq);
      world.server.push(['alice', 'bob'], { case: 'read', value: notice });
    }
    await world.clock.pass(5_000);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(1);
  });

  it('of a peer that reads before the sender has its answer are told all the same', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onCall = ({ method }) => (method === 10 ? { afterMs: 0 } : 'answer');
    world.server.sendText('bob', 'alice', 'x');
    const sent = alice.sendText('bob', 'y');
    const notice = world.server.model.markRead({ user: 'bob', peer: 'alice' }, 2);
    world.server.push(['alice', 'bob'], { case: 'read', value: notice });
    await world.clock.pass(1_000);
    expect(sent.message.isPeerRead).toBe(true);
    expect(alice.told<Message[]>(EVENT.MESSAGE_READ_BY_PEER)).toEqual([[sent.message]]);
  });

  it('that were missed come with the reconnect', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const sent = alice.sendText('bob', '1');
    world.server.sendText('bob', 'alice', 'x');
    await world.clock.pass(100);
    world.server.connectionsOf('alice')[0]?.cut();
    world.server.model.markRead({ user: 'bob', peer: 'alice' }, 0);
    world.server.model.markRead({ user: 'alice', peer: 'bob' }, 0);
    await world.clock.pass(10_000);
    expect(sent.message.isPeerRead).toBe(true);
    expect(alice.told<Message[]>(EVENT.MESSAGE_READ_BY_PEER)).toEqual([[sent.message]]);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(0);
  });
});

describe('history', () => {
  it('comes in pages from new to old, ascending within a page [parity: sdk getMessageList]', async () => {
    const world = new World();
    const texts = Array.from({ length: 40 }, (_, n) => String(n));
    for (const text of texts) world.server.sendText('bob', 'alice', text);
    const alice = await world.ready('alice');
    const pages: string[][] = [];
    let nextReqMessageID = '';
    for (let isCompleted = false; !isCompleted; ) {
      const page = alice.chat.getMessageList({ conversationID: 'C2Cbob', nextReqMessageID });
      await world.clock.pass(100);
      const { data } = await page;
      pages.push(data.messageList.map(({ payload }) => payload.text));
      nextReqMessageID = data.nextReqMessageID;
      isCompleted = data.isCompleted;
    }
    expect(pages.map((page) => page.length)).toEqual([15, 15, 10]);
    expect(pages.reverse().flat()).toEqual(texts);
    expect(nextReqMessageID).toBe('');
  });

  it('holds the objects that were received and sent, and what was acked at once', async () => {
    const world = new World();
    const [alice] = [await world.ready('alice')];
    world.server.sendText('bob', 'alice', 'in');
    const sent = alice.sendText('bob', 'out');
    await world.clock.pass(100);
    const page = alice.chat.getMessageList({ conversationID: 'C2Cbob' });
    await world.clock.pass(100);
    const { messageList } = (await page).data;
    expect(messageList).toEqual([alice.received[0], sent.message]);
    expect(messageList[0]).toBe(alice.received[0]);
    expect(messageList[1]).toBe(sent.message);
  });

  it('does not run ahead of what was shown', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.sendText('bob', 'alice', '1');
    const slow = world.server.model.reserve('bob', 'alice');
    world.server.sendText('bob', 'alice', '3');
    await world.clock.pass(100);
    const page = alice.chat.getMessageList({ conversationID: 'C2Cbob' });
    await world.clock.pass(2_000);
    expect((await page).data.messageList.map(({ payload }) => payload.text)).toEqual(['1']);
    slow.abandon();
  });

  it('waits a moment for what is being fetched', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    world.server.faults.onPush = () => 'drop';
    world.server.sendText('bob', 'alice', '1');
    world.server.faults.onPush = () => 'deliver';
    world.server.sendText('bob', 'alice', '2');
    await world.clock.pass(20);
    const page = alice.chat.getMessageList({ conversationID: 'C2Cbob' });
    await world.clock.pass(1_000);
    expect((await page).data.messageList.map(({ payload }) => payload.text)).toEqual(['1', '2']);
  });

  it('is empty for a conversation that does not exist', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const page = alice.chat.getMessageList({ conversationID: 'C2Cnobody' });
    await world.clock.pass(100);
    expect((await page).data).toEqual({ messageList: [], nextReqMessageID: '', isCompleted: true });
  });

  it('refuses ids and cursors that are none, and passes on what the server refuses', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', '1');
    const alice = await world.ready('alice');
    const refusals = [
      [alice.chat.getMessageList({ conversationID: 'nonsense' }), 6017],
      [alice.chat.getMessageList({ conversationID: 'C2Cbob', nextReqMessageID: 'x' }), 6017],
    ] as const;
    for (const [refused, code] of refusals) await expect(refused).rejects.toMatchObject({ code });
    world.server.faults.onCall = () => ({ code: 50002, info: 'bad' });
    const outcome = expect(alice.chat.getMessageList({ conversationID: 'C2Cbob' })).rejects.toMatchObject({
      code: 50002,
      message: 'bad',
    });
    await world.clock.pass(100);
    await outcome;
  });

  it('waits for the connection, and not for ever', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', '1');
    const alice = await world.ready('alice');
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    await world.clock.pass(50);
    const early = alice.chat.getMessageList({ conversationID: 'C2Cbob' });
    world.isUp = true;
    await world.clock.pass(5_000);
    expect((await early).data.messageList).toHaveLength(1);
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    await world.clock.pass(50);
    const outcome = expect(alice.chat.getMessageList({ conversationID: 'C2Cbob' })).rejects.toMatchObject({
      code: 2800,
    });
    await world.clock.pass(20_000);
    await outcome;
  });
});

describe('conversations', () => {
  it('are listed with the newest first, all, by id and by filter [parity: sdk getConversationList]', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', '1');
    await world.clock.pass(2_000);
    world.server.sendText('carol', 'alice', '2');
    const alice = await world.ready('alice');
    const ids = async (options?: Parameters<typeof alice.chat.getConversationList>[0]) => {
      const { data } = await alice.chat.getConversationList(options);
      expect(data.isSyncCompleted).toBe(true);
      return data.conversationList.map(({ conversationID }) => conversationID);
    };
    expect(await ids()).toEqual(['C2Ccarol', 'C2Cbob']);
    expect(await ids(['C2Cbob'])).toEqual(['C2Cbob']);
    expect(await ids([])).toEqual([]);
    expect(await ids({ hasUnreadCount: false })).toEqual([]);
    await world.clock.pass(2_000);
    world.server.sendText('bob', 'alice', '3');
    await world.clock.pass(100);
    expect(await ids()).toEqual(['C2Cbob', 'C2Ccarol']);
  });

  it('have a profile, also when they have not begun [parity: sdk getConversationProfile]', async () => {
    const world = new World();
    world.server.sendText('bob', 'alice', '1');
    const alice = await world.ready('alice');
    const [known] = (await alice.chat.getConversationList()).data.conversationList;
    expect((await alice.chat.getConversationProfile('C2Cbob')).data.conversation).toBe(known);
    const fresh = alice.chat.getConversationProfile('C2Cdave');
    await world.clock.pass(100);
    expect((await fresh).data.conversation).toMatchObject({ conversationID: 'C2Cdave', unreadCount: 0 });
    expect((await alice.chat.getConversationList()).data.conversationList).toHaveLength(1);
  });

  it('are all listed when there are many pages', async () => {
    const world = new World();
    for (let n = 0; n < 250; n++) world.server.sendText(`friend-${n}`, 'alice', 'x');
    const alice = await world.ready('alice');
    expect((await alice.chat.getConversationList()).data.conversationList).toHaveLength(250);
    expect(alice.chat.getTotalUnreadMessageCount()).toBe(250);
  });
});
