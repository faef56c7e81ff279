// An app's back end works through REST beside its users on the SDK.
import {
  check,
  checkEqual,
  conversation,
  device,
  type Json,
  rest,
  restOk,
  sendText,
  until,
  usersOf,
  type World,
} from './world.js';

const text = (value: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text: value } }];
let random = 1;
const nextRandom = () => random++;

/** Import, send, read back: what the first script of a new customer does. */
export async function importSendReadBack(world: World): Promise<void> {
  const [aliceId, bobId] = [`rest-a-${world.run}`, `rest-b-${world.run}`];
  const imported = await restOk(world, 'im_open_login_svc/multiaccount_import', {
    AccountList: [{ UserID: aliceId, Nick: 'A' }, { UserID: bobId }],
  });
  checkEqual(imported.FailAccounts ?? [], [], 'failed imports');
  const sent = await restOk(world, 'openim/sendmsg', {
    From_Account: aliceId,
    To_Account: bobId,
    MsgRandom: nextRandom(),
    MsgBody: text('from the back end'),
  });
  check(/^\d+_\d+_\d+$/.test(sent.MsgKey), `a MsgKey, got ${sent.MsgKey}`);
  const range = { MaxCnt: 10, MinTime: sent.MsgTime - 60, MaxTime: sent.MsgTime + 60 };
  const history = await restOk(world, 'openim/admin_getroammsg', {
    Operator_Account: bobId,
    Peer_Account: aliceId,
    ...range,
  });
  checkEqual(
    history.MsgList.map((m: Json) => [m.From_Account, m.MsgKey, m.MsgBody]),
    [[aliceId, sent.MsgKey, text('from the back end')]],
    'the history',
  );
  const unread = await restOk(world, 'openim/get_c2c_unread_msg_num', {
    To_Account: bobId,
    Peer_Account: [aliceId],
  });
  checkEqual(unread.C2CUnreadMsgNumList, [{ Peer_Account: aliceId, C2CUnreadMsgNum: 1 }], 'unread by peer');
  await restOk(world, 'openim/admin_set_msg_read', { Report_Account: bobId, Peer_Account: aliceId });
  const after = await restOk(world, 'openim/get_c2c_unread_msg_num', { To_Account: bobId });
  checkEqual(after.AllC2CUnreadMsgNum, 0, 'unread after the read mark');
}

/** A REST send reaches the receiver's devices at once, and the sender's only when asked. */
export async function restReachesDevices(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const send = (value: string, sync?: number) =>
    restOk(world, 'openim/sendmsg', {
      From_Account: aliceId,
      To_Account: bobId,
      MsgRandom: nextRandom(),
      MsgBody: text(value),
      ...(sync ? { SyncOtherMachine: sync } : {}),
    });
  await send('quiet');
  await send('synced', 1);
  const textsOf = (list: Json[]) => list.map((message) => message.payload.text);
  await until('both reach the receiver', () => bob.received.length >= 2);
  checkEqual(textsOf(bob.received), ['quiet', 'synced'], 'what the receiver got');
  await until('the synced one reaches the sender', () => textsOf(alice.received).includes('synced'));
  await Promise.all([alice.logout(), bob.logout()]);
}

/** Repeating a send with the same identity is one message. */
export async function restRetryIsOneMessage(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  const bob = await device(world, bobId);
  const alice = await device(world, aliceId);
  const body = {
    From_Account: aliceId,
    To_Account: bobId,
    MsgSeq: 77,
    MsgRandom: nextRandom(),
    MsgBody: text('once'),
  };
  const [first, second] = [
    await restOk(world, 'openim/sendmsg', body),
    await restOk(world, 'openim/sendmsg', body),
  ];
  checkEqual(second.MsgKey, first.MsgKey, 'the key of the retry');
  await sendText(alice, bobId, 'afterwards');
  await until('the later message', () => bob.received.some((m: Json) => m.payload.text === 'afterwards'));
  checkEqual(bob.received.filter((m: Json) => m.payload.text === 'once').length, 1, 'copies of the message');
  await Promise.all([alice.logout(), bob.logout()]);
}

/** Online status, and a kick that ends the login and its UserSig. */
export async function statusAndKick(world: World): Promise<void> {
  const carolId = usersOf(world.run)[2] as string;
  const status = async () =>
    (await restOk(world, 'openim/query_online_status', { To_Account: [carolId] })).QueryResult[0].Status;
  const carol = await device(world, carolId);
  checkEqual(await status(), 'Online', 'status while connected');
  await restOk(world, 'im_open_login_svc/kick', { UserID: carolId });
  await until('the kick arrives', () => carol.kicks.length === 1);
  checkEqual(carol.kicks[0].type, 'REST_API_Kick', 'type of the kick');
  await until('the status follows', async () => (await status()) === 'Offline');
  const refused = await carol.chat.login({ userID: carolId, userSig: world.userSigs[carolId] ?? '' }).then(
    () => 0,
    (error: Json) => error.code,
  );
  checkEqual(refused, 70052, 'code of the old UserSig');
}

/** Batch sends report each target; unknown commands and users get their codes. */
export async function batchAndErrors(world: World): Promise<void> {
  const [aliceId, bobId] = usersOf(world.run) as [string, string];
  await restOk(world, 'im_open_login_svc/multiaccount_import', { Accounts: [aliceId, bobId] });
  const batch = await rest(world, 'openim/batchsendmsg', {
    From_Account: aliceId,
    To_Account: [bobId, 'nobody-here'],
    MsgRandom: nextRandom(),
    MsgBody: text('to many'),
  });
  checkEqual(
    [batch.ActionStatus, batch.ErrorCode],
    ['SomeError', 0] as Json,
    'status of a half failed batch',
  );
  checkEqual(batch.ErrorList, [{ To_Account: 'nobody-here', ErrorCode: 70107 }], 'its failures');
  checkEqual(
    (await rest(world, 'openim/no_such_command', {})).ErrorCode,
    60009,
    'code of an unknown command',
  );
  const bob = await device(world, bobId);
  check((await conversation(bob, aliceId))?.unreadCount > 0, 'the batch message is unread');
  await bob.logout();
}
