// Topics of communities: made, spoken in, read, and caught up with after connections broke.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Topic, TopicDeletion, TopicUpdate } from '../model/topic-sdk.js';
import { conversationsOf } from '../testing/group-world.js';
import { type Device, World } from '../testing/world.js';

const groupID = '@TGS#_club';
const NEWS = `${groupID}@TOPIC#_news`;
const CHAT = `${groupID}@TOPIC#_chat`;

/** alice owns a community with bob in it. */
async function community(world: World) {
  const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
  const memberList = [{ userID: 'bob' }];
  const type = TYPES.GRP_COMMUNITY;
  await world.done(alice.chat.createGroup({ name: 'club', type, groupID, memberList, isSupportTopic: true }));
  return { alice, bob };
}

const make = (world: World, { chat }: Device, topicID: string, more: object = {}) =>
  world.done(chat.createTopicInCommunity({ groupID, topicName: 'name', topicID, ...more }));

async function listed(world: World, { chat }: Device, topicIDList?: string[]): Promise<Topic[]> {
  return (await world.done(chat.getTopicList({ groupID, topicIDList }))).successTopicList;
}

const created = (device: Device) =>
  device.told<{ topicID: string }>(EVENT.TOPIC_CREATED).map(({ topicID }) => topicID);
const deleted = (device: Device) =>
  device.told<TopicDeletion>(EVENT.TOPIC_DELETED).flatMap(({ topicIDList }) => topicIDList);
const updates = (device: Device) => device.told<TopicUpdate>(EVENT.TOPIC_UPDATED);

async function say(world: World, device: Device, topicID: string, text: string) {
  const sent = device.sendToGroup(topicID, text);
  await world.clock.pass(500);
  expect(sent.outcome).toBe('stored');
  return sent.message;
}

function cut(world: World, user: string): void {
  for (const connection of world.server.connectionsOf(user)) connection.cut();
}

describe('a topic', () => {
  it('is made, found, changed and ended [parity: sdk createTopicInCommunity, sdk getTopicList, sdk updateTopicProfile, sdk deleteTopicFromCommunity, sdk getJoinedCommunityList, event TOPIC_CREATED, event TOPIC_UPDATED, event TOPIC_DELETED]', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    const carol = await world.ready('carol');
    expect((await carol.chat.getJoinedCommunityList()).data.groupList).toEqual([]);
    const { groupList } = (await bob.chat.getJoinedCommunityList()).data;
    expect(groupList.map((group) => group.groupID)).toEqual([groupID]);
    expect(await make(world, alice, NEWS, { customData: 'c', introduction: 'i' })).toEqual({ topicID: NEWS });
    const { topicID: other } = await make(world, alice, '');
    expect(other.startsWith(`${groupID}@TOPIC#_`)).toBe(true);
    for (const device of [alice, bob]) expect(created(device)).toEqual([NEWS, other]);
    const answer = await world.done(
      bob.chat.getTopicList({ groupID, topicIDList: [NEWS, `${groupID}@TOPIC#_no`] }),
    );
    expect(answer.failureTopicList).toMatchObject([{ topicID: `${groupID}@TOPIC#_no`, code: 110003 }]);
    expect(answer.successTopicList).toMatchObject([
      {
        ...{ topicID: NEWS, groupID, topicName: 'name', customData: 'c', introduction: 'i' },
        ...{ unreadCount: 0, muteAllMembers: false, groupAtInfoList: [], lastMessage: { lastTime: 0 } },
        selfInfo: { userID: 'bob', messageRemindType: 'AcceptAndNotify', muteUntil: 0 },
      },
    ]);
    const [news] = await listed(world, bob);
    expect(news).toBe(answer.successTopicList[0]);
    const change = { groupID, topicID: NEWS, topicName: 'uno', muteAllMembers: true };
    const { topic } = await world.done(alice.chat.updateTopicProfile(change));
    expect(topic).toMatchObject({ topicName: 'uno', muteAllMembers: true, customData: 'c' });
    expect(news).toMatchObject({ topicName: 'uno', muteAllMembers: true });
    for (const device of [alice, bob])
      expect(updates(device)).toMatchObject([{ groupID, topic: { topicID: NEWS } }]);
    const topicIDList = [other, `${groupID}@TOPIC#_no`];
    expect(await world.done(alice.chat.deleteTopicFromCommunity({ groupID, topicIDList }))).toMatchObject({
      successTopicList: [other],
      failureTopicList: [{ topicID: `${groupID}@TOPIC#_no`, code: 110003 }],
    });
    await world.done(alice.chat.deleteTopicFromCommunity({ groupID, topicIDList: undefined }));
    for (const device of [alice, bob]) expect(deleted(device)).toEqual([other, NEWS]);
    expect(await listed(world, bob)).toEqual([]);
  });

  it('is refused where there are none, and with options of the wrong shape', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    const { group } = await world.done(alice.chat.createGroup({ name: 'team', type: TYPES.GRP_PUBLIC }));
    const inTeam = { groupID: group.groupID, topicName: 'n' };
    await expect(world.done(alice.chat.createTopicInCommunity(inTeam))).rejects.toMatchObject({
      code: 11000,
    });
    await expect(make(world, bob, NEWS)).rejects.toMatchObject({ code: 10007 });
    for (const bad of [{ topicName: '' }, { topicID: 'x' }, { avatar: 7 }]) {
      await expect(make(world, alice, NEWS, bad)).rejects.toMatchObject({ code: 6017 });
    }
    const elsewhere = { groupID, topicID: groupID, topicName: 'n' };
    await expect(alice.chat.updateTopicProfile(elsewhere)).rejects.toMatchObject({ code: 6017 });
    const crowd = Array.from({ length: 201 }, (_, at) => `${groupID}@TOPIC#_${at}`);
    await expect(alice.chat.getTopicList({ groupID, topicIDList: crowd })).rejects.toMatchObject({
      code: 6017,
    });
  });
});

