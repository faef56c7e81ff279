// Who is whose friend, who asks, who is not heard any more.
import TencentCloudChat from '@parley/sdk';
import {
  check,
  checkEqual,
  type Device,
  device,
  type Json,
  rest,
  restOk,
  sendText,
  until,
  usersOf,
  type World,
} from './world.js';

const { TYPES, EVENT } = TencentCloudChat;
const source = 'AddSource_Type_Web';

const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (failure: Json) => failure.code,
  );

const friendsOf = async ({ chat }: Device): Promise<string[]> =>
  (await chat.getFriendList()).data.map(({ userID }: Json) => userID);

/** What the device was told last. */
function lastTold({ chat }: Device, event: string): () => Json {
  let last: Json;
  chat.on(event, ({ data }: { readonly data: Json }) => {
    last = data;
  });
  return () => last;
}

/** An application is seen by all devices of both, accepted, and makes two friends with what was said. */
export async function friendsAreMade(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, phone] = [await device(world, aliceId), await device(world, aliceId, 'iphone')];
  const bob = await device(world, bobId);
  const toldBob = lastTold(bob, EVENT.FRIEND_APPLICATION_LIST_UPDATED);
  const toldPhone = lastTold(phone, EVENT.FRIEND_LIST_UPDATED);
  await bob.chat.updateMyProfile({ allowType: TYPES.ALLOW_TYPE_NEED_CONFIRM, nick: 'Bob' });
  const asked = await alice.chat.addFriend({
    to: bobId,
    source,
    wording: 'hi',
    remark: 'B',
    groupName: 'work',
  });
  checkEqual(asked.data.code, 30539, 'code of an application that waits');
  await until('the asked one hears of it', () => toldBob()?.unreadCount === 1);
  const { userID, wording, type } = toldBob().friendApplicationList[0];
  checkEqual([userID, wording, type], [aliceId, 'hi', TYPES.SNS_APPLICATION_SENT_TO_ME], 'the application');
  await bob.chat.setFriendApplicationRead();
  checkEqual((await bob.chat.getFriendApplicationList()).data.unreadCount, 0, 'unread applications');
  await bob.chat.acceptFriendApplication({ userID: aliceId, type: TYPES.SNS_APPLICATION_AGREE_AND_ADD });
  checkEqual(await friendsOf(bob), [aliceId], 'friends of who accepts');
  await until('the other device hears of the friend', () => toldPhone()?.length === 1);
  const [friend] = toldPhone();
  const { remark, groupList, profile } = friend;
  checkEqual([friend.userID, remark, groupList, profile.nick], [bobId, 'B', ['work'], 'Bob'], 'the friend');
  const both = { userIDList: [bobId], type: TYPES.SNS_CHECK_TYPE_BOTH };
  const { data } = await alice.chat.checkFriend(both);
  checkEqual(data.successUserIDList[0]?.relation, TYPES.SNS_TYPE_BOTH_WAY, 'the relation');
  await restOk(world, 'sns/friend_update', {
    From_Account: aliceId,
    UpdateItem: [{ To_Account: bobId, SnsItem: [{ Tag: 'Tag_SNS_IM_Remark', Value: 'Bobby' }] }],
  });
  await until('what the back end changes is told', () => toldPhone()[0]?.remark === 'Bobby');
  await alice.chat.deleteFriend({ userIDList: [bobId] });
  checkEqual(await friendsOf(alice), [], 'friends after the end');
  await until('the other one hears of the end', async () => (await friendsOf(bob)).length === 0);
  await Promise.all([alice.logout(), phone.logout(), bob.logout()]);
}

/** Friend groups are made, filled, renamed and deleted on one device and seen on the other and by the back end. */
export async function friendGroups(world: World): Promise<void> {
  const [aliceId, bobId, carolId] = usersOf(world.run) as [string, string, string];
  const [alice, phone] = [await device(world, aliceId), await device(world, aliceId, 'iphone')];
  // Users come into being with their first login, or are imported.
  await restOk(world, 'im_open_login_svc/multiaccount_import', { Accounts: [bobId, carolId] });
  const groupsOn = async ({ chat }: Device) => (await chat.getFriendGroupList()).data;
  checkEqual(await groupsOn(phone), [], 'groups before');
  for (const userID of [bobId, carolId]) {
    await restOk(world, 'sns/friend_add', {
      From_Account: aliceId,
      AddFriendItem: [{ To_Account: userID, AddSource: source }],
      ForceAddFlags: 1,
    });
  }
  const made = await alice.chat.createFriendGroup({ name: 'work', userIDList: [bobId, aliceId] });
  checkEqual(made.data.friendGroup, { name: 'work', userIDList: [bobId], count: 1 }, 'the new group');
  checkEqual(made.data.failureUserIDList.length, 1, 'who cannot be in it');
  await alice.chat.addToFriendGroup({ name: 'work', userIDList: [carolId] });
  await alice.chat.removeFromFriendGroup({ name: 'work', userIDList: [bobId] });
  await alice.chat.renameFriendGroup({ oldName: 'work', newName: 'office' });
  const office = { name: 'office', userIDList: [carolId], count: 1 };
  await until('the other device sees it', async () => {
    return JSON.stringify(await groupsOn(phone)) === JSON.stringify([office]);
  });
  const seen = await restOk(world, 'sns/group_get', { From_Account: aliceId });
  checkEqual(seen.ResultItem, [{ GroupName: 'office', FriendNumber: 1 }], 'what the back end sees');
  await alice.chat.deleteFriendGroup({ name: 'office' });
  await until('the other device sees the end', async () => (await groupsOn(phone)).length === 0);
  await alice.chat.deleteFriend({ userIDList: [bobId, carolId] });
  await Promise.all([alice.logout(), phone.logout()]);
}

/** Who is blocked is no friend, cannot ask, and is not heard until the block ends. */
export async function blockedUsers(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, phone] = [await device(world, aliceId), await device(world, aliceId, 'iphone')];
  const bob = await device(world, bobId);
  const toldPhone = lastTold(phone, EVENT.BLACKLIST_UPDATED);
  await bob.chat.updateMyProfile({ allowType: TYPES.ALLOW_TYPE_ALLOW_ANY });
  await alice.chat.addFriend({ to: bobId, source });
  checkEqual((await alice.chat.addToBlacklist({ userIDList: [bobId] })).data, [bobId], 'who was blocked');
  await until('the other device hears of it', () => toldPhone()?.[0] === bobId);
  checkEqual([await friendsOf(alice), await friendsOf(bob)], [[], []], 'friends of both');
  checkEqual(await codeOf(bob.chat.addFriend({ to: aliceId, source })), 30525, 'code of who is blocked');
  await until('messages are refused', async () => (await codeOf(sendText(bob, aliceId, 'heard?'))) === 20007);
  const listed = await rest(world, 'sns/black_list_get', {
    ...{ From_Account: aliceId, StartIndex: 0, MaxLimited: 10, LastSequence: 0 },
  });
  check(
    listed.BlackListItem.some(({ To_Account }: Json) => To_Account === bobId),
    'the back end sees the blocklist',
  );
  await phone.chat.removeFromBlacklist({ userIDList: [bobId] });
  await until('the block ends everywhere', async () => (await alice.chat.getBlacklist()).data.length === 0);
  await until('messages arrive again', async () => (await codeOf(sendText(bob, aliceId, 'again'))) === 0);
  await Promise.all([alice.logout(), phone.logout(), bob.logout()]);
}
