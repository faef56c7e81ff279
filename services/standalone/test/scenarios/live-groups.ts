// Live groups and do-not-disturb: what a back end marks and says there, and what a user does not want to be told.
import TencentCloudChat from '@parley/sdk';
import {
  checkEqual,
  conversation,
  device,
  type Json,
  restOk,
  sendText,
  until,
  usersOf,
  type World,
} from './world.js';

const { TYPES } = TencentCloudChat;
const LIVE = 'group_open_avchatroom_http_svc';
const MARK = 1_000;

const names = (world: World) => usersOf(world.run) as [string, string, string, string];

/** The back end marks a visitor, adds a robot, names an admin, and speaks to all live groups at once. */
export async function liveGroupIsLed(world: World): Promise<void> {
  const [aliceId, bobId, robotId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const groupID = `led-${world.run}`;
  await alice.chat.createGroup({ name: 'led', type: TYPES.GRP_AVCHATROOM, groupID });
  for (const { chat } of [alice, bob]) await chat.joinGroup({ groupID });
  const there = async (filter?: number): Promise<string[]> => {
    const { data } = await alice.chat.getGroupMemberList({ groupID, ...(filter && { filter }) });
    return data.memberList.map(({ userID }: Json) => userID).sort();
  };
  checkEqual(await there(), [aliceId, bobId].sort(), 'who is there');
  await restOk(world, 'im_open_login_svc/account_import', { UserID: robotId });
  await restOk(world, `${LIVE}/add_robots`, { GroupId: groupID, Member_Account: [robotId] });
  const MemberList = [{ Member_Account: bobId, Marks: [MARK] }];
  await restOk(world, `${LIVE}/modify_user_info`, { GroupId: groupID, CommandType: 1, MemberList });
  await until('the robot is there', async () => (await there()).includes(robotId));
  await until('one is marked', async () => (await there(MARK)).join() === bobId);
  await restOk(world, `${LIVE}/modify_admin`, { GroupId: groupID, CommandType: 1, Admin_Account: [bobId] });
  const { Admin_List } = await restOk(world, `${LIVE}/get_admin_list`, { GroupId: groupID });
  checkEqual(
    Admin_List.map((admin: Json) => admin.Admin_Account),
    [bobId] as Json,
    'the admins',
  );
  const list = { Member_Account: bobId, WithHugeGroups: 1 };
  const { GroupIdList } = await restOk(world, 'group_open_http_svc/get_joined_group_list', list);
  checkEqual(
    GroupIdList.some(({ GroupId }: Json) => GroupId === groupID),
    true,
    'the live group among those of a visitor',
  );
  const text = `to all ${world.run}`;
  const MsgBody = [{ MsgType: TYPES.MSG_TEXT, MsgContent: { Text: text } }];
  const Random = Math.floor(Math.random() * 0xffff_ffff);
  await restOk(world, 'group_open_http_svc/send_broadcast_msg', { From_Account: aliceId, Random, MsgBody });
  const heard = () => bob.received.filter(({ to, payload }) => to === groupID && payload.text === text);
  await until('the broadcast is heard', () => heard().length > 0);
  checkEqual(heard().length, 1, 'broadcasts heard');
  await restOk(world, 'group_open_http_svc/destroy_group', { GroupId: groupID });
  await Promise.all([alice.logout(), bob.logout()]);
}

/** What one device does not want to be told, the other knows of at once; it is unread all the same. */
export async function doNotDisturb(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const alice = await device(world, aliceId);
  const [web, phone] = [await device(world, bobId), await device(world, bobId, 'iphone')];
  await sendText(alice, bobId, 'one');
  const typeOn = async (of: typeof web) => (await conversation(of, aliceId))?.messageRemindType;
  await until('both devices have it', async () => [await typeOn(web), await typeOn(phone)].every(Boolean));
  const set = (messageRemindType: Json) =>
    web.chat.setMessageRemindType({ userIDList: [aliceId], messageRemindType });
  const before = phone.chat.getTotalUnreadMessageCount();
  await set(TYPES.MSG_REMIND_ACPT_NOT_NOTE);
  await until('the phone knows', async () => (await typeOn(phone)) === TYPES.MSG_REMIND_ACPT_NOT_NOTE);
  await sendText(alice, bobId, 'two');
  await until('it is unread', async () => ((await conversation(phone, aliceId))?.unreadCount ?? 0) >= 2);
  checkEqual(phone.chat.getTotalUnreadMessageCount() < before + 1, true, 'the total does not count it');
  await set(TYPES.MSG_REMIND_ACPT_AND_NOTE);
  await until('the phone knows again', async () => (await typeOn(phone)) === TYPES.MSG_REMIND_ACPT_AND_NOTE);
  await Promise.all([alice, web, phone].map((one) => one.logout()));
}