describe('messages in topics', () => {
  it('have numbers, counts and last messages of their own, in the topic and in no list of conversations', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    await make(world, alice, CHAT);
    const [news, chat] = await listed(world, bob);
    const first = await say(world, alice, NEWS, 'one');
    await say(world, alice, NEWS, 'two');
    await say(world, alice, CHAT, 'hi');
    expect(first).toMatchObject({
      ...{ conversationID: `GROUP${NEWS}`, conversationType: 'TOPIC', to: NEWS, sequence: 1 },
    });
    expect([bob.textsIn(NEWS), bob.textsIn(CHAT), bob.textsIn(groupID)]).toEqual([
      ['one', 'two'],
      ['hi'],
      [],
    ]);
    expect([news?.unreadCount, chat?.unreadCount]).toEqual([2, 1]);
    expect(news?.lastMessage).toMatchObject({ messageForShow: 'two', fromAccount: 'alice', lastSequence: 2 });
    expect(updates(bob).map(({ topic }) => topic.topicID)).toEqual([NEWS, NEWS, CHAT]);
    expect((await conversationsOf(bob)).sort()).toEqual(['@TIM#SYSTEM', `GROUP${groupID}`]);
    const total = bob.chat.getTotalUnreadMessageCount();
    const atAll = [TYPES.MSG_AT_ALL, 'bob'];
    alice.send(
      alice.chat.createTextAtMessage({
        to: CHAT,
        conversationType: TYPES.CONV_TOPIC,
        payload: { text: 'bob!', atUserList: atAll },
      }),
    );
    await world.clock.pass(500);
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(total);
    expect(chat?.groupAtInfoList).toEqual([{ from: 'alice', messageSequence: 2, atTypeArray: [3] }]);
    const page = await world.done(bob.chat.getMessageList({ conversationID: `GROUP${NEWS}` }));
    expect(page.messageList.map(({ payload }) => payload.text)).toEqual(['one', 'two']);
    const profile = await world.done(bob.chat.getConversationProfile(`GROUP${NEWS}`));
    expect(profile.conversation).toMatchObject({ type: 'TOPIC', unreadCount: 2 });
  });

  it('are read on all devices, and by sending', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    const tablet = await world.ready('bob');
    await make(world, alice, NEWS);
    await make(world, alice, CHAT);
    const [here] = await listed(world, bob);
    const [there, other] = await listed(world, tablet);
    for (const text of ['one', 'two']) await say(world, alice, NEWS, text);
    await say(world, alice, CHAT, 'hi');
    expect([here?.unreadCount, there?.unreadCount, other?.unreadCount]).toEqual([2, 2, 1]);
    const [message] = bob.received.filter(({ to }) => to === NEWS);
    await world.done(bob.chat.setMessageRead({ conversationID: `GROUP${NEWS}` }));
    expect([here?.unreadCount, there?.unreadCount, other?.unreadCount]).toEqual([0, 0, 1]);
    expect(message?.isRead).toBe(true);
    expect(updates(tablet).at(-1)?.topic).toBe(there);
    await say(world, bob, CHAT, 'hello');
    expect(other?.unreadCount).toBe(0);
  });

  it('are known to a device that comes later, once it asks', async () => {
    const world = new World();
    const { alice } = await community(world);
    for (let at = 1; at <= 7; at++) await make(world, alice, `${groupID}@TOPIC#_${at}`);
    const first = `${groupID}@TOPIC#_1`;
    for (const text of ['one', 'two']) await say(world, alice, first, text);
    const late = await world.ready('bob');
    const topics = await listed(world, late);
    expect(topics.map(({ unreadCount }) => unreadCount)).toEqual([2, 0, 0, 0, 0, 0, 0]);
    expect(topics[0]?.lastMessage.messageForShow).toBe('two');
    expect([late.textsIn(first), created(late), updates(late)]).toEqual([[], [], []]);
    // Three fit into an answer of this server.
    expect(world.server.calls.filter(({ method }) => method === 'getTopicConversations')).toHaveLength(3);
    await say(world, alice, first, 'three');
    expect(late.textsIn(first)).toEqual(['three']);
    expect(topics[0]?.unreadCount).toBe(3);
  });

  it('cost a device that did not ask no question, and are shown from the first that is pushed', async () => {
    const world = new World();
    const { alice } = await community(world);
    await make(world, alice, NEWS);
    await say(world, alice, NEWS, 'before');
    const bob = await world.ready('bob');
    const calls = () => world.server.calls.filter(({ user }) => user === 'bob').length;
    const before = calls();
    await say(world, alice, NEWS, 'one');
    await world.done(alice.chat.updateTopicProfile({ groupID, topicID: NEWS, topicName: 'x' }));
    expect(calls()).toBe(before);
    expect(bob.textsIn(NEWS)).toEqual(['one']);
    expect(updates(bob)).toMatchObject([{ groupID, topic: { topicName: 'x', unreadCount: 1 } }]);
    expect((await listed(world, bob))[0]?.unreadCount).toBe(3 - 1);
  });

  it('are recalled for all, also for who was away, and a device that did not ask asks nothing', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    const [one, two, three] = [
      await say(world, alice, NEWS, 'one'),
      await say(world, alice, NEWS, 'two'),
      await say(world, alice, NEWS, 'three'),
    ];
    await world.done(alice.chat.revokeMessage(one));
    const late = await world.ready('bob');
    const tablet = await world.ready('bob');
    const [topic] = await listed(world, tablet);
    expect(topic?.unreadCount).toBe(2);
    await say(world, alice, NEWS, 'four');
    const calls = world.server.calls.filter(({ user }) => user === 'bob').length;
    await world.done(alice.chat.revokeMessage(two));
    expect(world.server.calls.filter(({ user }) => user === 'bob')).toHaveLength(calls + 1); // the tablet's count
    expect([topic?.unreadCount, late.textsIn(NEWS)]).toEqual([2, ['four']]);
    const revoked = (device: Device) => device.told<{ sequence: number }[]>(EVENT.MESSAGE_REVOKED).flat();
    expect(revoked(bob).map(({ sequence }) => sequence)).toEqual([1, 2]);
    world.isUp = false;
    cut(world, 'bob');
    await world.clock.pass(500);
    await world.done(alice.chat.revokeMessage(three));
    world.isUp = true;
    await world.clock.pass(60_000);
    expect(revoked(bob).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect([topic?.unreadCount, (await listed(world, bob))[0]?.unreadCount]).toEqual([1, 1]);
  });

  it('survive lost, late and repeated pushes, each once and in order', async () => {
    const world = new World(7);
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    await listed(world, bob);
    const fates = ['drop', 'hold', 'deliver', 'repeat'] as const;
    world.server.faults.onPush = (_push, { user }) =>
      user === 'bob' ? (fates[Math.floor(world.random() * fates.length)] ?? 'deliver') : 'deliver';
    const texts = Array.from({ length: 30 }, (_, at) => String(at));
    for (const text of texts) alice.sendToGroup(NEWS, text);
    await world.clock.pass(2_000);
    world.server.faults.onPush = () => 'deliver';
    await say(world, alice, NEWS, 'end');
    await world.clock.pass(5_000);
    expect(bob.textsIn(NEWS)).toEqual([...texts, 'end']);
    expect((await listed(world, bob))[0]?.unreadCount).toBe(31);
  });
});

