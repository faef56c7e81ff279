// What stands beside a message: who has read it, and pairs that anybody may write.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Message } from '../model/message.js';
import type { ReadReceiptUpdate } from '../model/receipt-sdk.js';
import { groupOfTwo } from '../testing/group-world.js';
import { type Device, World } from '../testing/world.js';

const toldTo = (device: Device): ReadReceiptUpdate[] =>
  device.told<ReadReceiptUpdate[]>(EVENT.MESSAGE_READ_RECEIPT_RECEIVED).flat();

async function say(
  world: World,
  from: Device,
  to: string,
  more: { needReadReceipt?: boolean; isSupportExtension?: boolean },
): Promise<Message> {
  const conversationType = to === 'team' ? TYPES.CONV_GROUP : TYPES.CONV_C2C;
  const message = from.chat.createTextMessage({ to, conversationType, payload: { text: 'hi' }, ...more });
  return (await world.done(from.chat.sendMessage(message))).message;
}

const heardBy = (device: Device, { ID }: Message): Message =>
  device.received.find((one) => one.ID === ID) as Message;

describe('receipts', () => {
  it('tell a user that the peer has read a message [parity: sdk sendMessageReadReceipt, sdk getMessageReadReceiptList, event MESSAGE_READ_RECEIPT_RECEIVED]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const message = await say(world, alice, 'bob', { needReadReceipt: true });
    const plain = await say(world, alice, 'bob', {});
    const heard = [heardBy(bob, message), heardBy(bob, plain)];
    expect(heard.map(({ needReadReceipt }) => needReadReceipt)).toEqual([true, false]);
    await world.done(bob.chat.sendMessageReadReceipt(heard));
    await world.done(bob.chat.sendMessageReadReceipt(heard));
    expect(toldTo(alice)).toEqual([{ messageID: message.ID, userID: 'bob', isPeerRead: true, timestamp: 7 }]);
    expect(message.readReceiptInfo).toEqual({ isPeerRead: true });
    expect(bob.chat.getTotalUnreadMessageCount()).toBe(2);
    message.readReceiptInfo = {};
    const { messageList } = await world.done(alice.chat.getMessageReadReceiptList([message]));
    expect(messageList[0]?.readReceiptInfo).toEqual({ isPeerRead: true });
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    await refused(bob.chat.sendMessageReadReceipt([]), 6017);
    await refused(alice.chat.sendMessageReadReceipt([message]), 6017);
    const draft = alice.chat.createTextMessage({
      ...{ to: 'bob', conversationType: TYPES.CONV_C2C, payload: { text: 'x' } },
    });
    await refused(alice.chat.getMessageReadReceiptList([draft]), 2105);
  });

  it('count members, and say who has read [parity: sdk getGroupMessageReadMemberList]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const message = await say(world, alice, 'team', { needReadReceipt: true });
    const members = (filter: number) =>
      world.done(alice.chat.getGroupMessageReadMemberList({ message, filter }));
    expect(await members(1)).toMatchObject({ unreadUserIDList: ['bob'], readUserIDList: [] });
    await world.done(bob.chat.sendMessageReadReceipt([heardBy(bob, message)]));
    expect(toldTo(alice)).toEqual([{ messageID: message.ID, groupID: 'team', readCount: 1, unreadCount: 0 }]);
    expect(await members(0)).toEqual({
      ...{ messageID: message.ID, cursor: '', isCompleted: true },
      ...{ readUserIDList: ['bob'], unreadUserIDList: [] },
    });
  });
});

describe('extensions', () => {
  it('are set, read and deleted; of two writers the first wins [parity: sdk setMessageExtensions, sdk getMessageExtensions, sdk deleteMessageExtensions]', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    const message = await say(world, alice, 'bob', { isSupportExtension: true });
    const heard = heardBy(bob, message);
    const events: unknown[] = [];
    bob.chat.on('onMessageExtensionsUpdated', ({ data }: { data: unknown }) => events.push(data));
    const pairs = ['a', 'b', 'c'].map((key) => ({ key, value: `${key}1` }));
    const set = await world.done(alice.chat.setMessageExtensions(message, pairs));
    expect(set.extensions).toEqual(pairs.map((pair) => ({ ...pair, code: 0 })));
    expect(events).toEqual([{ messageID: message.ID, extensions: pairs }]);
    expect((await world.done(bob.chat.getMessageExtensions(heard))).extensions).toEqual(pairs);
    expect((await world.done(bob.chat.getMessageExtensions(heard, ['b']))).extensions).toEqual([pairs[1]]);
    // Nobody tells alice of bob's write before she writes the same pair.
    world.server.faults.onPush = () => 'drop';
    await world.done(bob.chat.setMessageExtensions(heard, [{ key: 'a', value: 'bob' }]));
    const lost = await world.done(alice.chat.setMessageExtensions(message, [{ key: 'a', value: 'alice' }]));
    expect(lost.extensions).toEqual([{ key: 'a', value: 'bob', code: 23001 }]);
    const won = await world.done(alice.chat.setMessageExtensions(message, [{ key: 'a', value: 'alice' }]));
    expect(won.extensions).toEqual([{ key: 'a', value: 'alice', code: 0 }]);
    world.server.faults.onPush = () => 'deliver';
    const gone = await world.done(alice.chat.deleteMessageExtensions(message, ['b']));
    expect(gone.extensions).toEqual([{ key: 'b', value: '', code: 0 }]);
    const left = await world.done(bob.chat.getMessageExtensions(heard));
    expect(left.extensions.map(({ key }) => key).sort()).toEqual(['a', 'c']);
    await world.done(bob.chat.deleteMessageExtensions(heard));
    expect((await world.done(alice.chat.getMessageExtensions(message))).extensions).toEqual([]);
    await expect(world.done(alice.chat.setMessageExtensions(message, []))).rejects.toMatchObject({
      code: 6017,
    });
  });
});
