// Messages that stand above the others of a group.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { PinnedMessageUpdate } from '../model/group-sdk.js';
import { World } from '../testing/world.js';

const groupID = 'team';

async function groupOfTwo(world: World) {
  const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
  const memberList = [{ userID: 'bob' }];
  await world.done(alice.chat.createGroup({ name: 'team', type: TYPES.GRP_PUBLIC, groupID, memberList }));
  return { alice, bob };
}

type Device = Awaited<ReturnType<typeof groupOfTwo>>['alice'];

async function say(world: World, device: Device, text: string) {
  const { message } = device.sendToGroup(groupID, text);
  await world.clock.pass(500);
  return message;
}

const changesTo = (device: Device) => device.told<PinnedMessageUpdate>(EVENT.PINNED_GROUP_MESSAGE_UPDATED);

describe('pinned messages', () => {
  it('are told and listed [parity: sdk pinGroupMessage, sdk getPinnedGroupMessageList, event PINNED_GROUP_MESSAGE_UPDATED]', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const first = await say(world, alice, 'one');
    const second = await say(world, bob, 'two');
    const pinned = await world.done(alice.chat.pinGroupMessage({ groupID, message: second, isPinned: true }));
    expect(pinned).toEqual({ groupID, message: second, isPinned: true });
    await world.done(alice.chat.pinGroupMessage({ groupID, message: first, isPinned: true }));
    const { messageList, pinnerIDList } = await world.done(bob.chat.getPinnedGroupMessageList(groupID));
    expect(messageList.map(({ payload }) => payload.text)).toEqual(['two', 'one']);
    expect(messageList[0]).toBe(second);
    expect(pinnerIDList).toEqual(['alice', 'alice']);
    await world.done(alice.chat.pinGroupMessage({ groupID, message: second, isPinned: false }));
    const left = await world.done(bob.chat.getPinnedGroupMessageList(groupID));
    expect(left.messageList.map(({ ID }) => ID)).toEqual([first.ID]);
    for (const device of [alice, bob]) {
      const changes = changesTo(device).map(({ message, ...rest }) => ({ ...rest, ID: message.ID }));
      const by = { groupID, operatorInfo: { userID: 'alice' } };
      expect(changes).toEqual([
        { ...by, isPinned: true, ID: second.ID },
        { ...by, isPinned: true, ID: first.ID },
        { ...by, isPinned: false, ID: second.ID },
      ]);
    }
  });

  it('are read from the history by a device that has not seen them, each in its turn', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const texts = ['one', 'two'];
    const messages = [await say(world, alice, 'one'), await say(world, alice, 'two')];
    const late = await world.ready('bob');
    const pins = messages.map((message) => alice.chat.pinGroupMessage({ groupID, message, isPinned: true }));
    await world.clock.pass(500);
    await Promise.all(pins);
    expect(changesTo(late).map(({ message }) => message.payload?.text)).toEqual(texts);
    const { messageList } = await world.done(late.chat.getPinnedGroupMessageList(groupID));
    expect(messageList.map(({ payload }) => payload.text)).toEqual(texts);
    expect(late.textsIn(groupID)).toEqual([]);
  });

  it('from before one came are not shown; that one was unpinned is told by its number', async () => {
    const world = new World();
    const { alice } = await groupOfTwo(world);
    const message = await say(world, alice, 'secret');
    const carol = await world.ready('carol');
    await world.done(alice.chat.addGroupMember({ groupID, userIDList: ['carol'] }));
    await world.done(alice.chat.pinGroupMessage({ groupID, message, isPinned: true }));
    expect(changesTo(carol)).toEqual([]);
    const { messageList } = await world.done(carol.chat.getPinnedGroupMessageList(groupID));
    expect(messageList).toEqual([]);
    await world.done(alice.chat.pinGroupMessage({ groupID, message, isPinned: false }));
    const { conversationID, sequence } = message;
    expect(changesTo(carol).map((change) => change.message)).toEqual([{ conversationID, sequence }]);
  });

  it('are refused where they cannot be', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const message = await say(world, alice, 'one');
    const refused = (device: Device, options: object, code: number) =>
      expect(
        world.done(device.chat.pinGroupMessage({ groupID, message, isPinned: true, ...options })),
      ).rejects.toMatchObject({ code });
    await refused(bob, {}, 10007);
    await refused(alice, { groupID: '' }, 6017);
    await refused(alice, { groupID: 'other' }, 6017);
    await refused(alice, { message: undefined }, 6017);
    await refused(alice, { isPinned: 1 }, 6017);
    const unsent = alice.chat.createTextMessage({
      to: groupID,
      conversationType: 'GROUP',
      payload: { text: 'x' },
    });
    await refused(alice, { message: unsent }, 6017);
    await expect(world.done(alice.chat.getPinnedGroupMessageList(''))).rejects.toMatchObject({ code: 6017 });
    await world.done(alice.chat.pinGroupMessage({ groupID, message, isPinned: true }));
    await refused(alice, {}, 10071);
  });
});
