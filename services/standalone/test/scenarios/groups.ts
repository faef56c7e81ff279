// People in groups, through the SDK and with an app's back end beside them.
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
const SYSTEM = 'group_open_http_svc';

const names = (world: World) => usersOf(world.run) as [string, string, string, string];

async function sendToGroup(from: Device, to: string, text: string): Promise<Json> {
  const message = from.chat.createTextMessage({ to, conversationType: TYPES.CONV_GROUP, payload: { text } });
  const { data } = await from.chat.sendMessage(message);
  return data.message;
}

async function groupConversation(of: Device, groupID: string): Promise<Json | undefined> {
  const { data } = await of.chat.getConversationList();
  return data.conversationList.find((item: Json) => item.conversationID === `GROUP${groupID}`);
}

async function isIn(of: Device, groupID: string): Promise<boolean> {
  const { data } = await of.chat.getGroupList();
  return data.groupList.some((group: Json) => group.groupID === groupID);
}

const textsIn = (of: Device, groupID: string): string[] =>
  of.received
    .filter((message: Json) => message.to === groupID && message.type === TYPES.MSG_TEXT)
    .map((message: Json) => message.payload.text);

const tipsIn = (of: Device, groupID: string): number[] =>
  of.received
    .filter((message: Json) => message.to === groupID && message.type === TYPES.MSG_GRP_TIP)
    .map((message: Json) => message.payload.operationType);

const noticesAbout = (of: Device, groupID: string): Json[] =>
  of.received.filter(
    (message: Json) =>
      message.type === TYPES.MSG_GRP_SYS_NOTICE && message.payload.groupProfile.groupID === groupID,
  );

const noticed = (of: Device, groupID: string, operationType: number): boolean =>
  noticesAbout(of, groupID).some((message: Json) => message.payload.operationType === operationType);

async function codeOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 0,
    (error: Json) => error.code,
  );
}

interface Team {
  readonly groupID: string;
  readonly alice: Device;
  readonly bob: Device;
  logout(): Promise<void>;
}

/** alice owns a public group with bob in it, and both know it. */
async function teamOf(world: World, name: string): Promise<Team> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const groupID = `${name}-${world.run}`;
  const memberList = [{ userID: bobId }];
  const { data } = await alice.chat.createGroup({ name, type: TYPES.GRP_PUBLIC, groupID, memberList });
  checkEqual(
    [data.group.groupID, data.group.ownerID, data.group.memberCount],
    [groupID, aliceId, 2] as Json,
    'the group',
  );
  await until('the member knows the group', () => isIn(bob, groupID));
  return {
    ...{ groupID, alice, bob },
    logout: async () => void (await Promise.all([alice.logout(), bob.logout()])),
  };
}

/** A group grows by an application that its owner accepts; all members hear everything in one order. */
export async function groupGrowsAndTalks(world: World): Promise<void> {
  const { groupID, alice, bob, logout } = await teamOf(world, 'grows');
  const [aliceId, , carolId] = names(world);
  const carol = await device(world, carolId);
  const joinOption = TYPES.JOIN_OPTIONS_NEED_PERMISSION;
  await alice.chat.updateGroupProfile({ groupID, joinOption, notification: 'read this' });
  checkEqual(await codeOf(sendToGroup(carol, groupID, 'x')), 10007, 'code of a send by a stranger');
  const applied = await carol.chat.joinGroup({ groupID, applyMessage: 'please' });
  checkEqual(applied.data.status, TYPES.JOIN_STATUS_WAIT_APPROVAL, 'status of the application');
  await until('the owner is asked', () => noticed(alice, groupID, 1));
  const { data } = await alice.chat.getGroupApplicationList();
  const application = data.applicationList.find((item: Json) => item.groupID === groupID);
  checkEqual([application?.applicant, application?.note], [carolId, 'please'], 'the application');
  await alice.chat.handleGroupApplication({ handleAction: 'Agree', application });
  await until('the applicant is in', () => isIn(carol, groupID));
  await until('the others read so', () => tipsIn(bob, groupID).includes(TYPES.GRP_TIP_MBR_JOIN));
  const profile = await carol.chat.getGroupProfile({ groupID });
  checkEqual(
    [profile.data.group.memberCount, profile.data.group.notification],
    [3, 'read this'] as Json,
    'the profile',
  );
  const said: string[] = [];
  for (const [turn, who] of [alice, bob, carol, alice].entries()) {
    said.push(`line ${turn}`);
    await sendToGroup(who, groupID, `line ${turn}`);
  }
  await until(
    'all messages',
    () => textsIn(bob, groupID).length === 3 && textsIn(carol, groupID).length === 3,
  );
  checkEqual(
    textsIn(bob, groupID),
    said.filter((_, turn) => turn !== 1),
    'what bob received',
  );
  checkEqual(
    textsIn(carol, groupID),
    said.filter((_, turn) => turn !== 2),
    'what carol received',
  );
  const members = await bob.chat.getGroupMemberList({ groupID });
  checkEqual(
    members.data.memberList.map((member: Json) => [member.userID, member.role]).sort(),
    [
      [aliceId, 'Owner'],
      [bob.userID, 'Member'],
      [carolId, 'Member'],
    ].sort(),
    'the members',
  );
  await Promise.all([carol.logout(), logout()]);
}