describe('after a connection broke', () => {
  it('what was said, made, renamed and ended meanwhile is told', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    await make(world, alice, CHAT);
    const [news] = await listed(world, bob);
    await say(world, alice, NEWS, 'one');
    world.isUp = false;
    cut(world, 'bob');
    await world.clock.pass(500);
    await say(world, alice, NEWS, 'two');
    await world.done(alice.chat.updateTopicProfile({ groupID, topicID: NEWS, topicName: 'uno' }));
    await world.done(alice.chat.deleteTopicFromCommunity({ groupID, topicIDList: [CHAT] }));
    const { topicID: fresh } = await make(world, alice, '');
    for (const text of ['first', 'second']) await say(world, alice, fresh, text);
    expect(bob.textsIn(NEWS)).toEqual(['one']);
    world.isUp = true;
    await world.clock.pass(60_000);
    expect([bob.textsIn(NEWS), bob.textsIn(fresh)]).toEqual([
      ['one', 'two'],
      ['first', 'second'],
    ]);
    expect([created(bob), deleted(bob)]).toEqual([[NEWS, CHAT, fresh], [CHAT]]);
    expect(news).toMatchObject({ topicName: 'uno', unreadCount: 2 });
    expect(updates(bob).at(-1)?.topic.topicID).toBeDefined();
    const topics = await listed(world, bob);
    expect(topics.map(({ topicID, unreadCount }) => [topicID, unreadCount])).toEqual([
      [NEWS, 2],
      [fresh, 2],
    ]);
    expect(deleted(bob)).toEqual([CHAT]);
  });

  it('a topic is made once, though its answer was lost', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    let losses = 0;
    world.server.faults.onCall = ({ method }) => (method === 80 && losses++ < 2 ? 'cut' : 'answer');
    const { topicID } = await world.done(
      alice.chat.createTopicInCommunity({ groupID, topicName: 'n' }),
      20_000,
    );
    expect((await listed(world, bob)).map((topic) => topic.topicID)).toEqual([topicID]);
    expect(created(bob)).toEqual([topicID]);
  });

  it('what failed to be read is read again', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    await listed(world, bob);
    let failures = 0;
    world.server.faults.onCall = ({ method }, { user }) =>
      user === 'bob' && method === 84 && failures++ < 10 ? { code: 60008 } : 'answer';
    cut(world, 'bob');
    await say(world, alice, NEWS, 'one');
    await world.clock.pass(120_000);
    expect(failures).toBeGreaterThanOrEqual(10);
    expect(bob.textsIn(NEWS)).toEqual(['one']);
  });
});

