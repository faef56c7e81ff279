// Members of communities whose rights come from permission groups, through the SDK and with an app's back end beside them.
import TencentCloudChat from '@parley/sdk';
import { checkEqual, type Device, device, type Json, restOk, until, usersOf, type World } from './world.js';

const { TYPES } = TencentCloudChat;
const SYSTEM = 'group_open_http_svc';
const NO_PERMISSION = 10_007;
/** SendTopicMessage and TopicAtAll. */
const [SEND, AT_ALL] = [8, 64];

const codeOfSay = (from: Device, to: string, atUserList?: string[]): Promise<number> => {
  const where = { to, conversationType: TYPES.CONV_GROUP };
  const text = 'hello';
  const message =
    atUserList === undefined
      ? from.chat.createTextMessage({ ...where, payload: { text } })
      : from.chat.createTextAtMessage({ ...where, payload: { text, atUserList } });
  return from.chat.sendMessage(message).then(
    () => 0,
    (failure: Json) => failure.code,
  );
};

/** A member speaks in a topic when its permission group lets it, and is told why not when it does not. */
export async function permissionGroups(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const { GroupId } = await restOk(world, `${SYSTEM}/create_group`, {
    ...{ Type: 'Community', Name: 'c', SupportTopic: 1, Owner_Account: aliceId, EnablePermission: 1 },
    MemberList: [{ Member_Account: bobId }],
  });
  const { TopicId } = await restOk(world, 'million_group_open_http_svc/create_topic', {
    ...{ GroupId, TopicName: 't' },
  });
  checkEqual(await codeOfSay(bob, TopicId), NO_PERMISSION, 'code without a right');
  const { PermissionGroupId } = await restOk(world, `${SYSTEM}/create_permission_group`, {
    ...{ GroupId, PermissionGroupName: 'speakers' },
  });
  const named = { GroupId, PermissionGroupId };
  const permit = (command: string, Permission: number) =>
    restOk(world, `${SYSTEM}/${command}_topic_permission_group`, {
      ...named,
      TopicPermissionList: [{ TopicId, Permission }],
    });
  const MemberList = [{ Member_Account: bobId }];
  await permit('add', SEND);
  checkEqual(await codeOfSay(bob, TopicId), NO_PERMISSION, 'code outside of the permission group');
  await restOk(world, `${SYSTEM}/add_permission_group_member`, { ...named, MemberList });
  checkEqual(await codeOfSay(bob, TopicId), 0, 'code with the right');
  checkEqual(await codeOfSay(bob, GroupId), NO_PERMISSION, 'code in the community, where the right is not');
  const all = [TYPES.MSG_AT_ALL];
  checkEqual(await codeOfSay(bob, TopicId, all), NO_PERMISSION, 'code of mentioning all');
  await permit('set', SEND + AT_ALL);
  checkEqual(await codeOfSay(bob, TopicId, all), 0, 'code of mentioning all with the right');
  await restOk(world, `${SYSTEM}/delete_permission_group_member`, { ...named, MemberList });
  await until('the right is gone', async () => (await codeOfSay(bob, TopicId)) === NO_PERMISSION);
  await Promise.all([alice.logout(), bob.logout()]);
}
