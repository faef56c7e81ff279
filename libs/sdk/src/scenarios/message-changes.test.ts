// Messages are recalled and modified, on devices that hear of it late, twice or never.
import type { Message } from '../model/message.js';
import {
  chatOf,
  edit,
  LONG_MS,
  listAt,
  modifiedAt,
  offline,
  revokedAt,
  textsOf,
  unreadAt,
} from '../testing/changes-world.js';
import { groupOfTwo } from '../testing/group-world.js';
import { World } from '../testing/world.js';

describe('a recalled message', () => {
  it('loses its content on every device, and counts nobody any longer [parity: sdk revokeMessage, event MESSAGE_REVOKED]', async () => {
    const world = new World();
    const { alice, bob, phone, messages } = await chatOf(world, 'one', 'oops');
    const [, oops] = messages as [Message, Message];
    expect(unreadAt(bob)).toBe(2);
    const { message } = await world.done(alice.chat.revokeMessage(oops));
    expect(message).toBe(oops);
    expect(message).toMatchObject({ isRevoked: true, revoker: 'alice', payload: { text: 'oops' } });
    expect(revokedAt(alice)).toEqual([]);
    for (const device of [bob, phone]) {
      const [revoked] = revokedAt(device);
      expect(revoked).toBe(device.received[1]);
      const revokerInfo = { userID: 'alice', nick: '', avatar: '' };
      expect(revoked).toMatchObject({
        isRevoked: true,
        revoker: 'alice',
        revokerInfo,
        payload: { text: '' },
      });
      expect(device.chat.findMessage(oops.ID)).toBe(revoked);
      expect(unreadAt(device)).toBe(1);
      expect(listAt(device)[0]).toMatchObject({
        unreadCount: 1,
        lastMessage: { isRevoked: true, revoker: 'alice', messageForShow: '' },
      });
      expect(await textsOf(world, device, 'C2Calice')).toEqual(['one', '-']);
    }
    const fresh = await world.ready('bob');
    expect(listAt(fresh)[0]?.lastMessage).toMatchObject({ isRevoked: true, messageForShow: '' });
    expect(await textsOf(world, fresh, 'C2Calice')).toEqual(['one', '-']);
    expect(unreadAt(fresh)).toBe(1);
  });

  it('is refused by the server or here, and then stays', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, 'mine');
    const [mine] = messages as [Message];
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    await refused(bob.chat.revokeMessage(bob.received[0] as Message), 20001);
    const draft = alice.chat.createTextMessage({
      to: 'bob',
      conversationType: 'C2C',
      payload: { text: 'd' },
    });
    await refused(alice.chat.revokeMessage(draft), 6017);
    await world.done(alice.chat.revokeMessage(mine));
    await refused(alice.chat.revokeMessage(mine), 20023);
    await refused(alice.chat.modifyMessage(mine), 6017);
    expect(bob.received[0]?.isRevoked).toBe(true);
  });

  it('of another session is found by its MsgKey', async () => {
    const world = new World();
    const { bob, messages } = await chatOf(world, 'old');
    const copy = { ...(messages[0] as Message) };
    const other = world.device('alice');
    const login = other.login();
    await world.clock.pass(1_000);
    await login;
    await world.done(other.chat.revokeMessage(copy));
    expect(copy.isRevoked).toBe(true);
    expect(revokedAt(bob)).toHaveLength(1);
  });

  it('is told once, be the push lost, repeated, or before its message', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, '1', '2', '3');
    const [one, two, three] = messages as [Message, Message, Message];
    world.server.faults.onPush = () => 'drop';
    await world.done(alice.chat.revokeMessage(one));
    expect(revokedAt(bob)).toEqual([]);
    world.server.faults.onPush = () => 'repeat';
    await world.done(alice.chat.revokeMessage(two));
    expect(revokedAt(bob).map(({ ID }) => ID)).toEqual([one.ID, two.ID]);
    world.server.faults.onPush = () => 'drop';
    await world.done(alice.chat.revokeMessage(three));
    world.server.faults.onPush = () => 'deliver';
    await world.clock.pass(LONG_MS);
    expect(revokedAt(bob).map(({ ID }) => ID)).toEqual([one.ID, two.ID, three.ID]);
    expect(unreadAt(bob)).toBe(0);
    // The message is held back, its recall is not.
    world.server.faults.onPush = () => 'hold';
    const late = alice.sendText('bob', 'late').message;
    await world.clock.pass(60);
    world.server.faults.onPush = () => 'deliver';
    await world.done(alice.chat.revokeMessage(late));
    await world.clock.pass(2_000);
    expect(bob.received.at(-1)).toMatchObject({ ID: late.ID, isRevoked: true, payload: { text: '' } });
    expect(unreadAt(bob)).toBe(0);
  });

  it('reaches a device that was away, and one whose answer was lost', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, '1', '2');
    await offline(world, bob, async () => {
      world.server.faults.onCall = () => 'cut';
      const recall = alice.chat.revokeMessage(messages[0] as Message);
      await world.clock.pass(50);
      world.server.faults.onCall = () => 'answer';
      await world.done(recall, 5_000);
    });
    expect(world.server.model.stored('alice', 'bob').filter(({ version }) => version > 0n)).toHaveLength(1);
    expect(revokedAt(bob)).toHaveLength(1);
    expect(await textsOf(world, bob, 'C2Calice')).toEqual(['-', '2']);
    expect(unreadAt(bob)).toBe(1);
  });

  it('is not counted by an answer that the server gave before', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, 'x');
    const message = messages[0] as Message;
    world.server.faults.onCall = ({ method }) => (method === 13 ? { answerAfterMs: 400 } : 'answer');
    for (const connection of world.server.connectionsOf('bob')) connection.resync();
    await world.clock.pass(100);
    await world.done(alice.chat.revokeMessage(message), 100);
    expect(unreadAt(bob)).toBe(0);
    world.server.faults.onCall = () => 'ignore';
    await world.clock.pass(1_000);
    expect(unreadAt(bob)).toBe(0);
    expect(listAt(bob)[0]?.lastMessage.isRevoked).toBe(true);
  });

  it('in a group is told to its members, without an event where the back end wants none', async () => {
    const world = new World();
    const { alice, bob } = await groupOfTwo(world);
    const { message } = bob.sendToGroup('team', 'said');
    bob.sendToGroup('team', 'said more');
    await world.clock.pass(1_000);
    const [held] = alice.received.filter(({ ID }) => ID === message.ID) as [Message];
    await world.done(alice.chat.revokeMessage(held));
    expect(revokedAt(bob)).toEqual([message]);
    expect(message).toMatchObject({ isRevoked: true, revoker: 'alice' });
    const last = world.server.model.stored('', 'team').at(-1);
    const named = { type: 2, peer: 'team', seq: last?.seq ?? 0n };
    world.server.changes.recall('', named, world.server.tellChange(), true);
    await world.clock.pass(500);
    expect(revokedAt(alice)).toHaveLength(0);
    expect(revokedAt(bob)).toHaveLength(1);
    expect(await textsOf(world, alice, 'GROUPteam')).toEqual(expect.arrayContaining(['-', '-']));
    expect(alice.chat.findMessage(alice.received.at(-1)?.ID ?? '')?.isRevoked).toBe(true);
  });
});

