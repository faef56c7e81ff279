// Messages that are recalled, edited, deleted and cleared, on all devices of whom they concern.
import TencentCloudChat from '@parley/sdk';
import {
  checkEqual,
  conversation,
  type Device,
  device,
  type Json,
  restOk,
  sendText,
  until,
  usersOf,
  type World,
} from './world.js';

const { EVENT, TYPES } = TencentCloudChat;

const names = (world: World) => usersOf(world.run) as [string, string, string, string];

/** Messages that events of this name brought. */
function collect(of: Device, eventName: string): Json[] {
  const told: Json[] = [];
  of.chat.on(eventName, (event: Json) => told.push(...event.data));
  return told;
}

async function texts(of: Device, conversationID: string): Promise<string[]> {
  const { data } = await of.chat.getMessageList({ conversationID });
  return data.messageList
    .filter(({ type }: Json) => type !== TYPES.MSG_GRP_TIP)
    .map(({ isRevoked, payload }: Json) => (isRevoked ? '(recalled)' : payload.text));
}

async function edit(of: Device, message: Json, text: string): Promise<void> {
  message.payload.text = text;
  await of.chat.modifyMessage(message);
}

const received = (of: Device, ID: string): Json => of.received.find((message: Json) => message.ID === ID);

const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (failure: Json) => failure.code,
  );

/** Everything said to a peer can be taken back or put differently; a device that was away reads it as it is now. */
export async function recallAndEdit(world: World): Promise<void> {
  const [, , carolId, daveId] = names(world);
  const [carol, phone, dave] = [
    await device(world, carolId),
    await device(world, carolId, 'iphone'),
    await device(world, daveId),
  ];
  const [revoked, revokedOnPhone] = [
    collect(dave, EVENT.MESSAGE_REVOKED),
    collect(phone, EVENT.MESSAGE_REVOKED),
  ];
  const modified = collect(dave, EVENT.MESSAGE_MODIFIED);
  const unreadBefore = (await conversation(dave, carolId))?.unreadCount ?? 0;
  const [oops, draft] = [await sendText(carol, daveId, 'oops'), await sendText(carol, daveId, 'draft')];
  await until('both arrive', () => received(dave, draft.ID) !== undefined);
  await carol.chat.revokeMessage(oops);
  await edit(carol, draft, 'final');
  await until('the peer hears of the recall', () => revoked.some(({ ID }) => ID === oops.ID));
  await until('and of the edit', () => modified.some(({ ID }) => ID === draft.ID));
  await until('so does the other device', () => revokedOnPhone.some(({ ID }) => ID === oops.ID));
  checkEqual(
    [received(dave, oops.ID).payload.text, received(dave, oops.ID).revoker],
    ['', carolId],
    'the recalled',
  );
  checkEqual(received(dave, draft.ID).payload.text, 'final', 'the edited');
  const last = (await conversation(dave, carolId))?.lastMessage;
  checkEqual([last.messageForShow, last.isRevoked], ['final', false] as Json, 'the last message');
  await until(
    'what is recalled does not count',
    async () => (await conversation(dave, carolId))?.unreadCount === unreadBefore + 1,
  );
  await edit(dave, received(dave, draft.ID), 'by both');
  await until('the author reads it', () => draft.payload.text === 'by both');
  checkEqual(await codeOf(carol.chat.revokeMessage(oops)), 20023, 'code of recalling it twice');
  checkEqual(
    await codeOf(dave.chat.revokeMessage(received(dave, draft.ID))),
    20001,
    'code of recalling another’s',
  );
  await dave.logout();
  await carol.chat.revokeMessage(draft);
  const later = await device(world, daveId);
  checkEqual(
    (await texts(later, `C2C${carolId}`)).slice(-2),
    ['(recalled)', '(recalled)'],
    'what it reads later',
  );
  checkEqual((await conversation(later, carolId))?.lastMessage.isRevoked, true, 'the last message later');
  await Promise.all([carol.logout(), phone.logout(), later.logout()]);
}

/** In a group authors, its owner and the back end recall; members edit. */
export async function recallInGroup(world: World): Promise<void> {
  const [aliceId, bobId, carolId] = names(world);
  const [alice, bob, carol] = [
    await device(world, aliceId),
    await device(world, bobId),
    await device(world, carolId),
  ];
  const groupID = `recall-${world.run}`;
  const memberList = [{ userID: bobId }, { userID: carolId }];
  await alice.chat.createGroup({ name: 'recall', type: TYPES.GRP_PUBLIC, groupID, memberList });
  const revoked = collect(carol, EVENT.MESSAGE_REVOKED);
  const modified = collect(carol, EVENT.MESSAGE_MODIFIED);
  const say = async (of: Device, text: string): Promise<Json> => {
    const options = { to: groupID, conversationType: TYPES.CONV_GROUP, payload: { text } };
    return (await of.chat.sendMessage(of.chat.createTextMessage(options))).data.message;
  };
  await until('bob may speak', async () => (await codeOf(say(bob, 'hello'))) === 0);
  const [byBob, byOwner, kept] = [await say(bob, 'rude'), await say(alice, 'wrong'), await say(bob, 'draft')];
  await until(
    'all have all',
    () => received(carol, kept.ID) && received(alice, kept.ID) && received(bob, byOwner.ID),
  );
  checkEqual(await codeOf(bob.chat.revokeMessage(received(bob, byOwner.ID))), 10007, 'code of a member');
  await alice.chat.revokeMessage(received(alice, byBob.ID));
  await until('a member hears of it', () => revoked.some(({ ID }) => ID === byBob.ID));
  await until('its author as well', () => byBob.isRevoked);
  checkEqual([byBob.revoker, byBob.isRevoked], [aliceId, true] as Json, 'what its author has');
  const { sequence } = byOwner;
  await restOk(world, 'group_open_http_svc/group_msg_recall', {
    GroupId: groupID,
    MsgSeqList: [{ MsgSeq: sequence }],
  });
  await until('the back end may as well', () => revoked.some(({ ID }) => ID === byOwner.ID));
  await edit(bob, kept, 'final');
  await until('an edit is told', () => modified.some(({ ID }) => ID === kept.ID));
  checkEqual(
    (await texts(alice, `GROUP${groupID}`)).slice(-3),
    ['(recalled)', '(recalled)', 'final'],
    'the history',
  );
  await Promise.all([alice.logout(), bob.logout(), carol.logout()]);
}

