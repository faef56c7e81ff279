// What users say of themselves, and users who may not speak.
import {
  checkEqual,
  device,
  type Json,
  rest,
  restOk,
  sendText,
  until,
  usersOf,
  type World,
} from './world.js';

/** A profile set on one device is told to the other and read by the back end; what the back end sets is told as well. */
export async function profilesAreTold(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, phone] = [await device(world, aliceId), await device(world, aliceId, 'iphone')];
  const bob = await device(world, bobId);
  const told: Json[] = [];
  phone.chat.on('onProfileUpdated', (event: Json) => told.push(...event.data));
  await alice.chat.updateMyProfile({ nick: 'Alice', birthday: 20_000_101 });
  await until('the other device hears of it', () => told.some(({ nick }) => nick === 'Alice'));
  const tags = ['Tag_Profile_IM_Nick', 'Tag_Profile_IM_BirthDay'];
  const read = await restOk(world, 'profile/portrait_get', { To_Account: [aliceId], TagList: tags });
  const items = read.UserProfileItem[0].ProfileItem;
  checkEqual(
    Object.fromEntries(items.map(({ Tag, Value }: Json) => [Tag, Value])),
    { Tag_Profile_IM_BirthDay: 20_000_101, Tag_Profile_IM_Nick: 'Alice' },
    'what the back end reads',
  );
  await restOk(world, 'im_open_login_svc/account_import', { UserID: aliceId, Nick: 'A.' });
  await until('what the back end sets is told', () => told.some(({ nick }) => nick === 'A.'));
  await sendText(alice, bobId, 'who is it');
  await until('the message', () => bob.received.length > 0);
  checkEqual(bob.received.at(-1)?.nick, 'A.', 'whom a message names');
  const { data } = await bob.chat.getUserProfile({ userIDList: [aliceId] });
  checkEqual([data[0]?.nick, data[0]?.birthday], ['A.', 20_000_101], 'what another user reads');
  const refused = await rest(world, 'profile/portrait_set', {
    From_Account: aliceId,
    ProfileItem: [{ Tag: 'Tag_Profile_IM_Gender', Value: 'none' }],
  });
  checkEqual(refused.ErrorCode, 40605, 'code of an illegal value');
  await Promise.all([alice.logout(), phone.logout(), bob.logout()]);
}

/** A muted user's messages are refused until the mute ends; the back end may still speak for it. */
export async function mutedUsers(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const alice = await device(world, aliceId);
  const bob = await device(world, bobId);
  const codeOfSend = (text: string) =>
    sendText(alice, bobId, text).then(
      () => 0,
      (failure: Json) => failure.code,
    );
  checkEqual(await codeOfSend('before'), 0, 'code before the mute');
  await restOk(world, 'openconfigsvr/setnospeaking', { Set_Account: aliceId, C2CmsgNospeakingTime: 600 });
  await until('the mute is known', async () => (await codeOfSend('muted?')) === 20012);
  await restOk(world, 'openim/sendmsg', {
    From_Account: aliceId,
    To_Account: bobId,
    MsgRandom: Math.floor(Math.random() * 0xffff_ffff),
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'for her' } }],
  });
  await restOk(world, 'openconfigsvr/setnospeaking', { Set_Account: aliceId, C2CmsgNospeakingTime: 0 });
  checkEqual(await codeOfSend('after'), 0, 'code at once after the mute');
  await until('what was said arrives', () => bob.received.some(({ payload }) => payload.text === 'after'));
  await Promise.all([alice.logout(), bob.logout()]);
}

/** A user follows another and is followed back: both are told, and lists and counts say so at both borders. */
export async function followsAreTold(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const told: Json[] = [];
  for (const event of ['onMyFollowersListUpdated', 'onMutualFollowersListUpdated']) {
    bob.chat.on(event, ({ data }: Json) => told.push([event, data.userInfoList[0].userID, data.isAdd]));
  }
  await alice.chat.followUser([bobId]);
  await until('the followed one hears of it', () => told.length === 1);
  await bob.chat.followUser([aliceId]);
  await until('both follow each other', () => told.length === 2);
  checkEqual(
    told,
    [
      ['onMyFollowersListUpdated', aliceId, true],
      ['onMutualFollowersListUpdated', aliceId, true],
    ],
    'what the followed one hears',
  );
  const { data } = await alice.chat.getMutualFollowersList();
  checkEqual(
    data.resultList.map((one: Json) => one.userID),
    [bobId],
    'the list of mutual follows',
  );
  const read = await restOk(world, 'follow/follow_check', { From_Account: aliceId, To_Account: [bobId] });
  checkEqual(read.ResultItem[0].FollowType, 3, 'what the back end reads');
  await alice.chat.unfollowUser([bobId]);
  await until('the end is told', () => told.length === 4);
  const infos = await alice.chat.getUserFollowInfo();
  checkEqual(
    [infos.data[0]?.followingCount, infos.data[0]?.followersCount, infos.data[0]?.mutualFollowersCount],
    [0, 1, 0],
    'the counts',
  );
  await Promise.all([alice.logout(), bob.logout()]);
}
