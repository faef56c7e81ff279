// A community and its topics, through the SDK and with an app's back end beside it.
import TencentCloudChat from '@parley/sdk';
import {
  check,
  checkEqual,
  type Device,
  device,
  type Json,
  restOk,
  until,
  usersOf,
  type World,
} from './world.js';

const { EVENT, TYPES } = TencentCloudChat;

interface Club {
  readonly groupID: string;
  readonly alice: Device;
  readonly bob: Device;
  /** bob's second device. */
  readonly phone: Device;
  /** Two topics. */
  readonly news: string;
  readonly chat: string;
  logout(): Promise<void>;
}

/** Data of an event, as they come. */
function toldTo(of: Device, name: string): Json[] {
  const told: Json[] = [];
  (of.chat as Json).on(name, (event: Json) => told.push(event.data));
  return told;
}

async function codeOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 0,
    (error: Json) => error.code,
  );
}

/** alice owns a community with two topics; bob, on two devices, hears of them. */
async function clubOf(world: World): Promise<Club> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const phone = await device(world, bobId, 'iphone');
  const created = [bob, phone].map((one) => toldTo(one, EVENT.TOPIC_CREATED));
  const memberList = [{ userID: bobId }];
  const type = TYPES.GRP_COMMUNITY;
  const { data } = await alice.chat.createGroup({ name: 'club', type, isSupportTopic: true, memberList });
  const { groupID } = data.group;
  for (const one of [bob, phone]) await until('the community is known', () => isIn(one, groupID));
  const make = async (topicName: string): Promise<string> => {
    const made = await alice.chat.createTopicInCommunity({ groupID, topicName });
    return made.data.topicID;
  };
  const [news, chat] = [await make('news'), await make('chat')];
  for (const told of created) await until('the topics are told', () => told.length >= 2);
  checkEqual(
    created[0],
    [
      { groupID, topicID: news },
      { groupID, topicID: chat },
    ] as Json,
    'what is told',
  );
  return {
    ...{ groupID, alice, bob, phone, news, chat },
    logout: async () => void (await Promise.all([alice.logout(), bob.logout(), phone.logout()])),
  };
}

async function isIn(of: Device, groupID: string): Promise<boolean> {
  const { data } = await of.chat.getJoinedCommunityList();
  return data.groupList.some((group: Json) => group.groupID === groupID);
}

async function topicsOf(of: Device, groupID: string): Promise<Json[]> {
  const { data } = await of.chat.getTopicList({ groupID, topicIDList: undefined });
  checkEqual(data.failureTopicList, [], 'failed topics');
  return data.successTopicList;
}

async function say(from: Device, to: string, text: string): Promise<Json> {
  const message = from.chat.createTextMessage({ to, conversationType: TYPES.CONV_TOPIC, payload: { text } });
  return (await from.chat.sendMessage(message)).data.message;
}

const textsIn = (of: Device, topicID: string): string[] =>
  of.received
    .filter(
      (message: Json) => message.conversationID === `GROUP${topicID}` && message.type === TYPES.MSG_TEXT,
    )
    .map((message: Json) => message.payload.text);

const unreadOf = (topics: readonly Json[]): number[] => topics.map((topic) => topic.unreadCount);

