// Who is online, as others hear of it.
import { checkEqual, device, type Json, restOk, until, usersOf, type World } from './world.js';

const ONLINE = 1;
const UNLOGGED_IN = 3;

/** A subscriber hears of logins, of what is said and of logouts; the back end asks for the same. */
export async function statusesAreTold(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const alice = await device(world, aliceId);
  await (await device(world, bobId)).logout();
  const statusOf = async () =>
    (await alice.chat.getUserStatus({ userIDList: [bobId] })).data.successUserList[0];
  await until('the logout is known', async () => (await statusOf())?.statusType === UNLOGGED_IN);
  const told: Json[] = [];
  alice.chat.on('onUserStatusUpdated', (event: Json) => told.push(...event.data));
  const { data } = await alice.chat.subscribeUserStatus({ userIDList: [bobId, aliceId] });
  checkEqual(
    data.failureUserList.map(({ userID }: Json) => userID),
    [aliceId],
    'who cannot be subscribed to',
  );
  const [bob, phone] = [await device(world, bobId), await device(world, bobId, 'iphone')];
  await until('the login is told', () => told.at(-1)?.onlineDevices.length === 2);
  const toldToPhone: Json[] = [];
  phone.chat.on('onUserStatusUpdated', (event: Json) => toldToPhone.push(...event.data));
  await bob.chat.setSelfStatus({ customStatus: 'at lunch' });
  await until('what bob says is told', () => told.at(-1)?.customStatus === 'at lunch');
  await until('bob hears it on the phone', () => toldToPhone.at(-1)?.customStatus === 'at lunch');
  const query = { To_Account: [bobId], IsNeedDetail: 1 };
  const asked = await restOk(world, 'openim/query_online_status', query);
  const platforms = asked.QueryResult[0].Detail.map(({ Platform }: Json) => Platform);
  checkEqual([asked.QueryResult[0].Status, platforms.sort()], ['Online', ['Web', 'iPhone']], 'what is asked');
  await Promise.all([bob.logout(), phone.logout()]);
  await until('the logout is told', () => told.at(-1)?.statusType === UNLOGGED_IN);
  checkEqual(told.at(-1)?.customStatus, '', 'what is said of whoever is gone');
  checkEqual(told.filter(({ statusType }) => statusType !== ONLINE).length, 1, 'how often bob went');
  await alice.chat.unsubscribeUserStatus();
  await alice.logout();
}
