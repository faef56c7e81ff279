// Two people chat through the SDK.
import TencentCloudChat from '@parley/sdk';
import {
  check,
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

const names = (world: World) => usersOf(world.run) as [string, string, string, string];

/** Every element kind arrives as it was sent, with the values that an app relies on. */
export async function elementsArrive(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const to = { to: bobId, conversationType: 'C2C' } as const;
  const messages = [
    alice.chat.createTextMessage({
      ...to,
      payload: { text: 'hello, Bob — ünïcödé 👋' },
      cloudCustomData: '{"a":1}',
    }),
    alice.chat.createFaceMessage({ ...to, payload: { index: 7, data: 'smile' } }),
    alice.chat.createLocationMessage({
      ...to,
      payload: { description: 'café', longitude: 13.4, latitude: 52.5 },
    }),
    alice.chat.createCustomMessage({ ...to, payload: { data: 'd', description: 'e', extension: 'f' } }),
  ];
  for (const message of messages) await alice.chat.sendMessage(message);
  await until('four messages', () => bob.received.length >= 4);
  const { TYPES } = TencentCloudChat;
  checkEqual(
    bob.received.map((message: Json) => [message.type, message.payload]),
    [
      [TYPES.MSG_TEXT, { text: 'hello, Bob — ünïcödé 👋' }],
      [TYPES.MSG_FACE, { index: 7, data: 'smile' }],
      [TYPES.MSG_LOCATION, { description: 'café', longitude: 13.4, latitude: 52.5 }],
      [TYPES.MSG_CUSTOM, { data: 'd', description: 'e', extension: 'f' }],
    ] as Json,
    'types and payloads',
  );
  const [first] = bob.received;
  checkEqual(
    [first.from, first.to, first.conversationID, first.flow, first.cloudCustomData],
    [aliceId, bobId, `C2C${aliceId}`, 'in', '{"a":1}'],
    'envelope',
  );
  checkEqual(
    bob.received.map((m: Json) => m.ID),
    messages.map((m: Json) => m.ID),
    'ids, in the order of sending',
  );
  await Promise.all([alice.logout(), bob.logout()]);
}

/** Unread counts rise with the peer's messages only, and a read mark clears them and tells the peer. */
export async function unreadAndReadMarks(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  await bob.chat.setMessageRead({ conversationID: `C2C${aliceId}` });
  const before = (await conversation(alice, bobId))?.unreadCount ?? 0;
  for (const text of ['one', 'two', 'three']) await sendText(alice, bobId, text);
  await until('three unread', async () => (await conversation(bob, aliceId))?.unreadCount === 3);
  checkEqual(bob.chat.getTotalUnreadMessageCount() >= 3, true, 'total unread covers them');
  checkEqual(
    (await conversation(alice, bobId))?.unreadCount ?? 0,
    before,
    'own sends leave own unread alone',
  );
  await bob.chat.setMessageRead({ conversationID: `C2C${aliceId}` });
  checkEqual((await conversation(bob, aliceId))?.unreadCount, 0, 'unread after the mark');
  await until('the peer hears of it', () => alice.readByPeer.length > 0);
  check(
    alice.readByPeer.every((message: Json) => message.isPeerRead),
    'the messages say that they are read',
  );
  await Promise.all([alice.logout(), bob.logout()]);
}

/** Who was away finds everything: the list with unread counts, and the history in pages. */
export async function offlineAndHistory(world: World): Promise<void> {
  const [, , carolId, daveId] = names(world);
  await restOk(world, 'im_open_login_svc/account_import', { UserID: daveId });
  const carol = await device(world, carolId);
  const texts = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  for (const text of texts) await sendText(carol, daveId, text);
  const dave = await device(world, daveId);
  const listed = await conversation(dave, carolId);
  checkEqual(
    [listed?.unreadCount, listed?.lastMessage?.payload?.text],
    [40, 'line 39'] as Json,
    'the conversation list',
  );
  const seen: string[] = [];
  let next: string | undefined;
  for (;;) {
    const { data } = await dave.chat.getMessageList({
      conversationID: `C2C${carolId}`,
      ...(next ? { nextReqMessageID: next } : {}),
    });
    seen.unshift(...data.messageList.map((message: Json) => message.payload.text));
    if (data.isCompleted) break;
    next = data.nextReqMessageID;
  }
  checkEqual(seen, texts, 'the history, oldest first');
  const profile = await dave.chat.getConversationProfile(`C2C${carolId}`);
  checkEqual(profile.data.conversation.conversationID, `C2C${carolId}`, 'the conversation profile');
  await Promise.all([carol.logout(), dave.logout()]);
}

/** A message that cannot be accepted fails with the public code, and the conversation goes on. */
export async function refusals(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  await restOk(world, 'im_open_login_svc/account_import', { UserID: bobId });
  const alice = await device(world, aliceId);
  const codeOf = async (promise: Promise<unknown>): Promise<number> =>
    promise.then(
      () => 0,
      (error: Json) => error.code,
    );
  const huge = alice.chat.createTextMessage({
    to: bobId,
    conversationType: 'C2C',
    payload: { text: 'x'.repeat(13_000) },
  });
  checkEqual(await codeOf(alice.chat.sendMessage(huge)), 80002, 'code of an oversized message');
  const nobody = alice.chat.createTextMessage({
    to: 'nobody-here',
    conversationType: 'C2C',
    payload: { text: 'x' },
  });
  checkEqual(await codeOf(alice.chat.sendMessage(nobody)), 20003, 'code of an unknown receiver');
  const message = await sendText(alice, bobId, 'still here');
  checkEqual(message.status, 'success', 'status of the next message');
  await alice.logout();
}