/** Topics have messages, numbers, unread counts and mentions of their own; what is read is read on all devices. */
export async function topicsTalk(world: World): Promise<void> {
  const { groupID, alice, bob, phone, news, chat, logout } = await clubOf(world);
  const [here, there] = [await topicsOf(bob, groupID), await topicsOf(phone, groupID)];
  checkEqual(
    here.map((topic) => [topic.topicID, topic.topicName, topic.unreadCount]),
    [
      [news, 'news', 0],
      [chat, 'chat', 0],
    ],
    'the topics',
  );
  const first = await say(alice, news, 'one');
  checkEqual([first.sequence, first.conversationID], [1, `GROUP${news}`] as Json, 'the first message');
  await say(alice, news, 'two');
  await alice.chat.sendMessage(
    alice.chat.createTextAtMessage({
      to: chat,
      conversationType: TYPES.CONV_GROUP,
      payload: { text: 'you!', atUserList: [bob.userID] },
    }),
  );
  const random = Math.floor(Math.random() * 0xffff_ffff);
  const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'from the back end' } }];
  await restOk(world, 'group_open_http_svc/send_group_msg', {
    ...{ GroupId: groupID, TopicId: chat, From_Account: alice.userID, Random: random, MsgBody },
  });
  for (const one of [bob, phone]) {
    await until('all is here', () => textsIn(one, news).length === 2 && textsIn(one, chat).length === 2);
    checkEqual(textsIn(one, chat), ['you!', 'from the back end'], 'the other topic');
  }
  for (const topics of [here, there]) checkEqual(unreadOf(topics), [2, 2], 'unread messages');
  checkEqual(here[0].lastMessage.messageForShow, 'two', 'the last message');
  checkEqual(
    here[1].groupAtInfoList,
    [{ from: alice.userID, messageSequence: 1, atTypeArray: [TYPES.CONV_AT_ME] }],
    'mentions',
  );
  const { data } = await bob.chat.getConversationList();
  const ids = data.conversationList.map((item: Json) => item.conversationID);
  check(!ids.some((id: string) => id.includes('@TOPIC#_')), 'no topic in the list of conversations');
  await phone.chat.setMessageRead({ conversationID: `GROUP${chat}` });
  await until('it is read on both devices', () => here[1].unreadCount === 0 && there[1].unreadCount === 0);
  checkEqual([unreadOf(here), here[1].groupAtInfoList], [[2, 0], []] as Json, 'what is left');
  await say(bob, news, 'three');
  await until('sending is reading', () => here[0].unreadCount === 0 && there[0].unreadCount === 0);
  const seen = await restOk(world, 'million_group_open_http_svc/get_topic', {
    ...{ GroupId: groupID, From_Account: bob.userID },
  });
  checkEqual(
    seen.TopicAndSelfInfo.map((item: Json) => [item.TopicInfo.NextMsgSeq, item.SelfInfo.MsgSeq]),
    [
      [4, 3],
      [3, 2],
    ],
    'numbers at the back end',
  );
  await logout();
}

/** Topics change and end; who comes later begins behind what was said; the community takes all of them along. */
export async function topicsChange(world: World): Promise<void> {
  const { groupID, alice, bob, phone, news, chat, logout } = await clubOf(world);
  const [, , carolId] = usersOf(world.run) as [string, string, string];
  const [topic] = await topicsOf(bob, groupID);
  await say(alice, news, 'before');
  await until('it is here', () => textsIn(bob, news).length === 1);
  const change = { groupID, topicID: news, topicName: 'old news', muteAllMembers: true };
  await alice.chat.updateTopicProfile(change);
  await until('the name is told', () => topic.topicName === 'old news' && topic.muteAllMembers);
  checkEqual(await codeOf(say(bob, news, 'x')), 10017, 'code of a send in a muted topic');
  await alice.chat.updateTopicProfile({ groupID, topicID: news, muteAllMembers: false });
  await until('the mute is over', () => !topic.muteAllMembers);
  await phone.chat.setMessageRemindType({ groupID: news, messageRemindType: TYPES.MSG_REMIND_ACPT_NOT_NOTE });
  const [wish] = await topicsOf(phone, groupID);
  checkEqual(wish.selfInfo.messageRemindType, TYPES.MSG_REMIND_ACPT_NOT_NOTE, 'what is wanted of it');
  const carol = await device(world, carolId);
  await carol.chat.joinGroup({ groupID });
  const late = await topicsOf(carol, groupID);
  checkEqual(unreadOf(late), [0, 0], 'unread messages of who comes late');
  await say(alice, news, 'after');
  await until('the newcomer hears', () => textsIn(carol, news).length === 1);
  const page = await carol.chat.getMessageList({ conversationID: `GROUP${news}` });
  checkEqual(
    page.data.messageList.map((message: Json) => message.payload.text),
    ['before', 'after'],
    'what the newcomer sees, for communities show their past',
  );
  const deleted = [bob, phone, carol].map((one) => toldTo(one, EVENT.TOPIC_DELETED));
  const missing = `${groupID}@TOPIC#_none`;
  const { data } = await alice.chat.deleteTopicFromCommunity({ groupID, topicIDList: [chat, missing] });
  checkEqual(
    [data.successTopicList, data.failureTopicList.map(({ topicID, code }: Json) => [topicID, code])],
    [[chat], [[missing, 110003]]] as Json,
    'results',
  );
  for (const told of deleted) {
    await until('the end is told', () => told.length > 0);
    checkEqual(told, [{ groupID, topicIDList: [chat] }], 'what is told');
  }
  checkEqual(await codeOf(say(bob, chat, 'x')), 10010, 'code of a send to a topic that has ended');
  checkEqual((await topicsOf(bob, groupID)).length, 1, 'topics left');
  await alice.chat.dismissGroup(groupID);
  for (const one of [bob, phone, carol]) await until('it is over', async () => !(await isIn(one, groupID)));
  checkEqual(await codeOf(say(bob, news, 'x')), 10010, 'code of a send after the end');
  await Promise.all([carol.logout(), logout()]);
}