describe('a member of a topic', () => {
  it('says for each topic what is wanted of it', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    const tablet = await world.ready('bob');
    await make(world, alice, NEWS);
    await make(world, alice, CHAT);
    const [news, chat] = await listed(world, bob);
    const set = (id: string, messageRemindType: TYPES) =>
      world.done(bob.chat.setMessageRemindType({ groupID: id, messageRemindType }));
    await set(NEWS, TYPES.MSG_REMIND_DISCARD);
    const types = () => [news, chat].map((topic) => topic?.selfInfo.messageRemindType);
    expect(types()).toEqual(['Discard', 'AcceptAndNotify']);
    await say(world, alice, NEWS, 'one');
    await say(world, alice, CHAT, 'hi');
    expect([bob.textsIn(NEWS), bob.textsIn(CHAT), news?.unreadCount]).toEqual([[], ['hi'], 1]);
    await set(groupID, TYPES.MSG_REMIND_ACPT_NOT_NOTE);
    expect(types()).toEqual(['Discard', 'AcceptNotNotify']);
    cut(world, 'bob');
    await world.clock.pass(5_000);
    expect((await listed(world, tablet)).map(({ selfInfo }) => selfInfo.messageRemindType)).toEqual(types());
  });

  it('is told of being muted', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    const [news] = await listed(world, bob);
    world.server.topics.mute(NEWS, 'bob', 60);
    await world.clock.pass(500);
    const until = news?.selfInfo.muteUntil ?? 0;
    expect(until - Math.floor(world.clock.now() / 1_000)).toBeGreaterThan(50);
    const late = await world.ready('bob');
    expect((await listed(world, late))[0]?.selfInfo.muteUntil).toBe(until);
    world.server.topics.mute(NEWS, 'bob', 0);
    await world.clock.pass(500);
    expect(news?.selfInfo.muteUntil).toBe(0);
  });

  it('who leaves hears no more of them, and begins anew on coming back', async () => {
    const world = new World();
    const { alice, bob } = await community(world);
    await make(world, alice, NEWS);
    await listed(world, bob);
    await say(world, alice, NEWS, 'one');
    await world.done(bob.chat.quitGroup(groupID));
    await say(world, alice, NEWS, 'two');
    await expect(listed(world, bob)).rejects.toMatchObject({ code: 10007 });
    await world.done(bob.chat.joinGroup({ groupID }));
    await say(world, alice, NEWS, 'three');
    const [news] = await listed(world, bob);
    expect([bob.textsIn(NEWS), news?.unreadCount]).toEqual([['one', 'three'], 1]);
    await world.done(alice.chat.dismissGroup(groupID));
    expect((await bob.chat.getJoinedCommunityList()).data.groupList).toEqual([]);
    expect(bob.sendToGroup(NEWS, 'x').message.conversationID).toBe(`GROUP${NEWS}`);
    await world.clock.pass(1_000);
    expect(bob.sent.at(-1)).toMatchObject({ outcome: 'failed', code: 10010 });
  });
});