/** Unread counts of a group are one number on all devices; sending is reading; tips do not count. */
export async function groupUnread(world: World): Promise<void> {
  const { groupID, alice, bob, logout } = await teamOf(world, 'unread');
  const second = await device(world, bob.userID, 'iphone');
  const unreadOn = async (of: Device) => (await groupConversation(of, groupID))?.unreadCount;
  await alice.chat.updateGroupProfile({ groupID, name: 'renamed' });
  for (const text of ['one', 'two']) await sendToGroup(alice, groupID, text);
  for (const one of [bob, second]) await until('two unread', async () => (await unreadOn(one)) === 2);
  const mention = alice.chat.createTextAtMessage({
    ...{ to: groupID, conversationType: TYPES.CONV_GROUP },
    payload: { text: 'look', atUserList: [bob.userID] },
  });
  await alice.chat.sendMessage(mention);
  await until(
    'the mention',
    async () => (await groupConversation(bob, groupID))?.groupAtInfoList.length === 1,
  );
  await second.logout();
  const third = await device(world, bob.userID, 'iphone');
  checkEqual(await unreadOn(third), 3, 'unread of a fresh login');
  const listed = await groupConversation(third, groupID);
  checkEqual(
    [listed?.type, listed?.subType, listed?.groupProfile.name, listed?.lastMessage.payload.text],
    ['GROUP', 'Public', 'renamed', 'look'],
    'the conversation',
  );
  await sendToGroup(bob, groupID, 'I see');
  for (const one of [bob, third]) await until('nothing unread', async () => (await unreadOn(one)) === 0);
  await until('the owner has one', async () => (await unreadOn(alice)) === 1);
  await alice.chat.setMessageRead({ conversationID: `GROUP${groupID}` });
  checkEqual(await unreadOn(alice), 0, 'unread after the mark');
  await Promise.all([third.logout(), logout()]);
}

/** Members leave, are removed while connected and while away, and the group ends. */
export async function groupLeaving(world: World): Promise<void> {
  const { groupID, alice, bob, logout } = await teamOf(world, 'leaving');
  const [, , carolId, daveId] = names(world);
  const [carol, dave] = [await device(world, carolId), await device(world, daveId)];
  await restOk(world, `${SYSTEM}/add_group_member`, {
    GroupId: groupID,
    MemberList: [{ Member_Account: carolId }, { Member_Account: daveId }],
  });
  for (const one of [carol, dave]) await until('the new member is in', () => isIn(one, groupID));
  await alice.chat.deleteGroupMember({ groupID, userIDList: [carolId], reason: 'rude' });
  await until(
    'the removed member knows',
    async () => noticed(carol, groupID, 4) && !(await isIn(carol, groupID)),
  );
  checkEqual(await groupConversation(carol, groupID), undefined, 'the conversation of the removed member');
  await dave.logout();
  await alice.chat.deleteGroupMember({ groupID, userIDList: [daveId] });
  await sendToGroup(alice, groupID, 'without them');
  await until('who stayed hears it', () => textsIn(bob, groupID).includes('without them'));
  const back = await device(world, daveId);
  checkEqual(await isIn(back, groupID), false, 'membership of who was removed while away');
  checkEqual([textsIn(carol, groupID), textsIn(back, groupID)], [[], []], 'what the removed ones heard');
  checkEqual(await codeOf(alice.chat.quitGroup(groupID)), 10009, 'code of an owner who wants to leave');
  await bob.chat.quitGroup(groupID);
  checkEqual(await isIn(bob, groupID), false, 'membership of who left');
  await until('the owner reads so', () => tipsIn(alice, groupID).includes(TYPES.GRP_TIP_MBR_QUIT));
  await alice.chat.dismissGroup(groupID);
  checkEqual(await codeOf(alice.chat.getGroupProfile({ groupID })), 10010, 'code of a group that ended');
  await Promise.all([carol.logout(), back.logout(), logout()]);
}