describe('a modified message', () => {
  it('is the same object with other content, on every device [parity: sdk modifyMessage, event MESSAGE_MODIFIED]', async () => {
    const world = new World();
    const { alice, bob, phone, messages } = await chatOf(world, 'draft');
    const message = messages[0] as Message;
    message.cloudCustomData = 'c';
    expect(await edit(world, alice, message, 'final')).toBe(message);
    for (const device of [alice, bob, phone]) {
      expect(modifiedAt(device)).toHaveLength(1);
      const held = device.chat.findMessage(message.ID) as Message;
      expect(held).toMatchObject({ isModified: true, payload: { text: 'final' }, cloudCustomData: 'c' });
      expect(held.elements[0]?.payload.text).toBe('final');
      expect(listAt(device)[0]?.lastMessage).toMatchObject({ messageForShow: 'final', cloudCustomData: 'c' });
    }
    expect(modifiedAt(bob)[0]).toBe(bob.received[0]);
    expect(unreadAt(bob)).toBe(1);
    // The peer may as well.
    await edit(world, bob, bob.received[0] as Message, 'bob was here');
    expect(message.payload.text).toBe('bob was here');
  });

  it('of two changes at once one is refused with the newest message', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, 'draft');
    const [ofAlice, ofBob] = [messages[0] as Message, bob.received[0] as Message];
    ofAlice.payload.text = 'alice';
    ofBob.payload = { ...ofBob.payload, text: 'bob' };
    const first = alice.chat.modifyMessage(ofAlice);
    const second = bob.chat.modifyMessage(ofBob).catch((failure) => failure);
    await world.done(first);
    expect(await second).toMatchObject({ code: 8006, data: { message: ofBob } });
    expect([ofAlice.payload.text, ofBob.payload.text]).toEqual(['alice', 'alice']);
    await edit(world, bob, ofBob, 'then bob');
    expect(ofAlice.payload.text).toBe('then bob');
  });

  it('that was refused is as the server has it when history is read', async () => {
    const world = new World();
    const { alice, messages } = await chatOf(world, 'draft');
    world.server.faults.onCall = ({ method }) => (method === 18 ? { code: 20001 } : 'answer');
    const message = messages[0] as Message;
    await expect(edit(world, alice, message, 'no')).rejects.toMatchObject({ code: 20001 });
    expect(await textsOf(world, alice, 'C2Cbob')).toEqual(['draft']);
    expect(message.payload.text).toBe('draft');
  });

  it('is read by a device that was away, in order, also what came after the message itself', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, 'a', 'b');
    const [a, b] = messages as [Message, Message];
    await offline(world, bob, async () => {
      for (const text of ['a1', 'a2', 'a3']) await edit(world, alice, a, text);
      await world.done(alice.chat.revokeMessage(b));
      await edit(world, alice, alice.sendText('bob', 'c').message, 'c1').catch(() => undefined);
      const { message } = alice.sendText('bob', 'd');
      await world.clock.pass(100);
      await edit(world, alice, message, 'd1');
    });
    expect(bob.received.map(({ payload }) => payload.text)).toEqual(['a3', '', 'c', 'd1']);
    expect(modifiedAt(bob).filter(({ ID }) => ID === a.ID)).toHaveLength(3);
    expect(await textsOf(world, bob, 'C2Calice')).toEqual(['a3', '-', 'c', 'd1']);
  });

  it('before a login is not shown as it was by a push on its way', async () => {
    const world = new World();
    const { alice, messages } = await chatOf(world, 'old');
    await edit(world, alice, messages[0] as Message, 'new');
    const carol = world.device('bob');
    // The list is slow, and the push of a message comes before its change does not.
    world.server.faults.onCall = ({ method }) => (method === 13 ? { afterMs: 800 } : 'answer');
    const login = carol.login();
    await world.clock.pass(200);
    const { message } = alice.sendText('bob', 'x');
    await world.clock.pass(50);
    world.server.faults.onPush = () => 'drop';
    await edit(world, alice, message, 'y');
    world.server.faults.onPush = () => 'deliver';
    await world.clock.pass(5_000);
    await login;
    expect(carol.received.map(({ payload }) => payload.text)).toEqual(['y']);
  });
});