/** What a user deletes or clears is gone on all devices of the user, and there for the others. */
export async function deleteAndClear(world: World): Promise<void> {
  const [aliceId, , , daveId] = names(world);
  const [dave, phone, alice] = [
    await device(world, daveId),
    await device(world, daveId, 'iphone'),
    await device(world, aliceId),
  ];
  const conversationID = `C2C${aliceId}`;
  for (const text of ['one', 'two', 'three']) await sendText(alice, daveId, text);
  const isThere = (of: Device) => of.received.some(({ payload }: Json) => payload.text === 'three');
  await until('they arrive', () => isThere(dave) && isThere(phone));
  const three = dave.received.find(({ payload }: Json) => payload.text === 'three');
  await dave.chat.deleteMessage([three]);
  checkEqual((await texts(dave, conversationID)).slice(-2), ['one', 'two'], 'what is left');
  const lastOn = async (of: Device) => (await conversation(of, aliceId))?.lastMessage.messageForShow;
  for (const one of [dave, phone])
    await until('the last message follows', async () => (await lastOn(one)) === 'two');
  checkEqual(
    (await texts(phone, conversationID)).slice(-2),
    ['one', 'two'],
    'what is left on the other device',
  );
  await phone.chat.clearHistoryMessage(conversationID);
  await until('the other device follows', async () => (await texts(dave, conversationID)).length === 0);
  for (const one of [dave, phone]) {
    await until('nothing is unread', async () => (await conversation(one, aliceId))?.unreadCount === 0);
  }
  await sendText(alice, daveId, 'four');
  for (const one of [dave, phone]) {
    await until(
      'what comes later is there',
      async () => (await texts(one, conversationID)).join() === 'four',
    );
  }
  checkEqual(
    (await texts(alice, `C2C${daveId}`)).slice(-4),
    ['one', 'two', 'three', 'four'],
    'what the other side has',
  );
  await Promise.all([dave.logout(), phone.logout(), alice.logout()]);
}

const LONG = ' and so on'.repeat(10_000);

/** A back end's long answer is one message that grows before everybody's eyes; who comes later reads the whole. */
export async function answerGrows(world: World): Promise<void> {
  const [aliceId, bobId] = names(world);
  const [alice, bob] = [await device(world, aliceId), await device(world, bobId)];
  const groupID = `grows-${world.run}`;
  const memberList = [{ userID: bobId }];
  await alice.chat.createGroup({ name: 'grows', type: TYPES.GRP_PUBLIC, groupID, memberList });
  const shown: Json[] = [];
  const read = (message: Json) => message.type === TYPES.MSG_CUSTOM && JSON.parse(message.payload.data);
  bob.chat.on(EVENT.MESSAGE_MODIFIED, ({ data }: Json) => shown.push(...data.map(read)));
  const stream = (StreamMsgID: string, Index: number, Markdown: string, IsLast = 0) =>
    restOk(world, 'stream_msg/send_group_stream_msg', {
      ...{ GroupId: groupID, From_Account: aliceId, MsgRandom: Index + 1 },
      MsgBody: [
        {
          MsgType: 'TIMStreamElem',
          MsgContent: {
            ...{ CompatibleText: 'an answer', StreamMsgID },
            Chunks: [{ EventType: 'data', Index, Markdown, IsLast }],
          },
        },
      ],
    });
  const { StreamMsgID, MsgSeq } = await stream('', 0, 'To be ');
  const arrived = () => bob.received.find(({ to, sequence }: Json) => to === groupID && sequence === MsgSeq);
  await until('it begins', () => arrived() !== undefined);
  await stream(StreamMsgID, 1, 'continued');
  await until('it grows', () => shown.length === 1);
  await stream(StreamMsgID, 2, LONG, 1);
  await until('it ends', () => shown.length === 2);
  checkEqual(
    shown.map(({ chunks, isFinished }) => [chunks.join(''), isFinished]),
    [
      ['To be continued', 0],
      [`To be continued${LONG}`, 1],
    ],
    'what a member saw',
  );
  const { data } = await bob.chat.getMessageList({ conversationID: `GROUP${groupID}` });
  const last = data.messageList.at(-1) as Json;
  checkEqual(
    [last.sequence, read(last).chunks.join(''), last.payload.description] as Json,
    [MsgSeq, `To be continued${LONG}`, 'an answer'],
    'the history',
  );
  await Promise.all([alice.logout(), bob.logout()]);
}