/** Roles, mutes, attributes and counters: whoever is connected sees them change. */
export async function groupValues(world: World): Promise<void> {
  const { groupID, alice, bob, logout } = await teamOf(world, 'values');
  const told: Json[] = [];
  for (const event of [EVENT.GROUP_ATTRIBUTES_UPDATED, EVENT.GROUP_COUNTER_UPDATED]) {
    bob.chat.on(event, ({ data }: Json) => told.push(data));
  }
  await alice.chat.initGroupAttributes({ groupID, groupAttributes: { topic: 'a', mode: 'b' } });
  await alice.chat.setGroupAttributes({ groupID, groupAttributes: { topic: 'c' } });
  await until('both events', () => told.length === 2);
  checkEqual(told[1], { groupID, groupAttributes: { topic: 'c', mode: 'b' } }, 'all attributes');
  await bob.chat.deleteGroupAttributes({ groupID, keyList: ['mode'] });
  const read = await alice.chat.getGroupAttributes({ groupID, keyList: [] });
  checkEqual(read.data.groupAttributes, { topic: 'c' }, 'attributes');
  await alice.chat.setGroupCounters({ groupID, counters: { likes: 5 } });
  const more = await bob.chat.increaseGroupCounter({ groupID, key: 'likes', value: 2 });
  checkEqual(more.data.value, 7, 'the counter');
  await until('the counter is told', () => told.some((data) => data.key === 'likes' && data.value === 7));
  const self = async () =>
    (await bob.chat.getGroupList()).data.groupList.find((group: Json) => group.groupID === groupID)?.selfInfo;
  await alice.chat.setGroupMemberRole({ groupID, userID: bob.userID, role: TYPES.GRP_MBR_ROLE_ADMIN });
  await until('bob is an admin', async () => (await self())?.role === 'Admin');
  await alice.chat.setGroupMemberRole({ groupID, userID: bob.userID, role: TYPES.GRP_MBR_ROLE_MEMBER });
  await alice.chat.setGroupMemberMuteTime({ groupID, userID: bob.userID, muteTime: 600 });
  await until('bob is muted', async () => ((await self())?.muteUntil ?? 0) > 0);
  await until(
    'a muted member is refused',
    async () => (await codeOf(sendToGroup(bob, groupID, 'x'))) === 10017,
  );
  await alice.chat.setGroupMemberMuteTime({ groupID, userID: bob.userID, muteTime: 0 });
  await until('the mute ends', async () => (await codeOf(sendToGroup(bob, groupID, 'again'))) === 0);
  await bob.chat.setGroupMemberNameCard({ groupID, nameCard: 'Bobby' });
  const card = await alice.chat.getGroupMemberProfile({ groupID, userIDList: [bob.userID] });
  checkEqual(card.data.memberList[0]?.nameCard, 'Bobby', 'the name card');
  await logout();
}

/** A back end makes a group and speaks in it, to all and to some. */
export async function groupFromBackEnd(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const { GroupId } = await restOk(world, `${SYSTEM}/create_group`, {
    ...{ Type: 'Private', Name: 'made for you', Owner_Account: aliceId },
    MemberList: [{ Member_Account: bobId }],
  });
  for (const one of [alice, bob]) await until('the group is known', () => isIn(one, GroupId));
  const say = (text: string, more: object) =>
    restOk(world, `${SYSTEM}/send_group_msg`, {
      ...{ GroupId, From_Account: aliceId, Random: Math.floor(Math.random() * 0xffff_ffff) },
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
      ...more,
    });
  await say('for all', {});
  await say('for alice', { To_Account: [aliceId] });
  const { MsgSeq } = await say('for all again', {});
  await until('the last message', () => textsIn(bob, GroupId).includes('for all again'));
  await until('all for the sender', () => textsIn(alice, GroupId).length === 3);
  checkEqual(textsIn(bob, GroupId), ['for all', 'for all again'], 'what bob received');
  const last = bob.received.findLast((message: Json) => message.to === GroupId);
  checkEqual(last?.sequence, MsgSeq, 'the number of the message at both borders');
  checkEqual((await groupConversation(bob, GroupId))?.unreadCount, 2, 'unread of bob');
  const { data } = await bob.chat.getMessageList({ conversationID: `GROUP${GroupId}` });
  const texts = data.messageList.filter((message: Json) => message.type === TYPES.MSG_TEXT);
  checkEqual(
    texts.map((message: Json) => message.payload.text),
    ['for all', 'for all again'],
    'the history',
  );
  await restOk(world, `${SYSTEM}/destroy_group`, { GroupId });
  for (const one of [alice, bob]) await until('the group is gone', async () => !(await isIn(one, GroupId)));
  await Promise.all([alice.logout(), bob.logout()]);
}

/** A live group: whoever is there hears, nothing is kept. */
export async function liveGroup(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const groupID = `live-${world.run}`;
  await alice.chat.createGroup({ name: 'live', type: TYPES.GRP_AVCHATROOM, groupID });
  await alice.chat.joinGroup({ groupID });
  const joined = await bob.chat.joinGroup({ groupID });
  checkEqual(joined.data.status, TYPES.JOIN_STATUS_SUCCESS, 'status of joining');
  await sendToGroup(alice, groupID, 'hello all');
  await until('who is there hears it', () => textsIn(bob, groupID).length === 1);
  checkEqual(await groupConversation(bob, groupID), undefined, 'a conversation of a live group');
  check(await isIn(bob, groupID), 'the group is in the list while one is there');
  await bob.chat.quitGroup(groupID);
  await sendToGroup(alice, groupID, 'without bob');
  await restOk(world, `${SYSTEM}/destroy_group`, { GroupId: groupID });
  await until('the group is gone', async () => !(await isIn(alice, groupID)));
  checkEqual(textsIn(bob, groupID), ['hello all'], 'what bob heard');
  await Promise.all([alice.logout(), bob.logout()]);
}