describe('a device whose missed changes are not kept any longer', () => {
  it('reads anew what it has in memory', async () => {
    const world = new World();
    const { alice, bob, messages } = await chatOf(world, 'a', 'b', 'c', 'd');
    const [a, b, c] = messages as [Message, Message, Message];
    const [, , , hidden] = bob.received as [Message, Message, Message, Message];
    const phone = await world.ready('bob');
    await offline(world, bob, async () => {
      await edit(world, alice, a, 'a1');
      await world.done(alice.chat.revokeMessage(b));
      const copy = { ...hidden, conversationID: 'C2Calice' };
      await world.done(phone.chat.deleteMessage([copy]));
      world.server.changes.expiredTo = 10;
    });
    expect(revokedAt(bob).map(({ ID }) => ID)).toEqual([b.ID]);
    expect(modifiedAt(bob).map(({ ID }) => ID)).toEqual([a.ID]);
    expect(bob.received.map(({ payload }) => payload.text)).toEqual(['a1', '', 'c', 'd']);
    expect(hidden.isDeleted).toBe(true);
    expect(bob.chat.findMessage(hidden.ID)).toBe(null);
    expect(bob.chat.findMessage(c.ID)?.isRevoked).toBe(false);
    expect(listAt(bob)[0]?.lastMessage.messageForShow).toBe('c');
    expect(unreadAt(bob)).toBe(3);
  });
});
